import Codecs
import Credentials
import Engine

/// One account and region, and how far it was delivered.
struct BucketStream: Sendable {
    /// Keys remembered per stream; of more, the oldest are forgotten and may come again (and are then dropped
    /// as duplicates by the lane).
    static let keysRememberedMax = 20_000

    /// Empty where keys are dated by the day alone.
    var account = ""
    var region = ""
    /// The newest minute delivered.
    var newest: String?
    /// Digests of keys and ETags delivered within the overlap before it, each beginning with its minute.
    var seen: Set<String> = []

    init() {}

    init(saved: JSONValue) {
        newest = saved["newest"]?.string
        seen = Set(saved["seen"]?.array?.compactMap(\.string) ?? [])
        account = saved["account"]?.string ?? ""
        region = saved["region"]?.string ?? ""
    }

    var saved: JSONValue {
        [
            "newest": .string(newest ?? ""), "seen": .array(seen.sorted().map { .string($0) }),
            "account": .string(account), "region": .string(region),
        ]
    }

    static func mark(key: String, etag: String, minute: String) -> String {
        minute + Hex.encode(Digest.sha256(Array("\(key)\u{0}\(etag)".utf8)).prefix(8))
    }

    func startAfter(_ name: String, overlap: Duration, since: Timestamp?) -> String? {
        var start = since.map(CloudTrailKey.minute(of:))
        if let newest, let time = CloudTrailKey.time(ofMinute: newest) {
            start = max(start ?? "", oldest(before: time, overlap))
        }
        return start.map { CloudTrailKey.start(of: name, account: account, region: region, minute: $0) }
    }

    /// Where a listing begins that is to show again what is not `overlap` older than the newest.
    private func oldest(before newest: Timestamp, _ overlap: Duration) -> String {
        let minute = CloudTrailKey.minute(of: newest - overlap)
        return account.isEmpty ? "\(minute.prefix(8))T0000Z" : minute
    }

    mutating func deliver(_ mark: String, minute: String, overlap: Duration) {
        seen.insert(mark)
        defer {
            if seen.count > Self.keysRememberedMax {
                seen = Set(seen.sorted().suffix(Self.keysRememberedMax * 3 / 4))
            }
        }
        guard minute > newest ?? "" else { return }
        newest = minute
        if let time = CloudTrailKey.time(ofMinute: minute) {
            let oldest = oldest(before: time, overlap)
            seen = seen.filter { $0.prefix(14) >= oldest }
        }
    }
}
