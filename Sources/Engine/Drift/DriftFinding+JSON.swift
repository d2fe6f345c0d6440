extension DriftFinding {
    /// As one JSON object; `time` is when its age is asked.
    package func json(at time: Timestamp) -> [UInt8] { json(at: time, uid: uid) }

    func json(at time: Timestamp, uid: String) -> [UInt8] {
        var out: [UInt8] = [UInt8(ascii: "{")]
        func member(_ name: String, _ raw: String) {
            JSONFragment.append(raw: (out.count == 1 ? "\"" : ",\"") + name + "\":" + raw, to: &out)
        }
        func text(_ name: String, _ text: String?) {
            guard let text, !text.isEmpty else { return }
            member(name, "")
            JSONFragment.append(text, to: &out)
        }
        func list(_ name: String, _ texts: [String]) {
            guard !texts.isEmpty else { return }
            member(name, "[")
            for (place, text) in texts.prefix(Self.listMax).enumerated() {
                if place > 0 { out.append(UInt8(ascii: ",")) }
                JSONFragment.append(text, to: &out)
            }
            out.append(UInt8(ascii: "]"))
        }
        text("uid", uid)
        text("code", code.name)
        text("title", code.title)
        text("state", isOpen ? "open" : "closed")
        text("severity", severity.name)
        text("provider", provider)
        text("account", account)
        text("subject", subject)
        text("object", object)
        text("words", words)
        text("effect", effect.name)
        text("verdict", verdict?.rawValue)
        text("witness", witness)
        list("gained", gained)
        text("consequence", consequence)
        member("opened", "")
        opened.append(to: &out)
        if let closed {
            member("closed", "")
            closed.append(to: &out)
        }
        member("age_seconds", String(age(at: time).components.seconds))
        if let notBefore { text("not_before", Self.text(notBefore)) }
        list("remedies", remedies)
        list("evidence", evidence)
        if let severityGiven { member("severity_given", String(severityGiven.rawValue)) }
        out.append(UInt8(ascii: "}"))
        return out
    }

    package static func text(_ time: Timestamp) -> String {
        var bytes: [UInt8] = []
        time.appendISO8601(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads back what `json` wrote; `nil` where something that every finding has is missing.
    package init?(_ document: Document) {
        guard let code = document["code"]?.string.flatMap({ DriftCode(name: $0) }),
            let subject = document["subject"]?.string, let words = document["words"]?.string,
            let opened = document["opened"].flatMap({ Cause($0) })
        else { return nil }
        func texts(_ name: String) -> [String] {
            (document[name]?.list ?? []).prefix(Self.listMax).compactMap(\.string)
        }
        func time(_ name: String) -> Timestamp? { document[name]?.string.flatMap { Timestamp(iso8601: $0) } }
        let effect = document["effect"]?.string
        self.init(
            code, provider: document["provider"]?.string ?? "", account: document["account"]?.string ?? "",
            subject: subject, object: document["object"]?.string ?? "", opened: opened,
            effect: Effect.allCases.first { $0.name == effect } ?? .none, words: words)
        closed = document["closed"].flatMap { Cause($0) }
        verdict = document["verdict"]?.string.flatMap { PolicyComparison.Verdict(rawValue: $0) }
        witness = document["witness"]?.string ?? ""
        gained = texts("gained")
        consequence = document["consequence"]?.string ?? ""
        remedies = texts("remedies")
        evidence = texts("evidence")
        notBefore = time("not_before")
        severityGiven = document["severity_given"].flatMap(Self.severity)
    }

    private static func severity(_ number: Document) -> Severity? {
        number.integer.flatMap { UInt8(exactly: $0) }.flatMap { Severity(rawValue: $0) }
    }
}

extension DriftFinding.Cause {
    package var json: [UInt8] {
        var out: [UInt8] = []
        append(to: &out)
        return out
    }

    func append(to out: inout [UInt8]) {
        JSONFragment.append(raw: "{\"event\":", to: &out)
        JSONFragment.append(uid, to: &out)
        JSONFragment.append(raw: ",\"time\":\"", to: &out)
        time.appendISO8601(to: &out)
        JSONFragment.append(raw: "\",\"operation\":", to: &out)
        JSONFragment.append(operation, to: &out)
        func text(_ name: String, _ text: String) {
            JSONFragment.append(raw: ",\"\(name)\":", to: &out)
            JSONFragment.append(text, to: &out)
        }
        if !actor.isEmpty { text("actor", actor) }
        if let human { text("human", human) }
        switch backing {
        case .none: break
        case .grant(let id): text("grant", id)
        case .pipeline(let name): text("pipeline", name)
        }
        out.append(UInt8(ascii: "}"))
    }

    init?(_ document: Document) {
        guard let uid = document["event"]?.string, let operation = document["operation"]?.string,
            let time = document["time"]?.string.flatMap({ Timestamp(iso8601: $0) })
        else { return nil }
        self.init(
            uid: uid, time: time, operation: operation, actor: document["actor"]?.string ?? "",
            human: document["human"]?.string)
        if let grant = document["grant"]?.string {
            backing = .grant(grant)
        } else if let pipeline = document["pipeline"]?.string {
            backing = .pipeline(pipeline)
        }
    }
}
