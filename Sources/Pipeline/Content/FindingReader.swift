import Engine

/// Findings that a stage of ours has written, `{"version":…,"finding":{…}}` a line, as rows.
struct FindingReader {
    /// Appends the row of one record; nothing where it is not what the stage writes.
    static func append(_ record: RawRecord, _ tape: JSONTape, to batch: inout EventBatch) {
        guard let finding = tape.member("finding", of: record.open),
            let metadata = tape.member("metadata", of: finding),
            let uid = tape.member("uid", of: metadata), let time = number("time", finding, tape)
        else { return }
        let source = tape.extent(finding)
        let name = tape.content(uid)
        let start = batch.bytes.count
        batch.bytes.append(contentsOf: tape.text(source).utf8)
        batch.bytes.append(UInt8(ascii: "\n"))
        var row = Event(time: Timestamp(milliseconds: time))
        row.kind = .finding
        row.classUID = UInt32(clamping: number("class_uid", finding, tape) ?? 2004)
        row.activityID = UInt16(clamping: number("activity_id", finding, tape) ?? 1)
        row.statusID = UInt8(clamping: number("status_id", finding, tape) ?? 0)
        row.severityID = UInt8(clamping: number("severity_id", finding, tape) ?? 0)
        row.json = Extent(start: start, count: Int(source.count))
        row.uid = Extent(start: start + Int(name.start) - Int(source.start), count: Int(name.count))
        row.ordinal = UInt32(clamping: record.ordinal)
        // Each version is delivered once.
        row.contentDigest = UInt64(clamping: number("version", record.open, tape) ?? 0) &+ 2
        batch.events.append(row)
    }

    private static func number(_ key: StaticString, _ open: Int, _ tape: JSONTape) -> Int64? {
        tape.member(key, of: open).flatMap { Int64(tape.text(tape.extent($0))) }
    }
}
