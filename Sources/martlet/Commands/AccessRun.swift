import Engine
import Pipeline
import Ports

/// Audit records and snapshots in, the state of access out.
final class AccessRun: InputSink {
    private(set) var state = AccessState()
    private(set) var records = 0
    private(set) var changes = 0
    private(set) var snapshots = 0
    /// What snapshots showed and no event told.
    private(set) var unseen = 0

    /// Google's roles as snapshots of `gcp.roles` list them.
    private(set) var roles: [GoogleRole] = []

    private let refused: InputRefusals
    let snapshotTime: Timestamp
    private let reader = RecordReader()
    private let texts = PolicyTexts()
    private var held: [(AccessSnapshot, String)] = []
    private var file = ""

    init(snapshotTime: Timestamp, refused: InputRefusals) {
        self.snapshotTime = snapshotTime
        self.refused = refused
    }

    func begin(_ file: String) {
        self.file = file
        reader.begin()
    }

    func feed(_ bytes: Span<UInt8>) {
        reader.feed(bytes)
        drain()
    }

    func finish(fault: String?) {
        reader.finish()
        drain()
        if let fault { refused.add(file, reason: fault) }
    }

    func settle() async throws(Fault) { try await refused.settle() }

    /// Snapshots are held against all changes, whatever the order of the files.
    func close() {
        for (snapshot, name) in held {
            unseen +=
                state.apply(
                    snapshot: snapshot.facts, of: snapshot.account, at: snapshotTime, uid: name,
                    covering: AccessSnapshot.covers
                ).count
        }
        held = []
    }

    private func drain() {
        while reader.advance() {
            for refusal in reader.refusals { refused.add(file, refusal) }
            for record in reader.records { take(record) }
        }
    }

    private func take(_ record: RawRecord) {
        records += 1
        let tape = reader.tape
        if let event = AccessEvent(cloudTrail: tape, record.open) {
            for change in AccessChanges.of(event, texts) {
                changes += 1
                state.apply(change)
            }
            return
        }
        if tape.member("includedPermissions", of: record.open) != nil {
            if let role = Document(tape, record.open).flatMap({ try? GoogleRole($0) }) { roles.append(role) }
            return
        }
        guard
            tape.member("UserDetailList", of: record.open) != nil
                || tape.member("RoleDetailList", of: record.open) != nil,
            let document = Document(tape, record.open),
            let snapshot = AccessSnapshot(authorizationDetails: document, texts)
        else { return }
        snapshots += 1
        held.append((snapshot, "snapshot \(file)"))
    }

    /// A policy's text as the evaluator takes it.
    static func policy(_ text: String) -> AccessPolicy? {
        guard let document = try? PolicyFile.document(of: text, file: "policy") else { return nil }
        return try? AccessPolicy(document, for: .identity)
    }
}
