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

    /// An object of any other feed, by the first folders of its key that are a date: `<stream>/YYYY/MM/DD/…`, or with the
    /// hour behind it. Keys of one day come in no order, so its minute is the day's first.
    init?(dated key: String) {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, !name.isEmpty else { return nil }
        let day = parts.indices.dropLast(3).first { index in
            Self.isNumber(parts[index], of: 4) && Self.isNumber(parts[index + 1], of: 2)
                && Self.isNumber(parts[index + 2], of: 2)
        }
        guard let day else { return nil }
        account = ""
        region = ""
        stream = parts[..<day].map { "\($0)/" }.joined()
        minute = "\(parts[day])\(parts[day + 1])\(parts[day + 2])T0000Z"
    }

    /// A folder `YYYY`: what stands before it is a stream.
    static func isYear(_ folder: Substring) -> Bool { isNumber(folder, of: 4) }

    private static func isNumber(_ text: Substring, of digits: Int) -> Bool {
        text.utf8.count == digits && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// The key that every object of the stream delivered in that minute or later comes after.
    static func start(of stream: String, account: String, region: String, minute: String) -> String {
        let day = minute.prefix(8)
        let folder = "\(stream)\(day.prefix(4))/\(day.dropFirst(4).prefix(2))/\(day.dropFirst(6))/"
        if account.isEmpty { return folder }
        return folder + "\(account)_CloudTrail_\(region)_\(minute.dropLast())"
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
