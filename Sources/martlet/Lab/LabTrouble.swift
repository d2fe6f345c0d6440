import Engine
import Simulation

/// What befalls the machine or a receiver at a moment of its own, beside what goes wrong now and then.
struct LabTrouble: Sendable {
    enum What: Sendable {
        /// The machine's clock is set: it is then so much ahead of the time.
        case clock(ahead: Duration)
        /// A receiver goes, or is back.
        case away(String, Bool)
        /// All disks are full, or have room again.
        case disks(isFull: Bool)
    }

    /// Bytes that a full disk still takes.
    static let roomLeft: Int64 = 512
    private static let jumpsMax = 4
    /// How far a clock is ahead of the time after it was set.
    private static let errors: [Duration] = [
        .seconds(90), .hours(7), .hours(26), .days(3), .days(40), .zero - .seconds(90), .zero - .minutes(40),
        .zero - .hours(26), .zero - .days(3),
    ]

    var at: Timestamp
    var what: What

    /// The troubles of a run that begins at `start`: clocks that are set, by the seed, and what the settings want.
    static func plan(
        _ settings: FaultLab.Settings, from start: Timestamp, _ generator: inout SeededGenerator
    ) -> [LabTrouble] {
        var troubles: [LabTrouble] = []
        let minutes = settings.minutes
        func moment(_ part: Int, of whole: Int) -> Timestamp { start + .seconds(60 * minutes * part / whole) }
        if settings.setsClock || generator.chance(0.3) {
            for _ in 0..<1 + generator.index(below: jumpsMax) {
                let error = errors[generator.index(below: errors.count)]
                let at = start + .seconds(1 + generator.index(below: minutes * 54))
                troubles.append(LabTrouble(at: at, what: .clock(ahead: error)))
            }
        }
        if let name = settings.away {
            troubles.append(LabTrouble(at: moment(1, of: 40), what: .away(name, true)))
            troubles.append(LabTrouble(at: moment(39, of: 40), what: .away(name, false)))
        }
        if settings.fillsDisks {
            troubles.append(LabTrouble(at: moment(12, of: 40), what: .disks(isFull: true)))
            troubles.append(LabTrouble(at: moment(14, of: 40), what: .disks(isFull: false)))
        }
        return troubles
    }
}
