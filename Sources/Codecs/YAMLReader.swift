internal import CYAML
package import Engine

/// Reads YAML 1.2 (core schema) into documents that remember where each value was written.
///
/// Only `true`, `false`, `null` and their capitalised forms are special: `yes`, `on` and `NO` are text. A quoted
/// scalar is always text. A key given twice is refused, as is everything else whose meaning two readers could
/// see differently: merge keys, tags of one's own, keys that are lists.
package enum YAMLReader {
    /// A larger file is refused: bytes.
    package static let bytesMax = 32 << 20
    /// Lists and mappings inside one another.
    package static let depthMax = 100
    /// Values in a file, each alias counted as all that it repeats: no "billion laughs".
    package static let valuesMax = 2_000_000

    /// The documents of a stream; an empty file has none.
    package static func documents(in bytes: [UInt8], file: String) throws(Problems) -> [Document] {
        guard bytes.count <= bytesMax else {
            throw Problems([
                Problem(
                    at: SourcePosition(file: file, line: 1, column: 1),
                    "the file is larger than \(bytesMax >> 20) MiB")
            ])
        }
        // JSON is not quite YAML: `\ud83d\ude00` and keys over 1,024 characters are valid in JSON alone.
        if file.hasSuffix(".json") { return [try JSONReader.document(in: bytes, file: file)] }
        return try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(Problems) in
            var builder = unsafe YAMLBuilder(buffer, file: file)
            return try builder.documents()
        }
    }

    /// The one document of a file; an empty file is an empty document (`null`).
    package static func document(in bytes: [UInt8], file: String) throws(Problems) -> Document {
        let all = try documents(in: bytes, file: file)
        if all.count > 1 {
            throw Problems([
                Problem(
                    at: all[1].position, "a second document, where one is expected",
                    hint: "remove the `---` or split the file")
            ])
        }
        return all.first ?? Document(.null, at: SourcePosition(file: file, line: 1, column: 1))
    }
}

/// One pass over libyaml's events.
@safe private struct YAMLBuilder: ~Copyable {
    private struct Anchored {
        var document: Document
        var values: Int
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let file: String
    private var anchors: [String: Anchored] = [:]
    private var values = 0
    private var problems: [Problem] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) {
        self.file = file
        unsafe parser = .allocate(capacity: 1)
        guard unsafe yaml_parser_initialize(parser) == 1 else { fatalError("no memory for a YAML parser") }
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
    }

    mutating func documents() throws(Problems) -> [Document] {
        var documents: [Document] = []
        while true {
            var event = try unsafe next()
            defer { unsafe yaml_event_delete(&event) }
            switch unsafe event.type {
            case YAML_STREAM_START_EVENT, YAML_DOCUMENT_END_EVENT: continue
            case YAML_DOCUMENT_START_EVENT:
                anchors = [:]
                var root = try unsafe next()
                defer { unsafe yaml_event_delete(&root) }
                documents.append(try unsafe value(root, depth: 0))
            default:
                if !problems.isEmpty { throw Problems(problems) }
                return documents
            }
        }
    }

    private func next() throws(Problems) -> yaml_event_t {
        var event = unsafe yaml_event_t()
        if unsafe yaml_parser_parse(parser, &event) == 1 { return unsafe event }
        var message = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "unreadable YAML"
        if let context = unsafe parser.pointee.context { message += unsafe " " + String(cString: context) }
        // A reader's fault (bytes that are no UTF-8) has an offset, not a mark.
        let isReaders = unsafe parser.pointee.error == YAML_READER_ERROR
        let mark = unsafe isReaders ? parser.pointee.mark : parser.pointee.problem_mark
        throw Problems(problems + [Problem(at: position(mark), message)])
    }

    private func position(_ mark: yaml_mark_t) -> SourcePosition {
        SourcePosition(file: file, line: mark.line + 1, column: mark.column + 1)
    }

    private mutating func count(_ added: Int, at position: SourcePosition) throws(Problems) {
        values += added
        if values > YAMLReader.valuesMax {
            throw Problems([
                Problem(
                    at: position, "more than \(YAMLReader.valuesMax) values in one file",
                    hint: "aliases count as all that they repeat")
            ])
        }
    }

    private mutating func value(_ event: yaml_event_t, depth: Int) throws(Problems) -> Document {
        let position = unsafe position(event.start_mark)
        guard depth < YAMLReader.depthMax else {
            throw Problems([Problem(at: position, "more than \(YAMLReader.depthMax) levels deep")])
        }
        try count(1, at: position)
        let before = values - 1
        let document: Document
        let anchor: UnsafeMutablePointer<UInt8>?
        switch unsafe event.type {
        case YAML_SCALAR_EVENT:
            unsafe anchor = event.data.scalar.anchor
            document = unsafe scalar(event, at: position)
        case YAML_SEQUENCE_START_EVENT:
            unsafe anchor = event.data.sequence_start.anchor
            unsafe refuseTag(event.data.sequence_start.tag, allowed: "seq", at: position)
            document = Document(.list(try list(depth: depth)), at: position)
        case YAML_MAPPING_START_EVENT:
            unsafe anchor = event.data.mapping_start.anchor
            unsafe refuseTag(event.data.mapping_start.tag, allowed: "map", at: position)
            document = Document(.map(try map(depth: depth)), at: position)
        default:
            return try unsafe alias(event, at: position)
        }
        if let anchor = unsafe anchor {
            anchors[unsafe String(cString: anchor)] = Anchored(document: document, values: values - before)
        }
        return document
    }

    private mutating func alias(_ event: yaml_event_t, at position: SourcePosition) throws(Problems)
        -> Document
    {
        let name = unsafe event.data.alias.anchor.map { unsafe String(cString: $0) } ?? ""
        guard let anchored = anchors[name] else {
            let nearest = nearestName(to: name, among: anchors.keys)
            problems.append(
                Problem(
                    at: position, "no anchor &\(name) stands before this alias",
                    hint: nearest.map { "did you mean *\($0)?" } ?? ""))
            return Document(.null, at: position)
        }
        try count(anchored.values, at: position)
        return anchored.document
    }

    private mutating func list(depth: Int) throws(Problems) -> [Document] {
        var items: [Document] = []
        while true {
            var event = try unsafe next()
            defer { unsafe yaml_event_delete(&event) }
            if unsafe event.type == YAML_SEQUENCE_END_EVENT { return items }
            items.append(try unsafe value(event, depth: depth + 1))
        }
    }

    private mutating func map(depth: Int) throws(Problems) -> [Document.Entry] {
        var entries: [Document.Entry] = []
        var seen: [String: SourcePosition] = [:]
        while true {
            var event = try unsafe next()
            defer { unsafe yaml_event_delete(&event) }
            if unsafe event.type == YAML_MAPPING_END_EVENT { return entries }
            let key = try unsafe value(event, depth: depth + 1)
            var valueEvent = try unsafe next()
            defer { unsafe yaml_event_delete(&valueEvent) }
            let value = try unsafe value(valueEvent, depth: depth + 1)
            guard let name = key.string ?? key.text else {
                problems.append(Problem(at: key.position, "a key must be text, not \(key.kind)"))
                continue
            }
            if name == "<<", !key.isQuoted {
                problems.append(
                    Problem(
                        at: key.position, "merge keys (`<<`) are not part of YAML 1.2",
                        hint: "write the keys out, or quote the name"))
                continue
            }
            if let first = seen.updateValue(key.position, forKey: name) {
                problems.append(
                    Problem(
                        at: key.position, "the key `\(name)` is given twice",
                        hint: "first at line \(first.line), column \(first.column)"))
                continue
            }
            entries.append(Document.Entry(key: name, keyPosition: key.position, value: value))
        }
    }

    private mutating func scalar(_ event: yaml_event_t, at position: SourcePosition) -> Document {
        let data = unsafe event.data.scalar
        let text = unsafe String(
            decoding: UnsafeBufferPointer(start: data.value, count: data.length), as: UTF8.self)
        let isQuoted = unsafe data.style != YAML_PLAIN_SCALAR_STYLE
        let tag = unsafe data.tag.map { unsafe String(cString: $0) }
        switch tag {
        case nil where isQuoted, "!", "tag:yaml.org,2002:str":
            return Document(.string(text), at: position, text: text, isQuoted: true)
        case nil: return Document(CoreSchema.value(of: text), at: position, text: text)
        case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool",
            "tag:yaml.org,2002:null":
            return Document(CoreSchema.value(of: text), at: position, text: text)
        default:
            unsafe refuseTag(data.tag, allowed: "str", at: position)
            return Document(.string(text), at: position, text: text, isQuoted: true)
        }
    }

    private mutating func refuseTag(
        _ tag: UnsafeMutablePointer<UInt8>?, allowed: String, at position: SourcePosition
    ) {
        guard let tag = unsafe tag.map({ unsafe String(cString: $0) }), tag != "!",
            tag != "tag:yaml.org,2002:\(allowed)"
        else { return }
        problems.append(Problem(at: position, "the tag `\(tag)` means nothing here", hint: "remove it"))
    }
}
