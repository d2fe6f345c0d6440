import Credentials
import Engine
import Ports

/// What time it is where the records are written, as far as the vendor's answers say.
///
/// A window of time that ends by our clock alone ends behind what the vendor has not written yet wherever our clock is
/// ahead, and what is written there later would be asked for by nobody. So windows are framed by the vendor's clock,
/// and a position passes nothing but what an answer is a witness of.
struct VendorTime: Sendable {
    /// Clocks that differ by less are as right as clocks are, and an answer may take so long.
    static let tolerance = Duration.minutes(1)

    /// What the vendor's clock shows more than ours.
    private(set) var lead = Duration.zero
    /// Whether an answer has said it, in this life of the process.
    private(set) var isKnown = false
    /// What a person has not been told of yet.
    private(set) var note: String?

    func now(at ours: Timestamp) -> Timestamp { ours + lead }

    /// The time that an answer was given at; `nil` where it does not say.
    static func stated(by response: HTTPResponse) -> Timestamp? {
        response.headers["Date"].flatMap { Timestamp(httpDate: $0) }
    }

    /// Takes over what an answer says that has just come.
    mutating func learn(from theirs: Timestamp, at ours: Timestamp) {
        isKnown = true
        let seen = theirs - ours
        guard Self.isFar(seen - lead) else { return }
        let isFar = Self.isFar(seen)
        lead = isFar ? seen : .zero
        guard isFar else { return }
        let way = seen < .zero ? "ahead of" : "behind"
        note =
            "this machine's clock is \(abs(seen.components.seconds)) seconds \(way) the vendor's "
            + "(\(theirs.iso8601)): windows of time go by the vendor's; set the clock right"
    }

    mutating func takeNote() -> String? {
        defer { note = nil }
        return note
    }

    static func isFar(_ span: Duration) -> Bool { span > tolerance || span < .zero - tolerance }
}

extension Timestamp {
    /// Whether something planned for this moment, at most `span` ahead when it was planned, is to be done now: also where
    /// it is further away than that, since the clock was set back meanwhile.
    func isDue(at now: Timestamp, within span: Duration) -> Bool { self <= now || self > now + span }

    /// Whether it is less than `span` ago; what comes from later than now, since the clock was set back, is not.
    func isRecent(at now: Timestamp, within span: Duration) -> Bool { self <= now && now - self < span }
}
