import Codecs
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

    private let refused: InputRefusals
    private let snapshotTime: Timestamp
    private let reader = RecordReader()
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
        let isEvent = tape.member("eventSource", of: record.open).map {
            tape.string($0) == "iam.amazonaws.com"
        }
        let isSnapshot =
            tape.member("UserDetailList", of: record.open) != nil
            || tape.member("RoleDetailList", of: record.open) != nil
        guard isEvent == true || isSnapshot else { return }
        let text = Array(tape.text(record.extent).utf8)
        let document: Document
        do throws(Problems) { document = try JSONReader.document(in: text, file: file) } catch {
            refused.add(file, reason: error.list.first?.description ?? "unreadable")
            return
        }
        if let snapshot = AccessSnapshot(authorizationDetails: document, canonical: Self.canonical) {
            snapshots += 1
            held.append((snapshot, "snapshot \(file)"))
            return
        }
        for change in AccessChanges.of(cloudTrail: document, canonical: Self.canonical) {
            changes += 1
            state.apply(change)
        }
    }

    /// A policy's text, percent-encoded or not, in one form.
    static func canonical(_ text: String) -> String {
        (try? PolicyFile.document(of: text, file: "policy"))?.plainJSON ?? text
    }

    /// A policy's text as the evaluator takes it.
    static func policy(_ text: String) -> AccessPolicy? {
        guard let document = try? PolicyFile.document(of: text, file: "policy") else { return nil }
        return try? AccessPolicy(document, for: .identity)
    }
}
