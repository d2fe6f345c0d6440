import Engine

/// A CloudTrail object's key, taken apart:
/// `[prefix/]AWSLogs/[o-org/]<account>/CloudTrail/<region>/YYYY/MM/DD/<account>_CloudTrail_<region>_YYYYMMDDTHHmmZ_<random>.json.gz`.
struct CloudTrailKey: Hashable, Sendable {
    var account: String
    var region: String
    /// Up to and with the region's slash: one stream of objects in the order of their delivery.
    var stream: String
    /// The delivery's minute, `YYYYMMDDTHHmmZ`: compares as text.
    var minute: String

    /// `nil` for anything else: digests, Insights, folders, other people's objects.
    init?(_ key: String) {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 8, let name = parts.last, name.hasSuffix(".json.gz") || name.hasSuffix(".json")
        else {
            return nil
        }
        let base = parts.count - 7
        let fields = name.split(separator: "_")
        guard parts[base + 1] == "CloudTrail", fields.count >= 5, fields[1] == "CloudTrail",
            fields[3].count == 14, fields[3].hasSuffix("Z")
        else { return nil }
        account = String(parts[base])
        region = String(parts[base + 2])
        stream = parts[...(base + 2)].joined(separator: "/") + "/"
        minute = String(fields[3])
    }

    /// The key that every object of the stream delivered in that minute or later comes after.
    static func start(of stream: String, account: String, region: String, minute: String) -> String {
        let day = minute.prefix(8)
        return "\(stream)\(day.prefix(4))/\(day.dropFirst(4).prefix(2))/\(day.dropFirst(6))/"
            + "\(account)_CloudTrail_\(region)_\(minute.dropLast())"
    }

    /// `YYYYMMDDTHHmmZ`.
    static func minute(of time: Timestamp) -> String {
        String(time.iso8601.filter { $0 != "-" && $0 != ":" }.prefix(13)) + "Z"
    }

    static func time(ofMinute minute: String) -> Timestamp? {
        guard minute.count == 14 else { return nil }
        func slice(_ start: Int, _ count: Int) -> Substring { minute.dropFirst(start).prefix(count) }
        return Timestamp(
            iso8601: "\(slice(0, 4))-\(slice(4, 2))-\(slice(6, 2))T\(slice(9, 2)):\(slice(11, 2)):00Z")
    }
}
