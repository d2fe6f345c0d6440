import Engine
import Pipeline
import Ports

/// A command line that was found to fit its command: values by option name, arguments in order.
///
/// Asking for an option that the command does not declare is a broken invariant and traps, in tests first.
struct Invocation: Sendable {
    let command: Command
    /// As typed, already checked against their kinds.
    private(set) var values: [String: [String]] = [:]
    private(set) var arguments: [String] = []

    /// Whether a switch was given.
    func isSet(_ name: String) -> Bool { !texts(name).isEmpty }

    func text(_ name: String) -> String? { texts(name).last }

    /// All values of an option that may be repeated, in order.
    func texts(_ name: String) -> [String] {
        precondition(
            (command.options + Command.Option.everywhere).contains { $0.name == name },
            "\(command.name) declares no --\(name)")
        return values[name] ?? []
    }

    func integer(_ name: String) -> Int? { text(name).flatMap { Int($0) } }
    func duration(_ name: String) -> Duration? { text(name).flatMap { Duration(userText: $0) } }
    func size(_ name: String) -> ByteSize? { text(name).flatMap { ByteSize(userText: $0) } }
    func time(_ name: String, now: Timestamp) -> Timestamp? {
        text(name).flatMap { Timestamp(userText: $0, now: now) }
    }
    /// The folders that a repeated option names, absolute.
    func folders(_ name: String, in context: CommandContext) -> [String] {
        texts(name).map { context.absolute($0) }
    }
    /// The values of a `.choices` option, all repetitions together.
    func choices(_ name: String) -> [String] {
        texts(name).flatMap { $0.split(separator: ",").map { String($0) } }
    }

    /// Reads what follows the command's name. Throws all that is wrong at once, and `nil` values for `--help`.
    init(_ command: Command, _ words: [String]) throws(UsageFault) {
        self.command = command
        var reader = WordReader(command: command)
        var rest = words[...]
        var isLiteral = false
        while let word = rest.popFirst() {
            if !isLiteral, word == "--" {
                isLiteral = true
            } else if !isLiteral, word.hasPrefix("--") {
                reader.long(word.dropFirst(2), following: &rest)
            } else if !isLiteral, word.count > 1, word.hasPrefix("-"),
                word.dropFirst().first?.isLetter == true
            {
                reader.short(word.dropFirst(), following: &rest)
            } else {
                reader.arguments.append(word)
            }
        }
        values = reader.values
        arguments = reader.arguments
        // Somebody who asks for help must get it, whatever else is missing.
        if values["help"] != nil { return }
        reader.checkArguments()
        reader.checkRequired()
        if !reader.complaints.isEmpty { throw UsageFault(command: command, complaints: reader.complaints) }
    }
}

/// Everything wrong with a command line.
struct UsageFault: Error {
    var command: Command?
    var complaints: [String]
}

/// Collects values and complaints while the words are read.
private struct WordReader {
    let command: Command
    var values: [String: [String]] = [:]
    var arguments: [String] = []
    var complaints: [String] = []

    var options: [Command.Option] { command.options + Command.Option.everywhere }

    mutating func long(_ text: Substring, following rest: inout ArraySlice<String>) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let option = options.first(where: { $0.name == name }) else {
            let hint =
                nearestName(to: name, among: options.map(\.name)).map { "; did you mean --\($0)?" } ?? ""
            complaints.append("unknown option --\(printable(name))\(hint)")
            return
        }
        take(option, attached: parts.count > 1 ? String(parts[1]) : nil, following: &rest)
    }

    mutating func short(_ text: Substring, following rest: inout ArraySlice<String>) {
        guard let letter = text.first, let option = options.first(where: { $0.short == letter }) else {
            complaints.append("unknown option -\(printable(String(text)))")
            return
        }
        let remainder = text.dropFirst()
        if option.kind == nil {
            take(option, attached: nil, following: &rest)
            if !remainder.isEmpty { short(remainder, following: &rest) }
        } else {
            take(option, attached: remainder.isEmpty ? nil : String(remainder), following: &rest)
        }
    }

    private mutating func take(
        _ option: Command.Option, attached: String?, following rest: inout ArraySlice<String>
    ) {
        guard let kind = option.kind else {
            if attached != nil { complaints.append("--\(option.name) takes no value") }
            values[option.name] = [""]
            return
        }
        guard let value = attached ?? rest.popFirst() else {
            complaints.append("--\(option.name) needs \(option.placeholder)")
            return
        }
        if let complaint = kind.complaint(about: value) {
            complaints.append("--\(option.name) \(printable(value)): \(complaint)")
        }
        if values[option.name] != nil, !option.isRepeated {
            complaints.append("--\(option.name) is given twice")
        }
        values[option.name, default: []].append(value)
    }

    mutating func checkArguments() {
        for (index, argument) in command.arguments.enumerated() where argument.isRequired {
            if index >= arguments.count { complaints.append("\(argument.name) is missing") }
        }
        for (index, value) in arguments.enumerated() {
            guard let last = command.arguments.last, index < command.arguments.count || last.isRepeated else {
                complaints.append("nothing is expected at “\(printable(value))”")
                continue
            }
            let argument = index < command.arguments.count ? command.arguments[index] : last
            if let complaint = argument.kind.complaint(about: value) {
                complaints.append("\(argument.name) \(printable(value)): \(complaint)")
            }
        }
    }

    mutating func checkRequired() {
        for option in command.options where option.isRequired && values[option.name] == nil {
            complaints.append("--\(option.name) \(option.placeholder) is missing")
        }
    }
}

extension Command.ValueKind {
    /// What is wrong with a value, or `nil`.
    func complaint(about value: String) -> String? {
        switch self {
        case .text: return nil
        case .path: return value.isEmpty ? "a path must not be empty" : nil
        case .integer(let range):
            guard let number = Int(value) else { return "a whole number is needed" }
            return range.contains(number) ? nil : "must be from \(range.lowerBound) to \(range.upperBound)"
        case .duration: return Duration(userText: value) == nil ? "a duration is needed: 15m, 24h, 7d" : nil
        case .size: return ByteSize(userText: value) == nil ? "a size is needed: 64MiB, 10GiB" : nil
        case .time:
            return Timestamp(userText: value, now: .epoch) == nil
                ? "a time is needed: 2026-01-31T08:00:00Z, 2026-01-31, -24h, yesterday, 7d" : nil
        case .choice(let names): return Self.unknown(value, among: names)
        case .choices(let names):
            return value.split(separator: ",").lazy.compactMap { Self.unknown(String($0), among: names) }
                .first
        }
    }

    private static func unknown(_ value: String, among names: [String]) -> String? {
        if names.contains(value) { return nil }
        if let near = nearestName(to: value, among: names) { return "did you mean \(near)?" }
        return "one of \(names.joined(separator: ", ")) is needed"
    }

    /// The values to offer at the shell, where they can be listed.
    var listed: [String] {
        switch self {
        case .choice(let names), .choices(let names): names
        default: []
        }
    }
}
