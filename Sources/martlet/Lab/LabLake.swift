import Codecs
import Engine
import Pipeline
import Ports
import Simulation
import Store
import Synchronization

/// A finding in a run of the lab.
struct LabFinding: Hashable, Sendable {
    var title: String
    /// Whether one of its versions says that late events took away what it rests on.
    var isTakenBack: Bool
}

/// Objects of Parquet that a simulated store of objects has taken, to be read back when all is over.
final class LabLake: Sendable {
    private let objects = Mutex<[String: [UInt8]]>([:])

    /// Takes an object, which stands for its events until it is read.
    func take(_ object: [UInt8]) -> StrictReceiver.Entry {
        objects.withLock { objects in
            let name = "object-\(objects.count)"
            objects[name] = object
            return StrictReceiver.Entry(uid: name, text: name)
        }
    }

    /// How often each event is in those objects that are still there.
    func events(in kept: [String: Int]) async throws -> (uids: [String: Int], breaches: [String]) {
        var uids: [String: Int] = [:]
        var breaches: [String] = []
        let plans = try StorePlans.all()
        for (name, bytes) in objects.withLock({ $0 }).sorted(by: { $0.key < $1.key }) where kept[name] != nil
        {
            var found: [String?]?
            for plan in plans where found == nil {
                found = try? await SegmentReader.texts(uidColumn(plan), in: bytes, name, plan)
            }
            if found == nil { breaches.append("\(name) is no Parquet of events") }
            for uid in found ?? [] { uids[uid ?? "", default: 0] += 1 }
        }
        return (uids, breaches)
    }

    /// How often each event is in a store, as its catalog and its segments have it.
    static func events(
        ofStore volume: any Volume
    ) async throws -> (uids: [String: Int], breaches: [String]) {
        var uids: [String: Int] = [:]
        let plans = try StorePlans.all()
        let catalog = try await CatalogLog.read(volume)
        for segment in catalog.segments {
            guard let plan = plans.first(where: { $0.table == segment.table }) else { continue }
            let reader = try await SegmentReader(segment, plan, VolumeSource(volume))
            for uid in try await reader.texts(uidColumn(plan)) { uids[uid ?? "", default: 0] += 1 }
        }
        return (uids, try await StoreCheck(plans, volume).verify().problems)
    }

    /// What became of each finding in a store.
    static func findings(ofStore volume: any Volume) async throws -> [String: LabFinding] {
        var found: [String: LabFinding] = [:]
        let plans = try StorePlans.all()
        for segment in try await CatalogLog.read(volume).segments where segment.table == "findings" {
            guard let plan = plans.first(where: { $0.table == segment.table }) else { continue }
            let reader = try await SegmentReader(segment, plan, VolumeSource(volume))
            func texts(_ path: String) async throws -> [String?] {
                guard let leaf = plan.leaves.firstIndex(where: { $0.path == path }) else { return [] }
                return try await reader.texts(leaf)
            }
            let titles = try await texts("finding_info.title")
            let states = try await texts("status")
            for (row, uid) in try await reader.texts(uidColumn(plan)).enumerated() {
                var finding = found[uid ?? ""] ?? LabFinding(title: titles[row] ?? "", isTakenBack: false)
                // The only status that says so: what is merely over is Resolved.
                if states[row] == "Deleted" { finding.isTakenBack = true }
                found[uid ?? ""] = finding
            }
        }
        return found
    }

    private static func uidColumn(_ plan: ColumnPlan) -> Int {
        plan.leaves.firstIndex { $0.path == "metadata.uid" } ?? plan.rest
    }
    private func uidColumn(_ plan: ColumnPlan) -> Int { Self.uidColumn(plan) }
}
