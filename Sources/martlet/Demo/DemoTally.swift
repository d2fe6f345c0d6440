import Engine

/// What a receiver got, counted as a person would ask for it: events by class, findings by rule and principal.
struct DemoTally: Sendable {
    struct Finding: Sendable {
        var uid: String
        var rule: String
        var severity: Int
        /// Who, as far as the evidence says.
        var principal: String
        /// `metadata.uid` of the evidence.
        var events: [String]
    }

    struct Rule: Sendable {
        var name: String
        var severity: Int
        var findings = 0
        /// How often each principal stands in them.
        var principals: [String: Int] = [:]
    }

    /// Somebody who stands in findings.
    struct Principal: Sendable {
        /// The gravest finding's.
        var severity = 0
        var findings = 0
        var rules: Set<String> = []

        fileprivate mutating func take(severity: Int, rule: String) {
            findings += 1
            self.severity = max(self.severity, severity)
            rules.insert(rule)
        }
    }

    /// Findings kept one by one, for the recall; beyond it they are only counted.
    private static let findingsMax = 100_000

    private(set) var events = 0
    private(set) var classes: [String: Int] = [:]
    private(set) var rules: [String: Rule] = [:]
    private(set) var principals: [String: Principal] = [:]
    private(set) var findings: [Finding] = []
    private(set) var findingCount = 0
    /// Bytes of JSON received, envelopes included.
    private(set) var bytes = 0

    /// Takes a request's body: one JSON object after another, each an event or an envelope with an `event` in it.
    mutating func take(_ body: [UInt8], with reader: RecordReader) {
        bytes += body.count
        reader.begin()
        reader.feed(body.span)
        reader.finish()
        while reader.advance() {
            for record in reader.records {
                let tape = reader.tape
                let event = tape.member("event", of: record.open) ?? record.open
                guard tape.kind(event) == .object else { continue }
                take(event, tape)
            }
        }
    }

    private mutating func take(_ event: Int, _ tape: JSONTape) {
        let name = tape.text("class_name", of: event) ?? tape.text("class_uid", of: event) ?? "unknown"
        guard name == "Detection Finding", DemoTally.isOurs(event, tape) else {
            events += 1
            classes[name, default: 0] += 1
            return
        }
        findingCount += 1
        let info = tape.object("finding_info", of: event)
        let analytic = info.flatMap { tape.object("analytic", of: $0) }
        let title =
            analytic.flatMap { tape.text("name", of: $0) } ?? info.flatMap { tape.text("title", of: $0) }
            ?? "unnamed"
        let severity = tape.text("severity_id", of: event).flatMap { Int($0) } ?? 0
        let principal = DemoTally.principal(of: event, tape)
        rules[title, default: Rule(name: title, severity: severity)].findings += 1
        rules[title]?.principals[principal, default: 0] += 1
        principals[principal, default: Principal()].take(severity: severity, rule: title)
        guard findings.count < DemoTally.findingsMax else { return }
        let related = info.flatMap { tape.array("related_events", of: $0) } ?? []
        findings.append(
            Finding(
                uid: info.flatMap { tape.text("uid", of: $0) } ?? "", rule: title, severity: severity,
                principal: principal, events: related.compactMap { tape.text("uid", of: $0) }))
    }

    /// A vendor's own findings, such as CloudTrail's Insights, are events like all it sends.
    private static func isOurs(_ finding: Int, _ tape: JSONTape) -> Bool {
        let product = tape.object("metadata", of: finding).flatMap { tape.object("product", of: $0) }
        return product.flatMap { tape.text("name", of: $0) } ?? "Martlet" == "Martlet"
    }

    /// The person or program of the first evidence: a role session reads `session via role`, a user by name.
    private static func principal(of finding: Int, _ tape: JSONTape) -> String {
        let evidence = (tape.array("evidences", of: finding) ?? []).first
        guard
            let actor = evidence.flatMap({ tape.object("actor", of: $0) })
                ?? tape.object("actor", of: finding)
        else { return "unknown" }
        let user = tape.object("user", of: actor)
        let session = tape.object("session", of: actor)
        let name = user.flatMap { tape.text("name", of: $0) } ?? user.flatMap { tape.text("uid", of: $0) }
        let issuer = session.flatMap { tape.text("issuer", of: $0) }
        if let issuer,
            let arn = user.flatMap({ sessionName(tape.text("uid_alt", of: $0), tape.text("uid", of: $0)) })
        {
            return "\(arn) via \(roleName(issuer))"
        }
        return name ?? tape.text("invoked_by", of: actor) ?? "unknown"
    }

    /// The name a session was given, from its ARN or from `AROA…:name`.
    private static func sessionName(_ texts: String?...) -> String? {
        for text in texts.compactMap({ $0 }) {
            if text.contains(":assumed-role/"), let name = text.split(separator: "/").last {
                return String(name)
            }
            if text.hasPrefix("AROA"), let name = text.split(separator: ":").dropFirst().last {
                return String(name)
            }
        }
        return nil
    }

    /// The role's name; of a role made by Identity Center the permission set's.
    private static func roleName(_ arn: String) -> String {
        let name = arn.split(separator: "/").last.map { String($0) } ?? arn
        let prefix = "AWSReservedSSO_"
        guard name.hasPrefix(prefix), let end = name.lastIndex(of: "_") else { return name }
        return String(name[name.index(name.startIndex, offsetBy: prefix.count)..<end])
    }
}

extension JSONTape {
    func text(_ key: StaticString, of open: Int) -> String? {
        guard let token = member(key, of: open), !isContainer(token), kind(token) != .null else { return nil }
        return string(token)
    }

    func object(_ key: StaticString, of open: Int) -> Int? {
        guard let token = member(key, of: open), kind(token) == .object else { return nil }
        return token
    }

    /// The objects in an array; `nil` where there is no array.
    func array(_ key: StaticString, of open: Int) -> [Int]? {
        guard let token = member(key, of: open), kind(token) == .array else { return nil }
        var objects: [Int] = []
        let close = Int(matches[token])
        var element = token + 1
        while element < close {
            if kind(element) == .object { objects.append(element) }
            element = after(element) + 1
        }
        return objects
    }
}
