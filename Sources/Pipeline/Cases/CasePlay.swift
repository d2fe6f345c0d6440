import Engine

/// One entry of a case's records: a vendor's record, when it happens, and how often.
///
/// `{"feed":"entra.signin","at":"2026-03-02T09:00:00Z","every":"20s","times":12,"record":{…}}`; an entry without
/// `record` is the record itself. `each` is a list of texts: the record happens once for each of them, which stands for
/// every `{each}` in it.
struct CasePlay {
    /// Records of one case: more say nothing that fewer do not.
    static let recordsMax = 10_000

    var feed: String
    var record: [UInt8]
    /// `nil`: the record's own time.
    var at: Timestamp?
    /// Behind that time.
    var delay = Duration.zero

    /// The records of a case in their order; `feed` is the one that they are of where they do not say.
    static func all(
        in line: RawRecord, _ tape: JSONTape, feed: String?
    ) throws(CaseTheater.Refused) -> [CasePlay] {
        let usual = tape.member("feed", of: line.open).map { tape.string($0) } ?? feed
        var plays: [CasePlay] = []
        if let list = tape.member("sequence", of: line.open), tape.kind(list) == .array {
            var token = list + 1
            let close = Int(tape.matches[list])
            while token < close {
                try read(token, tape, usual, into: &plays)
                token = tape.after(token) + 1
            }
        } else {
            try read(line.open, tape, usual, into: &plays)
        }
        if plays.isEmpty { throw CaseTheater.Refused("'sequence' is empty") }
        return plays
    }

    private static func read(
        _ token: Int, _ tape: JSONTape, _ usual: String?, into plays: inout [CasePlay]
    ) throws(CaseTheater.Refused) {
        guard tape.kind(token) == .object else {
            throw CaseTheater.Refused("'sequence' is a list of the vendor's records, JSON objects")
        }
        let record = tape.member("record", of: token)
        let text = { (key: StaticString) in
            record == nil ? nil : tape.member(key, of: token).map { tape.string($0) }
        }
        guard let feed = text("feed") ?? usual else {
            throw CaseTheater.Refused(
                "the case does not say whose record this is", hint: "\"feed\":\"okta.system_log\"")
        }
        var play = CasePlay(feed: feed, record: Array(tape.text(tape.extent(record ?? token)).utf8))
        if let at = text("at") {
            guard let time = Timestamp(iso8601: at) else {
                throw CaseTheater.Refused("'at' is '\(at)'", hint: "2026-03-02T09:00:00Z")
            }
            play.at = time
        }
        let every = text("every") ?? "1s"
        guard let pause = Duration(userText: every) else {
            throw CaseTheater.Refused("'every' is '\(every)'", hint: "20s, 5m, 1h")
        }
        let times = text("times") ?? "1"
        guard let count = Int(times), (1...recordsMax).contains(count) else {
            throw CaseTheater.Refused("'times' is '\(times)'", hint: "a number from 1 to \(recordsMax)")
        }
        let variants = record == nil ? nil : tape.member("each", of: token).map { texts($0, tape) }
        for index in 0..<(variants?.count ?? count) {
            var one = play
            if let variants { one.record = replaced(play.record, by: variants[index]) }
            one.delay = pause * index
            plays.append(one)
            guard plays.count <= recordsMax else {
                throw CaseTheater.Refused("more than \(recordsMax) records in one case")
            }
        }
    }

    /// The elements of a list as they stand in JSON, texts without their quotes.
    private static func texts(_ list: Int, _ tape: JSONTape) -> [[UInt8]] {
        guard tape.kind(list) == .array else { return [] }
        var texts: [[UInt8]] = []
        var token = list + 1
        while token < Int(tape.matches[list]) {
            let extent = tape.kind(token) == .string ? tape.content(token) : tape.extent(token)
            texts.append(Array(tape.text(extent).utf8))
            token = tape.after(token) + 1
        }
        return texts
    }

    private static func replaced(_ record: [UInt8], by value: [UInt8]) -> [UInt8] {
        let mark = Array("{each}".utf8)
        var result: [UInt8] = []
        var rest = 0
        while let place = ByteSearch.first(mark, in: record, from: rest) {
            result += record[rest..<place]
            result += value
            rest = place + mark.count
        }
        return result + record[rest...]
    }
}
