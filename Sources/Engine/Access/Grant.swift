/// One elevation of access for a time: who asked, who allowed it, who gets it, what and until when.
///
/// A mapping's `grant:` writes it into its event as an enrichment; this reads it back from the event's text, whatever
/// broker it came from. The people, roles, resources and tickets are OCSF objects there, of which only what names them
/// is read.
package struct Grant: Hashable, Sendable {
    /// Where in its life the event shows the grant.
    package enum Phase: String, CaseIterable, Sendable {
        case requested, reviewed, approved, denied
        /// Access is there.
        case activated
        /// A session or a secret was taken under it.
        case used
        case extended
        /// Given back, or closed in order.
        case ended
        /// Its time ran out.
        case expired
        case revoked
        /// Withdrawn by who asked.
        case cancelled
        case failed
    }

    /// A person, role, resource, account or ticket, by what names it.
    package struct Name: Hashable, Sendable {
        package var uid: String?
        package var name: String?
        package var email: String?
        package var type: String?

        package init() {}

        var isEmpty: Bool { uid == nil && name == nil && email == nil && type == nil }
    }

    package static let enrichmentName = "grant"
    /// Longer texts are left out: cut short, one name could pass for another.
    package static let textBytesMax = 4_096
    /// People, roles and resources beyond are not read.
    package static let listMax = 256

    package var phase: Phase
    /// The provider's own id of the grant: the same in all its phases.
    package var uid: String?
    /// The broker, as its feed's product is called.
    package var provider: String?
    package var requester: Name?
    package var approvers: [Name] = []
    /// Who gets the access; the requester where the broker names nobody else.
    package var target: Name?
    package var roles: [Name] = []
    package var resources: [Name] = []
    package var account: Name?
    package var start: Timestamp?
    /// Told by the broker, or by the duration from `start`.
    package var end: Timestamp?
    /// How long it is asked or given for.
    package var duration: Duration?
    package var justification: String?
    package var ticket: Name?
    /// Break-glass: taken without the approval it would need.
    package var isEmergency = false

    package init(phase: Phase) { self.phase = phase }
}

extension Mapping {
    /// Whether an event of this feed can tell of a grant.
    package var tellsGrants: Bool { document.blocks.contains { !$0.grant.isEmpty } }

    /// Whether an event of this feed can have enrichments: grants, or what the mapping itself writes there.
    var mayEnrich: Bool {
        tellsGrants || document.blocks.contains { $0.rules.contains { $0.path.hasPrefix("enrichments") } }
    }
}
