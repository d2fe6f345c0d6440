/// JSON while it is written: objects and lists of them, members in the order they are given.
private struct CaseJSON {
    private(set) var bytes: [UInt8] = []
    private var isFirst = true

    mutating func object(_ key: String? = nil, _ body: (inout CaseJSON) -> Void) {
        container(key, "{", "}", body)
    }

    mutating func list<Element>(
        _ key: String, _ elements: some Sequence<Element>, _ body: (inout CaseJSON, Element) -> Void
    ) {
        container(key, "[", "]") { for element in elements { body(&$0, element) } }
    }

    mutating func list(_ key: String, _ texts: some Sequence<String>) {
        list(key, texts) { $0.value(JSONText.quoted($1)) }
    }

    mutating func list(_ key: String, _ numbers: some Sequence<Int>) {
        list(key, numbers) { $0.value(Array(String($1).utf8)) }
    }

    /// Left out where it is empty.
    mutating func text(_ key: String, _ text: String) {
        if !text.isEmpty { member(key, JSONText.quoted(text)) }
    }

    mutating func number(_ key: String, _ number: Int) { member(key, Array(String(number).utf8)) }
    mutating func number(_ key: String, _ number: Int?) { if let number { self.number(key, number) } }
    mutating func time(_ key: String, _ time: Timestamp?) { text(key, time?.iso8601 ?? "") }
    mutating func points(_ key: String, _ hundredths: Int) {
        member(key, Array(RiskLedger.text(hundredths).utf8))
    }
    mutating func mark(_ key: String, _ holds: Bool) { if holds { member(key, Array("true".utf8)) } }

    private mutating func member(_ key: String, _ value: [UInt8]) {
        separate(key)
        bytes += value
    }

    private mutating func value(_ value: [UInt8]) {
        separate(nil)
        bytes += value
    }

    private mutating func separate(_ key: String?) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        guard let key else { return }
        bytes += JSONText.quoted(key)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func container(
        _ key: String?, _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout CaseJSON) -> Void
    ) {
        separate(key)
        bytes.append(UInt8(ascii: open))
        isFirst = true
        body(&self)
        isFirst = false
        bytes.append(UInt8(ascii: close))
    }
}

extension Investigation {
    /// One JSON object and a newline: all that is known, whatever a terminal shows of it.
    package var json: [UInt8] {
        var out = CaseJSON()
        out.object { out in
            out.text("entity", entity.name)
            out.text("kind", kind.rawValue)
            out.list("also", alsoKinds.map(\.rawValue))
            out.text("subject", subject)
            out.text("nature", nature)
            out.mark("all_of_the_human", isWhole)
            out.time("first_time", data.lowerBound)
            out.time("last_time", data.upperBound)
            out.time("from", window.lowerBound)
            out.time("to", window.upperBound)
            out.number("events", events)
            out.number("left_out", leftOut)
            out.list("behind", behind) { out, one in
                out.object {
                    $0.text("name", one.name)
                    $0.text("kind", one.nature)
                    $0.number("events", one.events)
                }
            }
            out.list("sessions", sessions) { out, one in Self.write(one, to: &out) }
            for (key, uses) in [("places", places), ("programs", agents)] {
                out.list(key, uses) { out, one in Self.write(one, to: &out) }
            }
            out.list("firsts", firsts) { out, one in
                out.object {
                    $0.text("dimension", one.dimension)
                    $0.text("value", one.value)
                    $0.time("time", one.time)
                    $0.number("days_before", one.daysBefore)
                    $0.text("evidence", one.evidence)
                }
            }
            writeFindings(to: &out)
            out.list("steps", steps) { out, one in Self.write(one, to: &out) }
            out.list("things", things) { out, one in Self.write(one, to: &out) }
            out.list("reach", reach) { out, one in
                out.object {
                    $0.text("principal", one.principal)
                    $0.text("account", one.account)
                    $0.time("time", one.time)
                    $0.list("holds", one.holds)
                    $0.list("allowed", one.allowed)
                    $0.mark("documents_are_missing", !one.isWhole)
                }
            }
            out.list("pivots", pivots) { out, one in
                out.object {
                    $0.text("kind", one.kind.rawValue)
                    $0.text("name", one.name)
                    $0.number("events", one.count)
                    $0.text("why", one.why)
                }
            }
            out.list("evidence", evidence) { out, one in
                out.object {
                    $0.text("uid", one.uid)
                    $0.time("time", one.time)
                    $0.text("sha256", one.digest)
                    $0.text("of", one.isOfRecord ? "record" : "event")
                }
            }
            out.list("notes", notes)
        }
        return out.bytes + [UInt8(ascii: "\n")]
    }

    private func writeFindings(to out: inout CaseJSON) {
        out.list("findings", findings) { out, one in
            out.object {
                $0.text("uid", one.uid)
                $0.text("title", one.title)
                $0.text("severity", one.severity)
                $0.text("rule", one.rule)
                $0.time("time", one.time)
                $0.list("events", one.evidence)
            }
        }
        out.list("scores", scores) { out, one in
            out.object {
                $0.time("time", one.time)
                $0.points("score", one.hundredths)
                $0.text("finding", one.finding)
            }
        }
    }

    private static func write(_ one: CaseSession, to out: inout CaseJSON) {
        out.object {
            $0.text("type", one.type)
            $0.text("id", one.id)
            $0.text("label", one.label)
            $0.text("provider", one.provider)
            $0.text("account", one.account)
            $0.number("parent", one.parent)
            $0.text("via", one.via)
            $0.text("certainty", one.certainty)
            $0.text("evidence", one.evidence)
            $0.time("issued", one.issued)
            $0.number("events", one.events)
            $0.time("first_time", one.first)
            $0.time("last_time", one.last)
            $0.list("addresses", one.addresses)
            $0.mark("asked_for", one.isAsked)
        }
    }

    private static func write(_ one: CaseUse, to out: inout CaseJSON) {
        out.object {
            $0.text("name", one.name)
            $0.text("of", one.of)
            $0.number("events", one.count)
            $0.time("first_time", one.first)
            $0.time("last_time", one.last)
            $0.mark("new", one.isNew)
            $0.list("others", one.others)
        }
    }

    private static func write(_ one: CaseStep, to out: inout CaseJSON) {
        out.object {
            $0.text("relation", one.relation.rawValue)
            $0.time("first_time", one.first)
            $0.time("last_time", one.last)
            $0.number("events", one.count)
            $0.number("session", one.session)
            $0.text("actor", one.actor)
            $0.text("service", one.service)
            $0.text("operation", one.operation)
            $0.text("outcome", one.outcome.rawValue)
            $0.text("reason", one.reason)
            $0.text("address", one.address)
            $0.text("program", one.agent)
            $0.text("account", one.account)
            $0.text("region", one.region)
            $0.list("targets", one.targets)
            $0.number("target_count", one.targetCount)
            $0.text("change", one.change?.rawValue ?? "")
            $0.mark("notable", one.isNotable)
            $0.list("firsts", one.firsts)
            $0.list("findings", one.findings)
            $0.list("evidence", one.evidence)
        }
    }

    private static func write(_ one: CaseThing, to out: inout CaseJSON) {
        out.object {
            $0.text("change", one.change.rawValue)
            $0.text("kind", one.kind)
            $0.text("label", one.label)
            $0.text("account", one.account)
            $0.text("operation", one.operation)
            $0.time("time", one.time)
            $0.text("evidence", one.evidence)
            $0.number("more", one.more)
            $0.text("standing", one.standing.name)
            switch one.standing {
            case .undone(let by, let operation, let evidence, let time):
                $0.text("undone_by", by)
                $0.text("undone_with", operation)
                $0.text("undone_evidence", evidence)
                $0.time("undone_time", time)
            case .until(let time): $0.time("until", time)
            case .stands, .notKnown: break
            }
            $0.text("command", one.command ?? "")
            if let uses = one.uses {
                $0.object("uses") {
                    $0.number("events", uses.count)
                    $0.time("first_time", uses.first)
                    $0.time("last_time", uses.last)
                    $0.list("addresses", uses.addresses)
                }
            }
        }
    }
}
