/// What wraps records: objects around arrays, envelopes around one record, and records written as strings.
extension RecordReader {
    /// Members that hold an array of records.
    private static let arrayKeys: [StaticString] = [
        "Records", "records", "value", "events", "Events", "items", "entries", "logEvents",
    ]
    /// Other members of such objects; of these an array may also be empty, and a container stand before the records.
    private static let envelopeKeys: [StaticString] = [
        "kind", "apiVersion", "metadata", "etag", "nextPageToken", "NextToken", "nextToken", "@odata.context",
        "@odata.nextLink", "@odata.deltaLink", "@odata.count", "messageType", "owner", "logGroup",
        "logStream",
        "subscriptionFilters", "ResponseMetadata", "searchedLogStreams", "nextForwardToken",
        "nextBackwardToken",
        "cursor", "has_more", "count", "startKey", "IsTruncated", "Truncated", "Marker", "NextMarker",
    ]
    /// First members of the envelopes around one record.
    private static let carrierKeys: [StaticString] = [
        "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail",
        "EventId",
        "EventName", "ReadOnly", "AccessKeyId", "EventTime", "EventSource", "Username", "Resources",
        "CloudTrailEvent", "logStreamName", "timestamp", "message", "eventId", "ingestionTime",
        "PSComputerName", "RunspaceId", "RecordId", "RecordType", "CreationDate", "UserIds", "Operations",
        "AuditData", "ResultIndex", "attrs", "category", "ccpNamespace", "operationName", "resourceId",
        "Identity", "@odata.type",
    ]

    enum Wrapper { case none, array(Int), undecided }

    /// Whether the object at `open` wraps an array of records, judged by the members before the array alone, so
    /// that the answer does not depend on where a window was cut.
    ///
    /// Its array must hold objects and only single values stand before it, or it must look like an API's answer.
    func wrapper(at open: Int, in window: Window, _ bytes: ByteView) -> Wrapper {
        let tokens = window.tokens
        let count = window.count
        var key = open + 1
        var isEnvelope = true
        for _ in 0..<64 {
            guard key + 2 < count else {
                return key < count && bytes[tokens[key]] == 0x7D ? .none : .undecided
            }
            guard bytes[tokens[key]] == 0x22, bytes[tokens[key + 1]] == 0x3A else { return .none }
            let name = stringContent(key, tokens, bytes)
            let value = key + 2
            var next = value + 1
            switch bytes[tokens[value]] {
            case 0x5B where Self.contains(Self.arrayKeys, name, bytes):
                guard next < count else { return .undecided }
                switch bytes[tokens[next]] {
                case 0x7B: return .array(value)
                case 0x5D: return isEnvelope ? .array(value) : .none
                default: return .none
                }
            case 0x5B where isEnvelope && isDeclaredArray(name, bytes):
                guard next < count else { return .undecided }
                let first = bytes[tokens[next]]
                return first == 0x7B || first == 0x5D ? .array(value) : .none
            case 0x7B, 0x5B:
                guard Self.contains(Self.envelopeKeys, name, bytes) else { return .none }
                guard let end = balanced(tokens, count, bytes, from: value) else { return .undecided }
                next = end
            default:
                isEnvelope = isEnvelope && Self.contains(Self.envelopeKeys, name, bytes)
            }
            guard next < count else { return .undecided }
            guard bytes[tokens[next]] == 0x2C else { return .none }
            key = next + 1
        }
        return .none
    }

    /// Whether a feed has arrays of records under that name.
    func isDeclaredArray(_ name: Extent, _ bytes: ByteView) -> Bool {
        if layouts.arrays.isEmpty { return false }
        return unsafe layouts.arrays.contains(
            [UInt8](UnsafeBufferPointer(start: bytes.base + Int(name.start), count: Int(name.count))))
    }

    /// Where a record is found in the object that was read.
    enum Carried {
        /// It is the record itself.
        case record
        /// The object at this token is.
        case object(Int)
        /// The string at this token holds it.
        case string(Int)
        /// This text is a table, each of whose lines is one.
        case table([UInt8])
    }

    /// What the whole, checked object at `open` carries: EventBridge's `detail`, LookupEvents' `CloudTrailEvent`,
    /// CloudWatch Logs' `message`, the `AuditData` of a search in Microsoft's unified audit log (`auditData` by Graph),
    /// the `properties.log` of Azure's Kubernetes clusters; else it is a record.
    func carried(by open: Int, _ bytes: ByteView, _ tokens: TokenView) -> Carried {
        guard bytes[tokens[open + 1]] == 0x22 else { return .record }
        if !layouts.tables.isEmpty, let table = carriedTable(by: open, bytes, tokens) { return .table(table) }
        let first = stringContent(open + 1, tokens, bytes)
        guard first.count <= 15, Self.contains(Self.carrierKeys, first, bytes) else { return .record }
        let close = Int(tape.matches[open])
        var key = open + 1
        var detail: Int?
        var message: Int?
        var properties: Int?
        var category: Int?
        var auditData: Int?
        var isAuditLogRecord = false
        var hasDetailType = false
        var hasLogTime = false
        var members = 0
        while key < close {
            let name = stringContent(key, tokens, bytes)
            let value = key + 2
            let byte = bytes[tokens[value]]
            if Self.isEqual(name, "CloudTrailEvent", bytes), byte == 0x22 { return .string(value) }
            if Self.isEqual(name, "AuditData", bytes), byte == 0x22 { return .string(value) }
            if Self.isEqual(name, "auditLogRecordType", bytes) { isAuditLogRecord = true }
            if Self.isEqual(name, "auditData", bytes), byte == 0x7B { auditData = value }
            if Self.isEqual(name, "detail", bytes), byte == 0x7B { detail = value }
            if Self.isEqual(name, "message", bytes), byte == 0x22 { message = value }
            if Self.isEqual(name, "properties", bytes), byte == 0x7B { properties = value }
            if Self.isEqual(name, "category", bytes), byte == 0x22 { category = value }
            if Self.isEqual(name, "detail-type", bytes) { hasDetailType = true }
            if Self.isEqual(name, "timestamp", bytes), byte != 0x22 { hasLogTime = true }
            members += 1
            key = (byte == 0x7B || byte == 0x5B ? Int(tape.matches[value]) + 1 : value + 1) + 1
        }
        if let detail, hasDetailType { return .object(detail) }
        if let auditData, isAuditLogRecord { return .object(auditData) }
        if let message, hasLogTime, members <= 6 { return .string(message) }
        if let properties, let category, let log = clusterLog(properties, category, bytes, tokens) {
            return .string(log)
        }
        return .record
    }

    /// The audit event that a diagnostic record of category `kube-audit` or `kube-audit-admin` holds as text.
    private func clusterLog(
        _ properties: Int, _ category: Int, _ bytes: ByteView, _ tokens: TokenView
    ) -> Int? {
        let kind = stringContent(category, tokens, bytes)
        guard Self.contains(["kube-audit", "kube-audit-admin"], kind, bytes) else { return nil }
        let close = Int(tape.matches[properties])
        var key = properties + 1
        while key < close {
            let byte = bytes[tokens[key + 2]]
            if byte == 0x22, Self.isEqual(stringContent(key, tokens, bytes), "log", bytes) { return key + 2 }
            key = (byte == 0x7B || byte == 0x5B ? Int(tape.matches[key + 2]) + 1 : key + 3) + 1
        }
        return nil
    }

    /// The bytes between a string's quotes; the text need not be compact.
    func stringContent(_ token: Int, _ tokens: TokenView, _ bytes: ByteView) -> Extent {
        let start = Int(tokens[token]) + 1
        var end = Int(tokens[token + 1])
        while end > start, bytes[end - 1] != 0x22 { end -= 1 }
        return Extent(start: start, count: max(0, end - 1 - start))
    }

    private static func contains(_ names: [StaticString], _ text: Extent, _ bytes: ByteView) -> Bool {
        for name in names where isEqual(text, name, bytes) { return true }
        return false
    }

    private static func isEqual(_ text: Extent, _ name: StaticString, _ bytes: ByteView) -> Bool {
        unsafe Int(text.count) == name.utf8CodeUnitCount
            && equalBytes(bytes.base + Int(text.start), name.utf8Start, Int(text.count))
    }

    // MARK: Rewriting

    /// A record that was written anew to `scratch`, and where it came from.
    struct Rewritten {
        var extent: Extent
        var source: Extent
        var ordinal: Int
        var line: Int
    }

    /// Writes what the object at `open` carries to `scratch`, compact; refuses it if it is no record.
    func rewrite(_ carried: Carried, at open: Int, source: Extent) {
        let start = scratch.count
        let bytes = tape.bytes
        switch carried {
        case .record: copyCompact(open)
        case .table(let table): return rewrite(table: table, source: source)
        case .object(let object): copyCompact(object)
        case .string(let string):
            let raw = unsafe tape.bytes(stringContent(string, tape.tokens, bytes))
            var text: [UInt8] = []
            text.reserveCapacity(raw.count)
            unsafe JSONText.unescape(raw, into: &text)
            return rewrite(text: text.span, source: source)
        }
        keepRewritten(from: start, source: source)
    }

    private func keepRewritten(from start: Int, source: Extent) {
        rewritten.append(
            Rewritten(
                extent: Extent(start: start, count: scratch.count - start), source: source, ordinal: ordinal,
                line: line(at: sourceStart + Int(source.start))))
        ordinal += 1
        scratch.append(0x0A)
    }

    /// Appends the checked container at `open` without the white space between its tokens.
    private func copyCompact(_ open: Int) {
        let close = Int(tape.matches[open])
        for token in open...close {
            let start = Int(tape.tokens[token])
            var end = token == close ? start + 1 : Int(tape.tokens[token + 1])
            while end > start + 1, JSONGrammar.isWhite(tape.bytes[end - 1]) { end -= 1 }
            unsafe scratch.append(tape.bytes(Extent(start: start, count: end - start)))
        }
    }

    /// Takes a record that is text of its own: a JSON object, or a line of syslog, CEF or LEEF.
    func rewrite(text: Span<UInt8>, source: Extent) {
        let start = scratch.count
        let from = sourceStart + Int(source.start)
        switch TextLine.record(in: text, &flat) {
        case .failure(let reason):
            return refuse(from: from, to: from + Int(source.count), reason.text)
        case .success(.inFlat): unsafe scratch.append(flat.bytes)
        case .success(.inLine(let place)):
            unsafe text.extracting(place).withUnsafeBufferPointer { unsafe scratch.append($0) }
        }
        if let reason = checkRewritten(from: start) {
            scratch.truncate(to: start)
            return refuse(from: from, to: from + Int(source.count), reason)
        }
        keepRewritten(from: start, source: source)
    }

    /// Checks the one record at the end of `scratch` and makes it compact; why it is none, if it is not.
    private func checkRewritten(from start: Int) -> String? {
        let count = scratch.count - start
        if count > Self.recordBytesMax { return "the record is larger than \(Self.recordBytesMax >> 20) MiB" }
        guard case .indexed(let tokens, let tokenCount) = scratch.index(from: start, count: count) else {
            return "the record inside is not JSON: a string is broken or it is not UTF-8"
        }
        if tokenCount > Self.recordTokensMax {
            return "the record has more than \(Self.recordTokensMax) values and marks"
        }
        let view = unsafe ByteView(scratch.bytes + start)
        var looked = 0
        while let flaw = JSONText.firstFlaw(view, from: looked, to: count) {
            guard flaw.isHalf else { return "not a JSON escape at byte \(flaw.offset) of the record inside" }
            JSONText.replaceHalf(scratch, at: start + flaw.offset)
            looked = flaw.offset + JSONText.numberedEscapeBytes
        }
        guard view[tokens[0]] == 0x7B else { return "a record must be a JSON object" }
        scratch.reserveMatches(tokenCount + 1)
        switch scratch.check(tokens, count: tokenCount, from: 0, bytesFrom: start) {
        case .incomplete: return "the record inside is cut off"
        case .broken(let offset, let reason): return "\(reason.text) at byte \(offset) of the record inside"
        case .whole(let next, let isCompact):
            if next != tokenCount { return "something stands behind the record inside" }
            var target = start
            for token in 0..<tokenCount {
                let from = Int(tokens[token])
                var end = token == tokenCount - 1 ? from + 1 : Int(tokens[token + 1])
                while end > from + 1, JSONGrammar.isWhite(view[end - 1]) { end -= 1 }
                if !isCompact || from != target - start {
                    unsafe (scratch.bytes + target).update(from: view.base + from, count: end - from)
                }
                target += end - from
            }
            scratch.truncate(to: target)
            return nil
        }
    }

    /// Makes the run's tape of `scratch`.
    func indexRewritten() {
        guard case .indexed(let tokens, let count) = scratch.index(from: 0, count: scratch.count) else {
            preconditionFailure("what was checked record by record is not JSON")
        }
        scratch.reserveMatches(count + 1)
        let view = scratch.view
        tape = JSONTape(
            bytes: view, tokens: tokens, matches: scratch.matchView, tokenCount: count,
            hasBackslash: JSONText.firstBackslash(view, scratch.count) != nil)
        var token = 0
        for record in rewritten {
            guard case .whole(let next, _) = scratch.check(tokens, count: count, from: token, bytesFrom: 0)
            else {
                preconditionFailure("what was checked record by record is not JSON")
            }
            records.append(
                RawRecord(open: token, extent: record.extent, source: record.source, ordinal: record.ordinal))
            token = next
        }
    }
}
