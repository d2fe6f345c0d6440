package import Engine
package import Ports
import Synchronization

/// What all lanes of a run know together of who is behind a credential.
///
/// An event is attributed by what is known when it is read; whatever comes later puts right what follows. A batch is
/// held under one lock, never an event.
package final class AttributionStage: Sendable {
    /// The log is written anew when it holds so many bytes more than the tree did last.
    private static let logBytesMin: Int64 = 8 << 20

    private struct Knowledge {
        var attributor: Attributor
        /// What told something new, and is not durable yet.
        var pending = Attributor.Facts()
        /// Bytes that the tree took when it was last written.
        var written: Int64 = 0
    }

    private let log: AttributionLog
    private let knowledge: Mutex<Knowledge>
    private let turnstile = Turnstile()

    /// Rebuilds what an earlier run knew.
    ///
    /// - Parameter directory: the accounts of the user's file.
    package static func open(
        _ volume: any Volume, directory: IdentityDirectory = IdentityDirectory(),
        limits: CredentialTree.Limits = .init()
    ) async throws(Fault) -> AttributionStage {
        let log = AttributionLog(volume: volume)
        var tree = CredentialTree(limits: limits)
        tree.directory = directory
        return AttributionStage(try await log.open(into: tree), log)
    }

    private init(_ tree: CredentialTree, _ log: AttributionLog) {
        self.log = log
        knowledge = Mutex(Knowledge(attributor: Attributor(tree)))
    }

    /// Says of each event of a batch, from a row on, whose it was.
    func attribute(_ batch: inout EventBatch, from first: Int, mayBeEnriched: [Bool]) {
        knowledge.withLock { knowledge in
            knowledge.attributor.attribute(
                &batch, from: first, mayBeEnriched: mayBeEnriched, noting: &knowledge.pending)
        }
    }

    /// Says of the findings of correlations whose the last of the acts behind each was.
    func attribute(findings: inout EventBatch) {
        knowledge.withLock { $0.attributor.attribute(findings: &findings) }
    }

    /// Makes durable whatever is not yet, before a page is committed that may rest on it.
    func keep() async throws(Fault) {
        await turnstile.enter()
        defer { turnstile.leave() }
        let facts = takePending()
        do throws(Fault) {
            try await log.append(facts)
        } catch {
            putBack(facts)
            throw error
        }
        giveBack(facts)
        await tidy()
    }

    /// Memory of what is durable now, for what comes next.
    private func giveBack(_ facts: consuming Attributor.Facts) {
        facts.clear()
        let memory = facts
        knowledge.withLock { if $0.pending.isEmpty { $0.pending = memory } }
    }

    private func takePending() -> Attributor.Facts {
        knowledge.withLock { exchange(&$0.pending, with: Attributor.Facts()) }
    }

    private func putBack(_ facts: Attributor.Facts) {
        knowledge.withLock { knowledge in
            var all = facts
            all += knowledge.pending
            knowledge.pending = all
        }
    }

    /// Keeps the log to what the tree needs.
    ///
    /// The tree is written piece by piece, each as it is when its turn comes: what is taken meanwhile is pending, and
    /// will be appended behind it.
    private func tidy() async {
        guard let moves = movesIfDue(await log.bytes) else { return }
        // What cannot be written now is written another time; the old files stay till then.
        guard let written = try? await log.replace(with: { number throws(Fault) in try piece(number, moves) })
        else { return }
        knowledge.withLock { $0.written = written }
    }

    /// How often the nodes have moved, where the log is to be written anew.
    private func movesIfDue(_ bytes: Int64) -> UInt64? {
        knowledge.withLock { knowledge in
            bytes > knowledge.written * 2 + Self.logBytesMin ? knowledge.attributor.tree.moves : nil
        }
    }

    private func piece(_ number: Int, _ moves: UInt64) throws(Fault) -> [UInt8]? {
        let (bytes, isStill) = knowledge.withLock { knowledge in
            let tree = knowledge.attributor.tree
            return (tree.moves == moves ? tree.piece(number) : nil, tree.moves == moves)
        }
        guard isStill else { throw Fault(.transient, "credentials were forgotten while they were written") }
        return bytes
    }

    /// Credentials, sessions and identities that are known.
    package var count: Int { knowledge.withLock { $0.attributor.tree.count } }
}
