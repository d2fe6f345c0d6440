import Codecs
import Engine
import Pipeline
import Ports
import Simulation
import Store
import Testing

/// A day's worth of API activity, told apart by number.
enum Stored {
    static let start: Int64 = 1_700_467_200_000
    static let day: Int64 = 86_400_000

    /// Events number `numbers`, an hour apart in event time and of seven principals; every fifth a finding.
    static func batch(_ numbers: Range<Int>, spacing: Int64 = 3_600_000, withRaw: Bool = true) -> EventBatch {
        var batch = EventBatch()
        for number in numbers {
            let time = start + Int64(number) * spacing
            let isFinding = number % 5 == 4
            let user = "arn:aws:iam::111122223333:user/user-\(number % 7)"
            let json =
                isFinding
                ? #"{"class_uid":2004,"time":\#(time),"metadata":{"uid":"f-\#(number)"},"finding_info":{"uid":"f-\#(number)","title":"T"},"evidences":[{"actor":{"user":{"uid":"\#(user)"}}}]}"#
                : #"{"class_uid":6003,"time":\#(time),"metadata":{"uid":"e-\#(number)"},"actor":{"user":{"uid":"\#(user)","name":"user-\#(number % 7)"}},"api":{"operation":"Op\#(number % 3)"},"src_endpoint":{"ip":"192.0.2.\#(number % 50)"},"resources":[{"uid":"r-\#(number)"},{"uid":"shared"}],"unmapped":{"n":\#(number)}}"#
            var event = Event(time: Timestamp(milliseconds: time))
            event.kind = isFinding ? .finding : .event
            event.json = Extent(start: batch.bytes.count, count: json.utf8.count)
            batch.bytes += Array(json.utf8) + [UInt8(ascii: "\n")]
            if withRaw, !isFinding {
                let raw = Array(#"{"eventID":"e-\#(number)","n":\#(number)}"#.utf8)
                event.raw = Extent(start: batch.raw.count, count: raw.count)
                batch.raw += raw
            }
            batch.events.append(event)
        }
        return batch
    }

    /// The uids in every segment that the catalog knows, sorted, those of one table.
    static func uids(_ volume: any Volume, _ table: String = "events") async throws -> [String] {
        let plan = try #require(try StorePlans.all().first { $0.table == table })
        let catalog = try await CatalogLog.read(volume)
        let leaf = try #require(plan.leaf(at: "metadata.uid"))
        var uids: [String] = []
        for segment in catalog.segments(of: table, in: .min ..< .max) {
            let reader = try await SegmentReader(segment, plan, VolumeSource(volume))
            for row in try await reader.texts(leaf) { uids.append(row ?? "") }
        }
        return uids.sorted()
    }

    static func expected(_ numbers: Range<Int>, findings: Bool = false) -> [String] {
        numbers.filter { ($0 % 5 == 4) == findings }.map { findings ? "f-\($0)" : "e-\($0)" }.sorted()
    }
}
