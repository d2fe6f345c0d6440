/// Reads the line form that `scripts/ocsf-tables` writes and documents.
struct OCSFTableReader {
    typealias Attribute = OCSFSchema.Attribute
    typealias Structure = OCSFSchema.Structure

    let path: String
    var version = ""
    var classes: [Structure] = []
    var objects: [Structure] = []
    var objectNumbers: [String: Int] = [:]
    var categories: [Int: String] = [:]
    var observables: [Int: String] = [:]

    private var line = 0
    private var dictionary: [Attribute] = []
    private var dictionaryNumbers: [String: Int] = [:]
    private var typeObservables: [String: Int] = [:]
    private var isInsideClass = false
    private var structure: Structure?
    /// Attributes the class at hand adds to or takes from the base event.
    private var changes: [String: Attribute?] = [:]
    private var lastAttribute: Attribute?

    init(path: String) { self.path = path }

    mutating func read(_ table: [UInt8]) throws(Problem) {
        for row in table.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            line += 1
            if row.isEmpty || row.first == UInt8(ascii: "#") { continue }
            try read(line: String(decoding: row, as: UTF8.self))
        }
        finishStructure()
        guard !classes.isEmpty else { throw problem("no classes") }
        resolveObjectObservables()
        nameObservables()
    }

    private func problem(_ message: String) -> Problem {
        Problem(at: SourcePosition(file: path, line: line, column: 1), message)
    }

    private mutating func read(line text: String) throws(Problem) {
        let (text, caption) = Self.withoutCaption(text)
        let words = text.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
        guard words.count >= 2 else { throw problem("a line of one word") }
        switch words[0] {
        case "R": try takeAttribute(words, .required)
        case "r": try takeAttribute(words, .recommended)
        case "o": try takeAttribute(words, .optional)
        case "=": lastAttribute?.values.set(words[1], words.dropFirst(2).joined(separator: " "))
        case "-":
            finishAttribute()
            changes.updateValue(nil, forKey: words[1])
        case "attr": try takeEntry(words)
        case "enum":
            guard let number = dictionaryNumbers[words[1]], words.count > 2 else {
                throw problem("unknown enum")
            }
            let value = OCSFSchema.EnumValue(
                key: words[2], caption: words.dropFirst(3).joined(separator: " "))
            dictionary[number].values.append(value)
        case "type": typeObservables[words[1]] = Self.option("observable", words).flatMap { Int($0) }
        case "observable": observables[Int(words[1]) ?? -1] = words.dropFirst(2).joined(separator: " ")
        case "observe":
            finishAttribute()
            if words.count > 2 { structure?.observablePaths[words[1]] = Int(words[2]) }
        case "object", "class": try takeStructure(words, caption)
        case "category": categories[Int(words[1]) ?? -1] = caption
        case "ocsf": version = words[1]
        default: throw problem("unknown line \(words[0])")
        }
    }

    /// Splits off the caption at the end: `class 3002 … "Authentication"`.
    private static func withoutCaption(_ text: String) -> (String, String) {
        guard text.utf8.last == UInt8(ascii: "\""), let quote = text.utf8.firstIndex(of: UInt8(ascii: "\"")),
            quote < text.utf8.index(before: text.utf8.endIndex)
        else { return (text, "") }
        return (String(text[..<quote]), String(text[text.utf8.index(after: quote)...].dropLast()))
    }

    private static func option(_ name: String, _ words: [String]) -> String? {
        words.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.utf8.count + 1)) }
    }

    private static func names(_ name: String, _ words: [String]) -> [String] {
        option(name, words)?.split(separator: ",").map(String.init) ?? []
    }

    /// `user[]` into the array of an object, `ip_t` into a scalar; objects may be named before they are described.
    private mutating func type(_ word: String) -> (OCSFSchema.ValueType, isArray: Bool) {
        let isArray = word.hasSuffix("[]")
        let name = isArray ? String(word.dropLast(2)) : word
        if let scalar = OCSFSchema.Scalar(rawValue: name) { return (.scalar(scalar), isArray) }
        if name == "object" { return (.anyObject, isArray) }
        if name.hasSuffix("_t") { return (.scalar(.string), isArray) }
        return (.object(objectNumber(name)), isArray)
    }

    private mutating func objectNumber(_ name: String) -> Int {
        if let number = objectNumbers[name] { return number }
        objectNumbers[name] = objects.count
        objects.append(Structure(name: name))
        return objects.count - 1
    }

    private mutating func takeEntry(_ words: [String]) throws(Problem) {
        guard words.count > 2 else { throw problem("an attribute without a type") }
        let (type, isArray) = type(words[2])
        var attribute = Attribute(name: words[1], type: type, isArray: isArray)
        attribute.sibling = Self.option("sibling", words)
        attribute.deprecatedSince = Self.option("since", words)
        let typeName = isArray ? String(words[2].dropLast(2)) : words[2]
        attribute.observable =
            Self.option("observable", words).flatMap { Int($0) } ?? typeObservables[typeName]
        dictionaryNumbers[words[1]] = dictionary.count
        dictionary.append(attribute)
    }

    private mutating func takeAttribute(
        _ words: [String], _ requirement: OCSFSchema.Requirement
    ) throws(Problem) {
        finishAttribute()
        guard let number = dictionaryNumbers[words[1]] else {
            throw problem("\(words[1]) is not in the dictionary")
        }
        var attribute = dictionary[number]
        attribute.requirement = requirement
        for word in words.dropFirst(2) {
            if word.hasPrefix("profile=") {
                attribute.profile = String(word.dropFirst(8))
            } else if word.hasPrefix("observable=") {
                attribute.observable = Int(word.dropFirst(11))
            } else if word.hasPrefix("since=") {
                attribute.deprecatedSince = String(word.dropFirst(6))
            } else {
                (attribute.type, attribute.isArray) = type(word)
                let typeName = attribute.isArray ? String(word.dropLast(2)) : word
                attribute.observable = typeObservables[typeName] ?? attribute.observable
            }
        }
        lastAttribute = attribute
    }

    private mutating func finishAttribute() {
        guard let attribute = lastAttribute else { return }
        changes.updateValue(attribute, forKey: attribute.name)
        lastAttribute = nil
    }

    private mutating func takeStructure(_ words: [String], _ caption: String) throws(Problem) {
        finishStructure()
        isInsideClass = words[0] == "class"
        guard !isInsideClass || words.count > 2 else { throw problem("a class without a name") }
        var next = Structure(name: isInsideClass ? words[2] : words[1])
        next.caption = caption
        next.uid = isInsideClass ? Int(words[1]) ?? 0 : 0
        next.categoryUID = Self.option("category", words).flatMap { Int($0) } ?? 0
        next.profiles = Self.names("profiles", words)
        next.atLeastOne = Self.names("any", words)
        next.justOne = Self.names("one", words)
        next.observable = Self.option("observable", words).flatMap { Int($0) }
        next.deprecatedSince = Self.option("since", words)
        structure = next
    }

    private mutating func finishStructure() {
        finishAttribute()
        guard var finished = structure else { return }
        var own = changes.values.compactMap(\.self).sorted { $0.name < $1.name }[...]
        finished.attributes.reserveCapacity(own.count + (classes.first?.attributes.count ?? 0))
        if isInsideClass, let base = classes.first {
            // The base event's are in order already.
            for attribute in base.attributes where changes[attribute.name] == nil {
                while let first = own.first, first.name < attribute.name {
                    finished.attributes.append(first)
                    own.removeFirst()
                }
                finished.attributes.append(attribute)
            }
        }
        finished.attributes += own
        if isInsideClass {
            classes.append(finished)
        } else {
            objects[objectNumber(finished.name)] = finished
        }
        structure = nil
        changes.removeAll(keepingCapacity: true)
    }

    /// The values of `observable.type_id` are whatever types, attributes and objects say they are.
    private mutating func nameObservables() {
        guard let number = objectNumbers["observable"], let index = objects[number].index(of: "type_id")
        else { return }
        for id in observables.keys.sorted() {
            objects[number].attributes[index].values.set(String(id), observables[id] ?? "")
        }
    }

    /// An attribute whose value is an observable object (a location, a file) has that object's observable type.
    private mutating func resolveObjectObservables() {
        let kinds = objects.map(\.observable)
        func resolve(_ attributes: inout [Attribute]) {
            for index in attributes.indices where attributes[index].observable == nil {
                if case .object(let number) = attributes[index].type {
                    attributes[index].observable = kinds[number]
                }
            }
        }
        for index in classes.indices { resolve(&classes[index].attributes) }
        for index in objects.indices { resolve(&objects[index].attributes) }
    }
}

extension [OCSFSchema.EnumValue] {
    /// Adds a value, or gives one its caption in this class.
    fileprivate mutating func set(_ key: String, _ caption: String) {
        if let index = firstIndex(where: { $0.key == key }) {
            self[index].caption = caption
        } else {
            append(.init(key: key, caption: caption))
        }
    }
}
