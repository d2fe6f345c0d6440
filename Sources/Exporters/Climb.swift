/// A number that is raised while all goes well and lowered where it was too much; near where that was it is raised more and
/// more slowly, so that somebody who refuses for good is rarely asked again.
struct Climb: Hashable, Sendable {
    private static let patienceMin = 8.0
    /// So many times more patient with each refusal there.
    private static let patienceGrowth = 4.0
    /// Above this part of the ceiling it is raised slowly.
    private static let near = 0.9
    /// Beyond this multiple of it the ceiling is no more.
    private static let past = 1.0625
    /// Refused below this part of it, the ceiling has come down.
    private static let below = 0.75

    let floor: Double
    let top: Double
    /// How many times more slowly it is raised near the ceiling, at the most.
    let patienceMax: Double
    private(set) var value: Double
    /// Where it was last too much.
    private(set) var ceiling: Double?
    private var patience = patienceMin

    init(from value: Double, floor: Double, top: Double, patienceMax: Double) {
        self.value = min(value, top)
        self.floor = floor
        self.top = top
        self.patienceMax = patienceMax
    }

    /// After one success: by one for `value` of them; below one by an eighth of itself. Without a ceiling by a half of
    /// itself for as many.
    mutating func rise() {
        if let known = ceiling, value > known * Self.past {
            ceiling = nil
            patience = Self.patienceMin
        }
        guard let ceiling else {
            value = min(top, value + min(1, value) / 2)
            return
        }
        let quick = value >= 1 ? 1 / value : value / 8
        let slow = ceiling * Self.near
        value = min(top, value < slow ? min(slow, value + quick) : value + quick / patience)
    }

    /// A little less, for it is more than is of use.
    mutating func ease(to least: Double) { value = max(min(value, least), value - 0.5) }

    /// It was too much: a ceiling where the other side says so, and none where something merely failed.
    mutating func fall(to factor: Double, isCeiling: Bool, floor: Double? = nil) {
        if isCeiling {
            let isKnown = ceiling.map { value >= $0 * Self.below && value <= $0 * Self.past } ?? false
            patience = isKnown ? min(Self.patienceGrowth * patience, patienceMax) : Self.patienceMin
            ceiling = value
        }
        value = min(value, max(floor ?? self.floor, value * factor))
    }
}
