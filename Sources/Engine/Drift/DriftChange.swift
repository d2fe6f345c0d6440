/// One change of access, judged: what it means in itself, what it comes to, and who made it.
package struct DriftChange: Hashable, Sendable {
    package var cause: DriftFinding.Cause
    package var provider: String
    package var account: String
    /// What was changed: a principal, a policy, a resource, a guardrail.
    package var subject: String
    /// Which part of it: a policy by name, a group, a key.
    package var object: String
    package var kind: AccessState.Kind
    package var verdict: PolicyComparison.Verdict
    package var effect: DriftFinding.Effect
    package var witness = ""
    package var gained: [String] = []
    /// What it comes to for whom; empty where nobody is concerned but the subject.
    package var consequence = ""
    /// Why the verdict is not sure.
    package var doubt = ""
    /// It was there before anything was recorded, or a snapshot showed it first.
    package var isFirstSight = false
    /// A trust that lets services in and nobody else: what they run is somebody's with other rights.
    package var isForServices = false

    package var isWider: Bool { verdict == .widened || verdict == .incomparable }
    /// Whether it gives no power over access and opens nothing to others: of many such it is enough to have a line each.
    package var isRoutine: Bool {
        switch kind {
        case .attachment, .inline, .version, .defaultVersion, .membership, .assignment, .roleDefinition:
            effect < .permissions
        default: isForServices
        }
    }

    /// The order of reports: what gives most first, of equals what nothing stands behind, what lets
    /// people in before services, then by time.
    package static func precedes(_ a: DriftChange, _ b: DriftChange) -> Bool {
        if a.effect != b.effect { return a.effect > b.effect }
        let (bare, other) = (a.cause.backing == .none, b.cause.backing == .none)
        if bare != other { return bare }
        if a.isForServices != b.isForServices { return b.isForServices }
        return (a.cause.time, a.cause.uid, a.subject, a.object)
            < (b.cause.time, b.cause.uid, b.subject, b.object)
    }
}
