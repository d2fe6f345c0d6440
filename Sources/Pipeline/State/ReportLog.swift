import Codecs
package import Engine
import Exporters
package import Ports

/// Which reports were made and delivered, in append-only files: what keeps a period from having two reports or none.
///
/// A report's files are durable before the record that it was made, and that before anybody is given it.
/// `docs/state.md` has the bytes.
package actor ReportLog {
    package static let formatVersion: UInt32 = 1

    private enum Kind: UInt8 { case armed = 1, made = 2, delivered = 3 }

    /// What is known of one report, by the name it has in the pipeline's file.
    package struct Standing: Sendable {
        /// From when on there are reports: the end of the last one, or the time at which it was first asked for.
        package var since: Timestamp
        package var previous: DriftReport.Previous?
        /// Made, and perhaps not delivered.
        package var pending: Made?
    }

    package struct Made: Sendable {
        package var from: Timestamp
        package var to: Timestamp
        package var headline: String
        package var isGrave: Bool
        /// What stood open at its end.
        package var open: [String]
    }

    private let files: RecordFiles

    package init(volume: any Volume) {
        files = RecordFiles(
            .init(folder: "reports", ending: "mr", magic: "MARTLETP", version: Self.formatVersion), in: volume
        )
    }

    package func open() async throws(Fault) -> [String: Standing] {
        var all: [String: Standing] = [:]
        try await files.open { record in
            do throws(BinaryReader.Malformed) {
                let name = try record.payload.string()
                switch Kind(rawValue: record.kind) {
                case .armed:
                    if all[name] == nil {
                        all[name] = Standing(since: Timestamp(nanoseconds: try record.payload.word()))
                    }
                case .made:
                    let made = try Self.made(&record.payload)
                    all[name, default: Standing(since: made.from)].pending = made
                case .delivered:
                    if let made = all[name]?.pending {
                        all[name] = Standing(since: made.to, previous: made.asPrevious)
                    }
                case nil: break
                }
            } catch {}
        }
        return all
    }

    package func arm(_ name: String, at time: Timestamp) async throws(Fault) {
        try await write(.armed, name) { $0.put(time.nanoseconds) }
    }

    package func note(_ name: String, made: Made) async throws(Fault) {
        try await write(.made, name) { writer in
            writer.put(made.from.nanoseconds)
            writer.put(made.to.nanoseconds)
            writer.put(made.headline)
            writer.put(UInt8(made.isGrave ? 1 : 0))
            writer.put(count: made.open.count)
            for uid in made.open { writer.put(uid) }
        }
    }

    package func noteDelivered(_ name: String) async throws(Fault) {
        try await write(.delivered, name) { _ in }
    }

    private func write(
        _ kind: Kind, _ name: String, _ body: (inout BinaryWriter) -> Void
    ) async throws(Fault) {
        try await files.append { () async throws(Fault) in
            try await files.write(kind.rawValue) { writer in
                writer.put(name)
                body(&writer)
            }
        }
    }

    private static func made(_ reader: inout BinaryReader) throws(BinaryReader.Malformed) -> Made {
        let from = Timestamp(nanoseconds: try reader.word())
        let to = Timestamp(nanoseconds: try reader.word())
        let headline = try reader.string()
        let isGrave = try reader.word(UInt8.self) == 1
        var open: [String] = []
        for _ in 0..<(try reader.itemCount()) { open.append(try reader.string()) }
        return Made(from: from, to: to, headline: headline, isGrave: isGrave, open: open)
    }
}

extension ReportLog.Made {
    package var asPrevious: DriftReport.Previous { DriftReport.Previous(from: from, to: to, open: Set(open)) }
}
