package import Engine

/// One log object as CloudTrail delivers it, not yet compressed.
package struct LogFile: Sendable {
    /// `AWSLogs/o-…/<account>/CloudTrail/<region>/YYYY/MM/DD/….json.gz`.
    package let key: String
    package let delivered: Timestamp
    package let records: Int
    /// `{"Records":[…]}` without a newline at the end.
    package let json: [UInt8]
    /// Where each record stands in `json`.
    private let ranges: [Range<Int>]

    init(key: String, delivered: Timestamp, json: [UInt8], ranges: [Range<Int>]) {
        self.key = key
        self.delivered = delivered
        self.json = json
        self.ranges = ranges
        records = ranges.count
    }

    /// The records, one a line.
    package func appendLines(to output: inout [UInt8]) {
        for range in ranges {
            output.append(contentsOf: json[range])
            output.append(0x0A)
        }
    }
}

/// CloudTrail's delivery: records wait per account and region, and leave in files, a little out of order, now and
/// then late or twice.
///
/// Memory is what has not yet been delivered: minutes of records, and the late ones.
struct Delivery: Sendable {
    /// A file leaves once it has this many records, or its oldest has waited `waitMax`.
    private static let recordsPerFile = 48
    private static let waitMax = Duration.minutes(30)
    static let interval = Duration.minutes(5)

    private struct Stream: Sendable {
        var bytes: [UInt8] = []
        var ends: [Int] = []
        var oldest = Timestamp.distantFuture
    }

    private struct Straggler: Sendable {
        var due: Timestamp
        var stream: Int
        var bytes: [UInt8]
    }

    private let accounts: [String]
    private var streams: [Stream]
    private var stragglers: [Straggler] = []
    private var dice: Dice
    private(set) var lateRecords = 0
    private(set) var repeatedRecords = 0

    init(accounts: [String], dice: Dice) {
        self.accounts = accounts
        self.dice = dice
        streams = Array(
            repeating: Stream(), count: accounts.count * Organization.regions.count * 2)
    }

    /// Takes a record for the next file of its account and region. Of 1,000 records three come late, by minutes to
    /// hours, and two come twice.
    mutating func take(
        _ record: [UInt8], account: Int, region: Int, at time: Timestamp, isInsight: Bool = false
    ) {
        let stream = (account * Organization.regions.count + region) * 2 + (isInsight ? 1 : 0)
        let draw = dice.below(1_000)
        if draw < 5, !isInsight {
            let wait = draw == 0 ? Duration.hours(dice.within(2...8)) : .minutes(dice.within(20...110))
            stragglers.append(Straggler(due: time + wait, stream: stream, bytes: record))
            if draw < 3 {
                lateRecords += 1
                return
            }
            repeatedRecords += 1
        }
        append(record, to: stream, at: time)
    }

    private mutating func append(_ record: [UInt8], to stream: Int, at time: Timestamp) {
        streams[stream].bytes.append(contentsOf: record)
        streams[stream].ends.append(streams[stream].bytes.count)
        streams[stream].oldest = min(streams[stream].oldest, time)
    }

    /// The files due at a delivery time; at the end of the log everything is.
    mutating func files(at time: Timestamp, isLast: Bool = false) -> [LogFile] {
        if stragglers.contains(where: { isLast || $0.due <= time }) {
            for straggler in stragglers where isLast || straggler.due <= time {
                append(straggler.bytes, to: straggler.stream, at: time)
            }
            stragglers.removeAll { isLast || $0.due <= time }
        }
        var files: [LogFile] = []
        for index in streams.indices where !streams[index].ends.isEmpty {
            let stream = streams[index]
            let isDue =
                stream.ends.count >= Delivery.recordsPerFile || time - stream.oldest >= Delivery.waitMax
            guard isLast || isDue else { continue }
            files.append(file(from: stream, number: index, at: time))
            streams[index] = Stream()
        }
        return files
    }

    private mutating func file(from stream: Stream, number: Int, at time: Timestamp) -> LogFile {
        var order = Array(stream.ends.indices)
        for place in order.indices where dice.chance(0.5) {
            order.swapAt(place, min(order.count - 1, place + dice.below(9)))
        }
        var json = Array(#"{"Records":["#.utf8)
        json.reserveCapacity(stream.bytes.count + order.count + 16)
        var ranges: [Range<Int>] = []
        for (place, record) in order.enumerated() {
            if place > 0 { json.append(0x2C) }
            let start = json.count
            json.append(
                contentsOf: stream.bytes[(record == 0 ? 0 : stream.ends[record - 1])..<stream.ends[record]])
            ranges.append(start..<json.count)
        }
        json.append(contentsOf: "]}".utf8)
        let key = key(of: number, at: time + Delivery.interval)
        return LogFile(key: key, delivered: time + Delivery.interval, json: json, ranges: ranges)
    }

    private mutating func key(of stream: Int, at time: Timestamp) -> String {
        let account = accounts[stream / 2 / Organization.regions.count]
        let region = Organization.regions[stream / 2 % Organization.regions.count]
        let kind = stream % 2 == 0 ? "CloudTrail" : "CloudTrail-Insight"
        let civil = CivilTime(time)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let day = "\(civil.year)/\(two(civil.month))/\(two(civil.day))"
        let minute =
            "\(civil.year)\(two(civil.month))\(two(civil.day))T\(two(civil.hour))\(two(civil.minute))Z"
        return "AWSLogs/\(Organization.identifier)/\(account)/\(kind)/\(region)/\(day)/"
            + "\(account)_\(kind)_\(region)_\(minute)_\(dice.base62(16)).json.gz"
    }
}

extension Dice {
    mutating func base62(_ count: Int) -> String {
        let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        return String(decoding: (0..<count).map { _ in letters[below(62)] }, as: UTF8.self)
    }
}
