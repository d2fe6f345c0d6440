/// The last snapshots of each source that were held against the changes: what each of them proved.
struct JudgedSnapshots {
    /// Of one source; of more the oldest are forgotten, but for the last that was whole.
    static let perSourceMax = 16
    /// Accounts, services, regions and collectors; of more none is taken, and their snapshots prove nothing of the time
    /// between them.
    static let sourcesMax = 20_000
    /// Two collectors of the same thing are told apart as long as both went on so lately.
    static let rival = Duration.days(7)

    /// By when they were begun.
    private var ends: [AccessSnapshot.Source: [SnapshotEnd]] = [:]
    private var ids: Set<String> = []

    mutating func take(_ end: SnapshotEnd) {
        guard !ids.contains(end.snapshot), ends[end.source] != nil || ends.count < Self.sourcesMax else {
            return
        }
        var list = ends[end.source] ?? []
        let at = list.lastIndex { ($0.begun, $0.snapshot) < (end.begun, end.snapshot) }.map { $0 + 1 } ?? 0
        list.insert(end, at: at)
        ids.insert(end.snapshot)
        if list.count > Self.perSourceMax {
            let whole = list.lastIndex { $0.isComplete }
            ids.remove(list.remove(at: whole == 0 ? 1 : 0).snapshot)
        }
        ends[end.source] = list
    }

    func holds(_ id: String) -> Bool { ids.contains(id) }

    /// All of them, in order.
    var all: [SnapshotEnd] { ends.sorted { $0.key < $1.key }.flatMap(\.value) }

    /// The last of each source that was begun by a time; of collectors that have ended while another goes on, none.
    func latest(at time: Timestamp) -> [SnapshotEnd] {
        let last = ends.sorted { $0.key < $1.key }.compactMap { $0.value.last { $0.begun <= time } }
        var newest: [AccessSnapshot.Source: Timestamp] = [:]
        func plain(_ end: SnapshotEnd) -> AccessSnapshot.Source {
            AccessSnapshot.Source(account: end.account, service: end.service, part: end.source.list)
        }
        for end in last { newest[plain(end)] = max(newest[plain(end)] ?? .distantPast, end.begun) }
        return last.filter { end in newest[plain(end)].map { end.begun + Self.rival >= $0 } ?? true }
    }

    /// Those of a source that were begun before a time, the last first.
    func earlier(than time: Timestamp, of source: AccessSnapshot.Source) -> [SnapshotEnd] {
        (ends[source] ?? []).filter { $0.begun < time }.reversed()
    }

    /// The collectors beside a snapshot's own that took lately what it is of: of two organizations whose records name none,
    /// one has not what the other has.
    func rivals(of source: AccessSnapshot.Source, at begun: Timestamp) -> [String] {
        let list = source.list
        return ends.compactMap { other, ends in
            guard other != source, other.service == source.service, other.account == source.account,
                other.list == list, let last = ends.last?.begun,
                last + Self.rival >= begun, begun + Self.rival >= last
            else { return nil }
            return other.collector
        }.sorted()
    }
}
