package import Engine

/// `~/.aws/config` or `~/.aws/credentials`, read as the AWS tools read it.
package struct AWSConfigFile: Hashable, Sendable {
    package enum Kind: Sendable {
        /// Profiles are `[default]` and `[profile x]`; there are `[sso-session x]` and `[services x]` besides.
        case config
        /// Every section is a profile.
        case credentials
    }

    package struct Setting: Hashable, Sendable {
        package var value: String
        package var position: SourcePosition
    }

    package struct Section: Hashable, Sendable {
        package var position: SourcePosition
        package var settings: [String: Setting] = [:]

        package subscript(key: String) -> String? { settings[key]?.value }
    }

    package var profiles: [String: Section] = [:]
    package var ssoSessions: [String: Section] = [:]

    package init() {}

    /// - Throws: every line that is no section, setting, comment or continuation.
    package init(_ text: String, file: String, kind: Kind) throws(Problems) {
        var problems: [Problem] = []
        var current: (kind: String, name: String)?
        var lastKey: String?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let position = SourcePosition(file: file, line: index + 1, column: 1)
            let trimmed = line.trimmingSpace
            if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
            if trimmed.hasPrefix("[") {
                lastKey = nil
                guard let section = Self.sectionName(trimmed, kind: kind) else {
                    problems.append(Problem(at: position, "a section's name must stand between [ and ]"))
                    current = nil
                    continue
                }
                current = section
                update(section) { $0 = $0 ?? Section(position: position) }
            } else if line.first == " " || line.first == "\t", lastKey != nil {
                continue  // nested settings (`s3 =` and lines below it) belong to tools that upload
            } else if let equals = trimmed.firstIndex(of: "=") {
                let key = trimmed[..<equals].trimmingSpace.lowercased()
                guard let section = current else {
                    problems.append(Problem(at: position, "\(key) stands before the first section"))
                    continue
                }
                lastKey = key
                let value = Self.withoutComment(trimmed[trimmed.index(after: equals)...]).trimmingSpace
                update(section) { $0?.settings[key] = Setting(value: String(value), position: position) }
            } else {
                problems.append(
                    Problem(
                        at: position, "this line is neither a [section] nor a setting", hint: "name = value"))
            }
        }
        if !problems.isEmpty { throw Problems(problems) }
    }

    private mutating func update(_ section: (kind: String, name: String), _ change: (inout Section?) -> Void)
    {
        switch section.kind {
        case "profile": change(&profiles[section.name])
        case "sso-session": change(&ssoSessions[section.name])
        default: break
        }
    }

    /// `[profile "my team"]` → (`profile`, `my team`).
    private static func sectionName(_ line: Substring, kind: Kind) -> (kind: String, name: String)? {
        guard let end = line.firstIndex(of: "]") else { return nil }
        let inside = line[line.index(after: line.startIndex)..<end].trimmingSpace
        guard !inside.isEmpty else { return nil }
        func unquoted(_ text: Substring) -> String {
            text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
                ? String(text.dropFirst().dropLast()) : String(text)
        }
        if kind == .credentials { return ("profile", unquoted(inside)) }
        let parts = inside.split(maxSplits: 1, whereSeparator: \.isWhitespace)
        if parts.count == 1 {
            return inside == "default" ? ("profile", "default") : ("other", String(inside))
        }
        return (String(parts[0]), unquoted(parts[1].trimmingSpace))
    }

    /// A `#` or `;` after a space begins a comment.
    private static func withoutComment(_ value: Substring) -> Substring {
        var previous: Character = " "
        for index in value.indices {
            if value[index] == "#" || value[index] == ";", previous == " " || previous == "\t" {
                return value[..<index]
            }
            previous = value[index]
        }
        return value
    }
}

extension Substring {
    var trimmingSpace: Substring {
        var text = self
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return text
    }
}
