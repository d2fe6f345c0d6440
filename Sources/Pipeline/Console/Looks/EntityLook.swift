import Credentials
import Engine
import Store

/// What one entity did, of the newest events that name it or that attribution leads back to it.
struct EntityLook: APIObject {
    /// Events in its list.
    static let eventsMax = 300
    /// Events that are counted.
    static let countedMax = 100_000
    private static let topMax = 12

    struct Count: APIObject {
        var value: String
        var count: Int

        static let name = "Count"
        static let what = "How often a value comes."
        static var members: [APIMember<Self>] {
            [.init("value", \.value, "The value"), .init("count", \.count, "How often it comes")]
        }
    }

    var entity: String
    var risk: RiskLook?
    var findings: [FindingNote]
    var counted: Int
    var isCut: Bool
    var actions: [Count]
    var principals: [Count]
    var addresses: [Count]
    var accounts: [Count]
    var events: [EventNote]
    /// For the plot; not told by the API.
    var times: [TimePlot.Moment]

    static let name = "Entity"
    static let what = "An entity with its risk, its findings and what it did, newest first."
    static var members: [APIMember<Self>] {
        [
            .init("entity", \.entity, "As it was asked for"),
            .init("risk", \.risk, "null where nothing weighs on it"),
            .init("findings", \.findings, "About it, newest first"),
            .init("counted", \.counted, "Events looked at for the counts"),
            .init("cut", \.isCut, "Whether there are more events than were counted"),
            .init("actions", \.actions, "What it did most"),
            .init("principals", \.principals, "As whom the vendors saw it"),
            .init("addresses", \.addresses, "Where it came from"),
            .init("accounts", \.accounts, "Where it worked"),
            .init("events", \.events, "The newest \(eventsMax)"),
        ]
    }

    static func read(
        _ name: String, in times: Range<Int64>, _ look: ConsoleLook, _ risks: [EntityRisk]
    ) async throws -> EntityLook {
        let plan = try look.plan("events")
        var query = EventQuery(plan)
        query.times = times
        query.conditions = [QueryWords.anybody(name, plan)]
        query.isNewestFirst = true
        query.limit = Self.eventsMax
        let (rows, _) = try await look.values(query)
        query.limit = Self.countedMax
        let paths = [
            "time", "status_id", "api.operation", "principal", "src_endpoint.ip", "cloud.account.uid",
        ]
        let leaves = paths.map { plan.leaf(at: $0) }
        var counts = [[String: Int]](repeating: [:], count: paths.count)
        var moments: [TimePlot.Moment] = []
        let outcome = try await look.store.reader.run(query, leaves: leaves.compactMap { $0 }) {
            source, row in
            var moment = TimePlot.Moment(time: 0)
            let cells = RowWriter.cells(source, row, leaves.compactMap { $0 }, plan)
            for index in source.entries(of: row) {
                let entry = source.entries[index]
                if Int(entry.leaf) == leaves[0] { moment.time = entry.integer }
                if Int(entry.leaf) == leaves[1] { moment.isSecond = entry.integer == 2 }
            }
            for (place, cell) in cells.enumerated() where place > 1 && !cell.isEmpty {
                counts[place][cell, default: 0] += 1
            }
            moments.append(moment)
            return true
        }
        let lowered = name.lowercased()
        return EntityLook(
            entity: name, risk: risks.first { $0.entity.lowercased() == lowered }.map { RiskLook($0) },
            findings: look.findings.filter { $0.entity.lowercased() == lowered }, counted: outcome.hits,
            isCut: outcome.isCut, actions: top(counts[2]), principals: top(counts[3]),
            addresses: top(counts[4]),
            accounts: top(counts[5]), events: rows.compactMap { EventNote($0) }, times: moments)
    }

    private static func top(_ counts: [String: Int]) -> [Count] {
        counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(topMax)
            .map { Count(value: $0.key, count: $0.value) }
    }
}
