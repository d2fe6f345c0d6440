package import Engine

/// What comes of asking about an entity.
package enum InvestigationOutcome: Sendable {
    case found(Investigation)
    /// Nothing bears the name; the nearest names that are there.
    case unknown(near: [String])
    /// It is there, and did nothing in the time that was asked about.
    case silent
}
