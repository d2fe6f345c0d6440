extension FindingWriter {
    /// Where the parts of an event stand that a finding repeats.
    private struct EventParts {
        var actor: Range<Int>?
        var api: Range<Int>?
        var source: Range<Int>?
        var request: Range<Int>?
        var cloud: Range<Int>?
        var observables: Range<Int>?
        /// Whose act it was.
        var attribution: Range<Int>?
        var profiles: Range<Int>?
        var typeUID: Range<Int>?
        var typeName: Range<Int>?

        init(_ bytes: Span<UInt8>, _ event: Range<Int>) {
            var members = JSONMembers(event)
            while let member = members.next(bytes) {
                let isSmall = member.value.count <= FindingWriter.evidencePartBytesMax
                switch member.key.count {
                case 3 where isSmall && bytes.holds("api", member.key): api = member.value
                case 5 where isSmall && bytes.holds("actor", member.key): actor = member.value
                case 5 where isSmall && bytes.holds("cloud", member.key): cloud = member.value
                case 8 where bytes.holds("metadata", member.key):
                    profiles = Self.profiles(bytes, member.value)
                case 8 where bytes.holds("type_uid", member.key): typeUID = member.value
                case 9 where bytes.holds("type_name", member.key): typeName = member.value
                case 11 where bytes.holds("observables", member.key): observables = member.value
                case 11 where bytes.holds("enrichments", member.key):
                    attribution = Self.attribution(bytes, member.value)
                case 12 where isSmall && bytes.holds("src_endpoint", member.key): source = member.value
                case 12 where isSmall && bytes.holds("http_request", member.key): request = member.value
                default: break
                }
            }
        }

        private static func profiles(_ bytes: Span<UInt8>, _ metadata: Range<Int>) -> Range<Int>? {
            var members = JSONMembers(metadata)
            while let member = members.next(bytes) {
                if bytes.holds("profiles", member.key) { return member.value }
            }
            return nil
        }

        private static func attribution(_ bytes: Span<UInt8>, _ enrichments: Range<Int>) -> Range<Int>? {
            var elements = JSONMembers(enrichments)
            while let element = elements.nextElement(bytes) {
                if bytes.starts(with: Attributor.enrichmentOpening, element) { return element }
            }
            return nil
        }
    }

    /// An actor longer than this is left out of what correlations keep: bytes.
    private static let actorBytesMax = 1_024

    /// The event's `actor` as JSON; empty where there is none, or a long one.
    static func actor(of event: Event, in batch: borrowing EventBatch) -> [UInt8] {
        guard let actor = EventParts(batch.bytes.span, event.json.range).actor, actor.count <= actorBytesMax
        else { return [] }
        return Array(batch.bytes[actor])
    }

    /// Appends the finding of one hit as a row of `findings`.
    func append(
        rule: Int, evidence: [RuleMatcher.Evidence], tape: JSONTape, event: Event,
        of batch: borrowing EventBatch,
        to findings: inout EventBatch
    ) {
        let wording = wordings[rule]
        let uid = StableDigest.finding(wording.id, batch.bytes.span.extracting(event.uid.range))
        let bytes = batch.bytes.span
        let parts = EventParts(bytes, event.json.range)
        let start = findings.bytes.count
        JSONFragment.append(
            raw:
                "{\"activity_id\":1,\"activity_name\":\"Create\",\"category_name\":\"Findings\",\"category_uid\":2,"
                + "\"class_name\":\"Detection Finding\",\"class_uid\":2004,", to: &findings.bytes)
        if let cloud = parts.cloud {
            JSONFragment.append(raw: "\"cloud\":", to: &findings.bytes)
            findings.bytes.append(contentsOf: batch.bytes[cloud])
            findings.bytes.append(UInt8(ascii: ","))
        }
        findings.bytes.append(contentsOf: wording.head)
        JSONFragment.append(raw: ",\"status\":\"New\",\"status_id\":1", to: &findings.bytes)
        appendInfo(wording, uid, event, parts, batch, to: &findings.bytes)
        appendEvidence(evidence, parts, tape, batch, to: &findings.bytes)
        appendObservables(parts, batch, to: &findings.bytes)
        if let attribution = parts.attribution, attribution.count <= Self.evidencePartBytesMax {
            JSONFragment.append(raw: ",\"enrichments\":[", to: &findings.bytes)
            findings.bytes.append(contentsOf: batch.bytes[attribution])
            findings.bytes.append(UInt8(ascii: "]"))
        }
        JSONFragment.append(
            raw: ",\"metadata\":{\"product\":{\"name\":\"Martlet\",\"vendor_name\":\"Martlet\"}",
            to: &findings.bytes)
        appendProfiles(parts, batch, to: &findings.bytes)
        JSONFragment.append(raw: ",\"uid\":\"", to: &findings.bytes)
        let uidStart = findings.bytes.count
        findings.bytes.append(contentsOf: uid.utf8)
        JSONFragment.append(raw: "\",\"version\":\"1.9.0\"},\"time\":", to: &findings.bytes)
        JSONFragment.append(event.time.milliseconds, to: &findings.bytes)
        JSONFragment.append(
            raw: ",\"type_name\":\"Detection Finding: Create\",\"type_uid\":200401}", to: &findings.bytes)

        var row = Event(time: event.time)
        row.kind = .finding
        row.classUID = 2004
        row.activityID = 1
        row.statusID = 1
        row.severityID = wording.severityID
        row.uid = Extent(start: uidStart, count: uid.utf8.count)
        row.json = Extent(start: start, count: findings.bytes.count - start)
        row.ordinal = event.ordinal
        findings.bytes.append(UInt8(ascii: "\n"))
        findings.events.append(row)
    }

    private func appendInfo(
        _ wording: Wording, _ uid: String, _ event: Event, _ parts: EventParts, _ batch: borrowing EventBatch,
        to out: inout [UInt8]
    ) {
        JSONFragment.append(raw: ",\"finding_info\":{\"uid\":\"", to: &out)
        JSONFragment.append(raw: uid, to: &out)
        JSONFragment.append(raw: "\",", to: &out)
        out.append(contentsOf: wording.info)
        let time = event.time.milliseconds
        JSONFragment.append(raw: ",\"created_time\":", to: &out)
        JSONFragment.append(time, to: &out)
        JSONFragment.append(raw: ",\"first_seen_time\":", to: &out)
        JSONFragment.append(time, to: &out)
        JSONFragment.append(raw: ",\"last_seen_time\":", to: &out)
        JSONFragment.append(time, to: &out)
        JSONFragment.append(raw: ",\"data_sources\":[", to: &out)
        out.append(contentsOf: feed)
        JSONFragment.append(raw: "],\"related_events\":[{\"uid\":\"", to: &out)
        out.append(contentsOf: batch.bytes[event.uid.range])
        out.append(UInt8(ascii: "\""))
        if let typeUID = parts.typeUID {
            JSONFragment.append(raw: ",\"type_uid\":", to: &out)
            out.append(contentsOf: batch.bytes[typeUID])
        }
        if let typeName = parts.typeName {
            JSONFragment.append(raw: ",\"type_name\":", to: &out)
            out.append(contentsOf: batch.bytes[typeName])
        }
        JSONFragment.append(raw: "}],\"related_events_count\":1}", to: &out)
    }

    /// Who, through what, from where, and the fields that spoke for the rule.
    private func appendEvidence(
        _ evidence: [RuleMatcher.Evidence], _ parts: EventParts, _ tape: JSONTape,
        _ batch: borrowing EventBatch,
        to out: inout [UInt8]
    ) {
        JSONFragment.append(raw: ",\"evidences\":[{\"data\":{", to: &out)
        for (i, item) in evidence.enumerated() {
            if i > 0 { out.append(UInt8(ascii: ",")) }
            JSONFragment.append(item.name, to: &out)
            out.append(UInt8(ascii: ":"))
            append(item, tape, to: &out)
        }
        out.append(UInt8(ascii: "}"))
        append(",\"actor\":", parts.actor, batch, to: &out)
        append(",\"api\":", parts.api, batch, to: &out)
        append(",\"src_endpoint\":", parts.source, batch, to: &out)
        append(",\"http_request\":", parts.request, batch, to: &out)
        JSONFragment.append(raw: "}]", to: &out)
    }

    private func append(
        _ key: String, _ part: Range<Int>?, _ batch: borrowing EventBatch, to out: inout [UInt8]
    ) {
        guard let part else { return }
        JSONFragment.append(raw: key, to: &out)
        out.append(contentsOf: batch.bytes[part])
    }

    private func append(_ item: RuleMatcher.Evidence, _ tape: JSONTape, to out: inout [UInt8]) {
        let limit = Self.evidenceValueBytesMax
        var text: [UInt8] = []
        switch item.kind {
        case .decoded: JSONFragment.append(raw: "null", to: &out)
        case .text:
            // Decoded and escaped again, so that half a surrogate pair does not travel on.
            if Bytes.containsBackslash(tape, item.source) {
                Bytes.unescape(tape, item.source, into: &text)
            } else {
                Bytes.append(tape, item.source, to: &text)
            }
            JSONFragment.append(textOf: text.span, limit: limit, to: &out)
        default:
            Bytes.append(tape, item.source, to: &text)
            let isSafe = text.count <= limit && !text.contains(UInt8(ascii: "\\"))
            if isSafe { out += text } else { JSONFragment.append(textOf: text.span, limit: limit, to: &out) }
        }
    }

    /// The event's observables, under where the evidence now holds them.
    private func appendObservables(_ parts: EventParts, _ batch: borrowing EventBatch, to out: inout [UInt8])
    {
        guard let list = parts.observables else { return }
        let bytes = batch.bytes.span
        var elements = JSONMembers(list)
        var count = 0
        while count < Self.observablesMax, let element = elements.nextElement(bytes) {
            var members = JSONMembers(element)
            var name: Range<Int>?
            while name == nil, let member = members.next(bytes) {
                if bytes.holds("name", member.key) { name = member.value }
            }
            guard let name, name.count > 2, isRepeated(bytes, name, parts) else { continue }
            JSONFragment.append(raw: count == 0 ? ",\"observables\":[" : ",", to: &out)
            out.append(contentsOf: batch.bytes[element.lowerBound..<name.lowerBound])
            JSONFragment.append(raw: "\"evidences[].", to: &out)
            out.append(contentsOf: batch.bytes[name.lowerBound + 1..<element.upperBound])
            count += 1
        }
        if count > 0 { out.append(UInt8(ascii: "]")) }
    }

    /// Whether an observable's name, in quotes, points into a part that the evidence repeats.
    private func isRepeated(_ bytes: Span<UInt8>, _ name: Range<Int>, _ parts: EventParts) -> Bool {
        var end = name.lowerBound + 1
        while end < name.upperBound - 1, bytes[end] != UInt8(ascii: ".") { end += 1 }
        let root = name.lowerBound + 1..<end
        return (parts.actor != nil && bytes.holds("actor", root))
            || (parts.api != nil && bytes.holds("api", root))
            || (parts.source != nil && bytes.holds("src_endpoint", root))
            || (parts.request != nil && bytes.holds("http_request", root))
    }

    /// Those of the event's profiles that what is copied from it may need.
    private func appendProfiles(_ parts: EventParts, _ batch: borrowing EventBatch, to out: inout [UInt8]) {
        guard let list = parts.profiles else { return }
        let bytes = batch.bytes.span
        var elements = JSONMembers(list)
        var count = 0
        while let element = elements.nextElement(bytes) {
            guard element.count > 2 else { continue }
            let name = element.lowerBound + 1..<element.upperBound - 1
            let isKept =
                bytes.holds("datetime", name)
                || (parts.cloud != nil && bytes.holds("cloud", name))
            guard isKept else { continue }
            JSONFragment.append(raw: count == 0 ? ",\"profiles\":[" : ",", to: &out)
            out.append(contentsOf: batch.bytes[element])
            count += 1
        }
        if count > 0 { out.append(UInt8(ascii: "]")) }
    }
}
