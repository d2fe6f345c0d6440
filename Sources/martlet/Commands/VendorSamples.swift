import Codecs
import Engine
import Pipeline
import Ports
import Simulation

/// A feed's sample records, told anew with other times and identifiers.
struct VendorSamples: Sendable {
    private let samples: [[UInt8]]
    private let declaration: FeedProtocol
    /// Where a record's identifier stands, where it is one member.
    private let identifier: KeyPath?
    /// Where its time stands, as the mapping reads it.
    private let time: KeyPath?

    init(_ declaration: FeedProtocol, _ folder: VendorFolder?) {
        self.declaration = declaration
        samples = (folder?[.samples] ?? []).split(separator: 0x0A).compactMap {
            Self.sample(Array($0), declaration)
        }
        let mapping = folder?[.mapping].flatMap {
            try? YAMLReader.document(in: $0, file: "mapping.yaml")
        }
        identifier = mapping?["record"]?["id"]?.string.flatMap { KeyPath($0) }
        let times = mapping?["record"]?["time"]
        time = (times?.string ?? times?.list?.first?.string).flatMap { KeyPath($0) }
    }

    /// A sample as the API has it: without what the collector adds. `nil` where it has come by another way.
    private static func sample(_ text: [UInt8], _ declaration: FeedProtocol) -> [UInt8]? {
        guard var reader = try? JSONSpans(text), let root = try? reader.next(),
            let members = reader.members(of: root)
        else { return nil }
        if let item = declaration.each.item {
            let own = members.first { text[$0.name].elementsEqual(item.utf8) }
            return own.map { Array(text[$0.value]) }
        }
        guard declaration.isMarked else { return text }
        let kept = members.filter { !text[$0.name].elementsEqual("snapshot".utf8) }.map {
            [0x22] + text[$0.name] + [0x22, 0x3A] + text[$0.value]
        }
        return [0x7B] + kept.joined(separator: [0x2C]) + [0x7D]
    }

    /// A record of a stream of the API's.
    func record(
        _ number: Int, named name: String? = nil, in stream: FeedStreams.Stream, _ vendor: DeclaredVendor,
        at moment: Timestamp
    ) -> [UInt8] {
        guard !samples.isEmpty else {
            return vendor.record(name ?? "record-\(number)", in: stream, at: moment)
        }
        return told(
            samples[number % samples.count], as: name ?? "simulated-\(number)", at: moment,
            vendor.timePath(of: stream))
    }

    /// A record as it stands in a file, a queue or a body; `nil` where the feed has no samples.
    func record(_ number: Int, named name: String, at moment: Timestamp) -> [UInt8]? {
        guard !samples.isEmpty else { return nil }
        let record = told(samples[number % samples.count], as: name, at: moment, time)
        // What is told apart by its whole text has something of its own in it.
        guard identifier == nil, record.first == UInt8(ascii: "{") else { return record }
        return Array("{\"record_name\":\(quoted(name)),".utf8) + record.dropFirst()
    }

    private func told(
        _ sample: [UInt8], as name: String, at moment: Timestamp, _ path: KeyPath?
    ) -> [UInt8] {
        var record = sample
        if let path {
            let isNumber = JSONSpans.raw(path, in: record)?.first != "\""
            record = JSONSpans.replacing(
                path, in: record, with: isNumber ? "\(moment.milliseconds)" : quoted(moment.iso8601))
        }
        for path in [identifier, declaration.endpoint.next.last].compactMap({ $0 }) {
            record = JSONSpans.replacing(path, in: record, with: quoted(name))
        }
        return record
    }
}
