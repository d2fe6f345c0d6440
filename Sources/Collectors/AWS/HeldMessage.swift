import Engine
import Ports

/// A message in work.
struct HeldMessage {
    var handle: String
    var receivedAt: Timestamp
    var extendAt: Timestamp
    var objects: [HeldObject]

    var isComplete: Bool { objects.allSatisfy { $0.body != nil || $0.hasFailed } }
    var hasFailed: Bool { objects.contains(where: \.hasFailed) }
}

struct HeldObject {
    var notice: ObjectNotice.Object
    /// The first piece, once it has come.
    var body: RawObject?
    var rest: ObjectRest?
    /// Its version, as far as the first answer tells.
    var mark = ""
    /// What of the buffer it takes.
    var held = 0
    var hasFailed = false

    /// Bytes, as far as they are known.
    var size: Int64 { rest?.end ?? Int64(body?.bytes.count ?? 0) }
}

/// The last so many members, at least `capacity` and at most twice as many.
struct RecentSet<Member: Hashable & Sendable>: Sendable {
    let capacity: Int
    private var young: Set<Member> = []
    private var old: Set<Member> = []

    init(capacity: Int) { self.capacity = capacity }

    func contains(_ member: Member) -> Bool { young.contains(member) || old.contains(member) }

    /// Whether it was not there.
    @discardableResult
    mutating func insert(_ member: Member) -> Bool {
        if contains(member) { return false }
        if young.count >= capacity {
            old = young
            young = []
        }
        young.insert(member)
        return true
    }
}
