/// The ways in which access strays from what was meant.
package enum DriftCode: Int, CaseIterable, Comparable, Sendable {
    case outOfBand = 1
    case baselineDifference
    case standing
    case outsideWindow
    case notRevoked
    case grantAbuse
    case dormant
    case trustWidened
    case exposure
    case guardrail
    case mfa
    case shadowAdmin
    case keyAge
    case provider
    case dangling
    case telemetryGap
    case federation

    /// Which finding of OCSF tells it.
    package enum Form: Int, Sendable {
        /// A departure from what was declared.
        case compliance = 2003
        /// Something happened that should not have.
        case detection = 2004
        /// Access stands that need not.
        case analysis = 2008
    }

    /// What people call it by: `D8`.
    package var name: String { "D\(rawValue)" }

    package init?(name: some StringProtocol) {
        guard name.first == "D", let number = Int(name.dropFirst()) else { return nil }
        self.init(rawValue: number)
    }

    package static func < (a: DriftCode, b: DriftCode) -> Bool { a.rawValue < b.rawValue }

    /// The word of the table: its analytic's id is `martlet.drift.` and this.
    package var word: String { facts.word }
    package var title: String { facts.title }
    package var form: Form { facts.form }
    /// What it says in nats by itself, before what was gained is added: the taxonomy's weight.
    package var weight: Double { facts.weight }
    /// Whether what was gained adds to it.
    package var countsEffect: Bool { facts.countsEffect }

    /// Whether grants say it, and not changes of access.
    package var isOfGrants: Bool { Self.outsideWindow...Self.dormant ~= self }

    /// Whether the subject is the resource that it is about, and the object says by whom or how.
    var isAboutResource: Bool {
        [.trustWidened, .exposure, .guardrail, .telemetryGap, .federation].contains(self)
    }

    private struct Facts {
        var word: String
        var title: String
        var form: Form
        var weight: Double
        var countsEffect = false
    }

    private var facts: Facts {
        switch self {
        case .outOfBand:
            Facts(
                word: "out_of_band", title: "Access changed outside the declared pipelines",
                form: .compliance,
                weight: 1.5, countsEffect: true)
        case .baselineDifference:
            Facts(
                word: "baseline", title: "Access differs from the approved baseline", form: .compliance,
                weight: 0, countsEffect: true)
        case .standing:
            Facts(
                word: "standing", title: "Privileged access stands without an end", form: .analysis,
                weight: 1, countsEffect: true)
        case .outsideWindow:
            Facts(
                word: "outside_window", title: "Privileged act without a grant", form: .detection, weight: 2.5
            )
        case .notRevoked:
            Facts(
                word: "not_revoked", title: "A grant expired and its access stayed", form: .detection,
                weight: 2.5)
        case .grantAbuse:
            Facts(word: "grant_abuse", title: "A grant was misused", form: .detection, weight: 1.5)
        case .dormant:
            Facts(word: "dormant", title: "Access that nobody uses", form: .analysis, weight: 0.5)
        case .trustWidened:
            Facts(
                word: "trust_widened", title: "More may take a role than before", form: .detection, weight: 3)
        case .exposure:
            Facts(
                word: "exposure", title: "A resource was opened to outside or to everybody", form: .detection,
                weight: 3.5)
        case .guardrail:
            Facts(
                word: "guardrail", title: "A guardrail was removed or loosened", form: .compliance, weight: 3)
        case .mfa:
            Facts(word: "mfa", title: "A second factor was removed or weakened", form: .compliance, weight: 2)
        case .shadowAdmin:
            Facts(
                word: "shadow_admin", title: "An identity can make itself an administrator", form: .analysis,
                weight: 3)
        case .keyAge:
            Facts(
                word: "key_age", title: "A long-lived credential is old, doubled or made by another",
                form: .analysis, weight: 1)
        case .provider:
            Facts(
                word: "provider", title: "A policy of the provider's own was widened", form: .analysis,
                weight: 0, countsEffect: true)
        case .dangling:
            Facts(
                word: "dangling", title: "Access is given to somebody who is gone", form: .analysis,
                weight: 0.5)
        case .telemetryGap:
            Facts(
                word: "telemetry_gap", title: "Access changed and no event told it", form: .detection,
                weight: 2)
        case .federation:
            Facts(
                word: "federation", title: "Who vouches for identities was changed", form: .detection,
                weight: 3.5)
        }
    }
}
