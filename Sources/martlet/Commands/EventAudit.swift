import Engine
import Pipeline
import Ports

/// What is wrong with events by their own OCSF version, told once for each kind of wrong.
struct EventAudit {
    private struct Complaint {
        var times = 0
        var firstSeen: String
    }

    /// Kinds of wrong that are kept; what exceeds them is counted under the last line's words.
    private static let kindsMax = 200

    private var validator: OCSFValidator
    private var complaints: [String: Complaint] = [:]
    private(set) var events = 0
    private(set) var eventsWrong = 0

    init(_ version: OCSFSchema.Version) throws {
        validator = OCSFValidator(try OCSFContent.schema(version))
    }

    var holds: Bool { eventsWrong == 0 }

    /// - Parameter place: `file, event 12`.
    mutating func check(_ event: borrowing Span<UInt8>, at place: @autoclosure () -> String) {
        events += 1
        let errors = validator.findings(in: event).filter(\.isError)
        if errors.isEmpty { return }
        eventsWrong += 1
        for error in errors {
            var kind = Self.withoutPlaces("\(error)")
            if complaints[kind] == nil, complaints.count >= Self.kindsMax { kind = "further kinds" }
            complaints[kind, default: Complaint(firstSeen: place())].times += 1
        }
    }

    /// The commonest first.
    func tell(_ context: CommandContext) {
        let lines = complaints.sorted { ($1.value.times, $0.key) < ($0.value.times, $1.key) }
        for (kind, complaint) in lines {
            context.messages.writeLine(
                "\(complaint.times)\t" + printable("\(kind) (first: \(complaint.firstSeen))"))
        }
        context.say("\(events) events checked, \(eventsWrong) of them not valid OCSF")
    }

    /// `resources[12].uid` as `resources[].uid`, so that one kind of wrong is one line.
    private static func withoutPlaces(_ text: String) -> String {
        var result = ""
        var isInside = false
        for character in text {
            if character == "]" { isInside = false }
            if !isInside || !character.isNumber { result.append(character) }
            if character == "[" { isInside = true }
        }
        return result
    }
}
