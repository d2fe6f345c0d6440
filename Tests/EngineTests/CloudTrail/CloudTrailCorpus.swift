import Codecs
import Engine
import Foundation

/// The CloudTrail mapping as it is in the binary, and records to try it on.
enum CloudTrail {
    static let folder = "schemas/vendors/aws/cloudtrail/"
    static let mapping: Result<Mapping, any Error> = Result {
        let path = folder + "mapping.yaml"
        let document = try YAMLReader.document(in: try file("mapping.yaml"), file: path)
        return try Mapping(feed: "aws.cloudtrail", document, schema: OCSFTables[.v1_9_0])
    }

    static func file(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: SharedData.package.appending(path: folder + name)))
    }

    /// Normalizes one object's bytes, by this mapping unless another is given; the records are given as the reader cut
    /// them.
    static func normalize(
        _ bytes: [UInt8], by other: Mapping? = nil, _ take: ([UInt8], Event, EventBatch) -> Void
    ) throws -> [Refusal] {
        let reader = RecordReader()
        let normalizer = Normalizer([try other ?? mapping.get()])
        var refusals: [Refusal] = []
        reader.begin()
        var batch = EventBatch()
        func drain() {
            while reader.advance() {
                refusals += reader.refusals
                batch.removeAll()
                normalizer.normalize(reader, into: &batch, refusals: &refusals)
                for event in batch.events {
                    take(Array(reader.tape.text(event.record).utf8), event, batch)
                }
            }
        }
        reader.feed(bytes.span)
        drain()
        reader.finish()
        drain()
        return refusals
    }

    /// The shared corpora, an object at a time.
    static func objects() throws -> [[UInt8]] {
        let root = SharedData.root.appending(path: "aws/cloudtrail")
        var objects: [[UInt8]] = []
        for folder in ["invictus-stratus-2023/CloudTrail", "sans504-benign-noise/AWSLogs"] {
            let path = root.appending(path: folder).path
            let files = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
            for file in files.sorted() where file.hasSuffix(".json") || file.hasSuffix(".json.gz") {
                let bytes = try [UInt8](Data(contentsOf: URL(filePath: "\(path)/\(file)")))
                objects.append(try Inflater.inflate(bytes, bytesMax: 64 << 20))
            }
        }
        objects.append(try SharedData.bytes("aws/cloudtrail/traildiscover/events.jsonl"))
        objects.append(try documented())
        return objects
    }

    /// The records in AWS's guides stand in `event`, beside where they were found.
    private static func documented() throws -> [UInt8] {
        let lines = try SharedData.bytes("aws/cloudtrail/awsdocs-examples/examples.jsonl")
        var records: [UInt8] = []
        var tree = EventTree()
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            let text = Array(line)
            try tree.read(text.span)
            for child in tree.children(of: 0)
            where text[tree.nodes[child].keyRange].elementsEqual("event".utf8) {
                records += text[tree.nodes[child].range] + [UInt8(ascii: "\n")]
            }
        }
        return records
    }
}

/// Says which values of a record its event does not hold.
struct Conservation {
    private var tree = EventTree()
    private var seen: Set<Int> = []

    mutating func missing(_ record: [UInt8], in event: [UInt8]) throws -> [String] {
        try tree.read(event.span)
        seen.removeAll(keepingCapacity: true)
        for node in tree.nodes where node.kind != .object && node.kind != .array {
            seen.insert(event[node.text].hashValue)
        }
        try tree.read(record.span)
        var missing: [String] = []
        for node in tree.nodes where node.kind != .object && node.kind != .array && node.kind != .null {
            if node.text.isEmpty || seen.contains(record[node.text].hashValue) { continue }
            let key = String(decoding: record[node.keyRange], as: UTF8.self)
            missing.append("\(key): \(String(decoding: record[node.range], as: UTF8.self))")
        }
        return missing
    }
}
