package import Engine

/// One line of the log.
package struct LogLine: Sendable, Hashable {
    /// Sorted by who has to do something about it.
    package enum Level: Int, Sendable, Comparable, CaseIterable {
        /// Nobody: what somebody chasing a fault would want to see.
        case detail
        /// Nobody: what a reader of the log expects to find later.
        case info
        /// An operator should look; Martlet goes on and mends it alone where it can.
        case warning
        /// An operator must act; this part stays broken until then.
        case error

        package var name: String {
            switch self {
            case .detail: "detail"
            case .info: "info"
            case .warning: "warning"
            case .error: "error"
            }
        }

        package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    }

    package struct Field: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var time: Timestamp
    package var level: Level
    /// One constant sentence; what varies goes into the fields, so that lines can be counted.
    package var message: String
    package var fields: [Field]

    package init(time: Timestamp, level: Level, message: String, fields: [Field] = []) {
        self.time = time
        self.level = level
        self.message = message
        self.fields = fields
    }

    /// `15:04:05 warning  message  name=value …`, for a person at a terminal.
    package var text: String {
        let clock = String(time.iso8601.prefix(19).suffix(8))
        let padded = level.name + String(repeating: " ", count: max(0, 8 - level.name.count))
        let pairs = fields.map { "  \($0.name)=\($0.value.contains(" ") ? "\"\($0.value)\"" : $0.value)" }
        return "\(clock) \(padded)\(printable(message))\(printable(pairs.joined()))"
    }

    /// `{"time":…,"level":…,"message":…,…}`, for machines.
    package var json: String {
        var members = [
            "\"time\":\(quoted(time.iso8601))", "\"level\":\(quoted(level.name))",
            "\"message\":\(quoted(message))",
        ]
        members += fields.map { "\(quoted($0.name)):\(quoted($0.value))" }
        return "{\(members.joined(separator: ","))}"
    }
}

/// Where log lines go; handed down like the doors, and never used per event.
package struct Log: Sendable {
    private let least: LogLine.Level
    private let time: (any TimeSource)?
    private let write: @Sendable (LogLine) -> Void

    package init(
        from least: LogLine.Level = .info, time: (any TimeSource)?,
        to write: @escaping @Sendable (LogLine) -> Void
    ) {
        self.least = least
        self.time = time
        self.write = write
    }

    /// A log that keeps nothing.
    package static let silent = Log(time: nil) { _ in }

    package func record(
        _ level: LogLine.Level, _ message: String, _ fields: KeyValuePairs<String, String> = [:]
    ) {
        guard level >= least else { return }
        write(
            LogLine(
                time: time?.now ?? .epoch, level: level, message: message,
                fields: fields.map { LogLine.Field($0.key, $0.value) }))
    }

    package func detail(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        record(.detail, message, fields)
    }
    package func info(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        record(.info, message, fields)
    }
    package func warning(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        record(.warning, message, fields)
    }
    package func error(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        record(.error, message, fields)
    }
}

/// A JSON string, quotes included; for small things written by hand, not for events.
package func quoted(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": json += "\\\""
        case "\\": json += "\\\\"
        case "\n": json += "\\n"
        case "\r": json += "\\r"
        case "\t": json += "\\t"
        case let control where control.value < 0x20:
            let digits = String(control.value, radix: 16)
            json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: json.unicodeScalars.append(scalar)
        }
    }
    return json + "\""
}

/// Text from outside made harmless for a terminal: control characters become `?`.
package func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.value < 0x20 || ($0.value >= 0x7F && $0.value < 0xA0) })
    else {
        return text
    }
    var clean = ""
    for scalar in text.unicodeScalars {
        let isControl = scalar.value < 0x20 || (scalar.value >= 0x7F && scalar.value < 0xA0)
        clean.unicodeScalars.append(isControl ? "?" : scalar)
    }
    return clean
}
