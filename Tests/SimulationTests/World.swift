import Engine
import Exporters
import Pipeline
import Ports
import Simulation
import Synchronization

/// A record as the simulated vendor has it: `<milliseconds> <uid> <content>`; anything else is malformed.
struct WorldRecord: Hashable {
    var line: String
    var isMalformed: Bool { !line.contains(" ") }
    var uid: String { String(line.split(separator: " ")[1]) }
    /// What a receiver knows it by: the uid and the version of its content.
    var identity: String { line.split(separator: " ").dropFirst().joined(separator: " ") }
}

/// Reads the world's records, a line each.
final class WorldNormalizer: PageNormalizer {
    private var held: [UInt8] = []
    private var line = 0
    private var isFinished = false

    func begin(_ object: String, feed: String) {
        held = []
        line = 0
        isFinished = false
    }
    func feed(_ bytes: Span<UInt8>) { for index in bytes.indices { held.append(bytes[index]) } }
    func finish() { isFinished = true }

    func advance(into batch: inout EventBatch, refusals: inout [RefusedRecord]) -> Bool {
        let first = batch.count
        refusals = []
        while let end = held.firstIndex(of: UInt8(ascii: "\n"))
            ?? (isFinished && !held.isEmpty ? held.count : nil)
        {
            line += 1
            let text = String(decoding: held[..<end], as: UTF8.self)
            held.removeFirst(min(held.count, end + 1))
            let parts = text.split(separator: " ")
            guard parts.count == 3, let time = Int64(parts[0]) else {
                refusals.append(
                    RefusedRecord(
                        ordinal: line - 1, line: line, reason: "not a record", raw: Array(text.utf8)))
                continue
            }
            append(String(parts[1]), String(parts[2]), Timestamp(milliseconds: time), to: &batch)
            if parts[2].hasPrefix("evil") {
                append(
                    "finding-\(parts[1]).\(parts[2].suffix(1))", "f", Timestamp(milliseconds: time),
                    to: &batch, .finding)
            }
        }
        return batch.count > first || !refusals.isEmpty
    }

    private func append(
        _ uid: String, _ content: String, _ time: Timestamp, to batch: inout EventBatch,
        _ kind: Event.Kind = .event
    ) {
        var event = Event(time: time)
        event.kind = kind
        event.ordinal = UInt32(line - 1)
        let start = batch.bytes.count
        batch.bytes += Array("\(uid) \(content)".utf8)
        event.json = Extent(start: start, count: batch.bytes.count - start)
        event.uid = Extent(start: start, count: uid.utf8.count)
        event.contentDigest = content.utf8.reduce(14_695_981_039_346_656_037) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        batch.events.append(event)
    }
}

/// A line per event; the receiver's answers use all of the protocol.
struct WorldExporter: Exporter {
    static let name = "world"
    let host: String

    func encode(_ batch: borrowing EventBatch, into body: inout [UInt8]) {
        for event in batch.events {
            body += batch.bytes[event.json.range]
            body.append(UInt8(ascii: "\n"))
        }
    }
    func request(carrying body: consuming [UInt8], batchID: String) -> HTTPRequest {
        HTTPRequest(.POST, "https://\(host)/in", headers: ["Batch": batchID], body: body)
    }
    func verdict(on response: HTTPResponse, rows: Int, now: Timestamp) -> Verdict {
        let text = String(decoding: response.body, as: UTF8.self)
        switch response.status {
        case 200: return .accepted
        case 202: return .awaiting(acknowledgement: text)
        case 206: return .stopped(atRow: Int(text) ?? 0, reason: "poison")
        case 207: return .rejected(rows: text.split(separator: ",").compactMap { Int($0) }, reason: "poison")
        case 208:
            // Rows to be sent again, then rows that are refused.
            let lists = text.split(separator: ";", omittingEmptySubsequences: false).map { list in
                list.split(separator: ",").compactMap { Int($0) }
            }
            let refused = Dictionary(uniqueKeysWithValues: lists[1].map { ($0, "poison") })
            return .partial(refused: refused, again: lists[0], after: nil)
        case 401: return .denied(reason: "no such token")
        case 413: return .tooLarge(reason: "too large")
        case 429: return .retry(after: now + .seconds(Int(response.headers["Retry-After"] ?? "1") ?? 1))
        default: return .retry(after: nil)
        }
    }
    func acknowledgementRequest(for ids: [String]) -> HTTPRequest? {
        HTTPRequest(.POST, "https://\(host)/ack", body: Array(ids.joined(separator: ",").utf8))
    }
    func acknowledged(_ ids: [String], by response: HTTPResponse) -> Set<String> {
        response.status == 200
            ? Set(String(decoding: response.body, as: UTF8.self).split(separator: ",").map(String.init)) : []
    }
}

/// A receiver that remembers every row it took, and under which batch.
final class WorldReceiver: SimulatedServer {
    enum Manner: CaseIterable { case plain, stops, rejects, small, acknowledges }

    private struct State {
        var taken: [String: [String]] = [:]
        var generator: SeededGenerator
        var unconfirmed: Set<String> = []
        var nextAcknowledgement = 0
    }

    let manner: Manner
    private let state: Mutex<State>

    init(_ manner: Manner, seed: UInt64) {
        self.manner = manner
        state = Mutex(State(generator: SeededGenerator(seed: seed)))
    }

    /// The batches under which each row was taken, by `uid content`.
    var taken: [String: [String]] { state.withLock { $0.taken } }

    func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
        let text = String(decoding: request.body, as: UTF8.self)
        return state.withLock { state in
            if request.url.hasSuffix("/ack") {
                // Some acknowledgements never come: those batches are to be sent again.
                let confirmed = text.split(separator: ",").map(String.init).filter { id in
                    !id.hasSuffix("never") && state.generator.chance(0.6)
                }
                return HTTPResponse(status: 200, body: Array(confirmed.joined(separator: ",").utf8))
            }
            return take(text.split(separator: "\n").map(String.init), request.headers["Batch"] ?? "", &state)
        }
    }

    private func take(_ rows: [String], _ batch: String, _ state: inout State) -> HTTPResponse {
        func note(_ taken: some Sequence<String>) {
            for row in taken { state.taken[row, default: []].append(batch) }
        }
        let poison = rows.indices.filter { rows[$0].contains("poison") }
        switch manner {
        case .plain: note(rows)
        case .small where rows.count > 2: return HTTPResponse(status: 413)
        case .small: note(rows)
        case .stops:
            note(rows[..<(poison.first ?? rows.count)])
            if let row = poison.first { return HTTPResponse(status: 206, body: Array("\(row)".utf8)) }
        case .rejects:
            note(rows.indices.filter { !poison.contains($0) }.map { rows[$0] })
            if !poison.isEmpty {
                return HTTPResponse(
                    status: 207, body: Array(poison.map(String.init).joined(separator: ",").utf8))
            }
        case .acknowledges:
            note(rows)
            state.nextAcknowledgement += 1
            let never = state.generator.chance(0.1) ? "never" : ""
            return HTTPResponse(status: 202, body: Array("\(state.nextAcknowledgement)\(never)".utf8))
        }
        return HTTPResponse(status: 200)
    }
}

/// What a vendor has to give: pages of lines by source, with repeats, updates, rubbish and poison among them.
struct WorldVendor {
    var sources: [String: [[WorldRecord]]] = [:]

    init(seed: UInt64, start: Timestamp) {
        var generator = SeededGenerator(seed: seed ^ 0xDA7A)
        var all: [WorldRecord] = []
        for source in ["north", "south"] {
            var pages: [[WorldRecord]] = []
            for _ in 0..<2 + generator.index(below: 5) {
                var page: [WorldRecord] = []
                for _ in 0..<generator.index(below: 7) {
                    let roll = generator.index(below: 20)
                    if roll < 4, let old = all.isEmpty ? nil : all[generator.index(below: all.count)] {
                        page.append(old)  // overlap, within a source or between two
                    } else if roll == 4 {
                        page.append(WorldRecord(line: "rubbish\(generator.next() % 100)"))
                    } else {
                        let age = generator.index(below: 5)
                        let time = start.milliseconds - Int64(age) * 3_000_000
                        let kind = ["plain", "plain", "plain", "poison", "evil"][generator.index(below: 5)]
                        let uid = "u\(generator.index(below: 60))"
                        let record = WorldRecord(
                            line: "\(time) \(uid) \(kind)\(generator.index(below: 3)).\(age)")
                        page.append(record)
                        all.append(record)
                    }
                }
                pages.append(page)
            }
            sources[source] = pages
        }
    }

    var records: [WorldRecord] { sources.values.joined().joined().map { $0 } }

    /// The page at a position: `<page>`, or `<page> <object> <records>` inside of one.
    func page(_ source: String, at position: [Int]) -> RawPage {
        let index = position[0]
        let records = sources[source]?[index] ?? []
        // Two objects, so that a page is more than one stretch of bytes, each in pieces.
        let half = records.count / 2
        var objects = [records[..<half], records[half...]].enumerated().map { number, part in
            let bytes = Array(part.map(\.line).joined(separator: "\n").utf8)
            var object = RawObject(
                name: "\(source)/\(index)/\(number)", bytes: Array(bytes.prefix(WorldPieces.bytes)))
            object.rest = WorldPieces(whole: bytes)
            return object
        }
        let first = position.count > 1 ? position[1] : 0
        if position.count > 1, first < 2 { objects[first].recordsDone = position[2] }
        let counted = objects[min(first, 2)...].count { $0.recordsDone == 0 }
        var page = RawPage(
            feed: "test.\(source)", source: source, objects: Array(objects[min(first, 2)...]),
            position: Array("\(index + 1)".utf8), listed: counted, fetched: counted)
        page.positionWithin = { mark in Array("\(index) \(first + mark.object) \(mark.records)".utf8) }
        return page
    }
}

/// An object's bytes, a few at a time.
struct WorldPieces: PieceSource {
    static let bytes = 23
    let whole: [UInt8]

    func piece(at offset: Int64) async throws(Fault) -> [UInt8] {
        Array(whole.dropFirst(Int(offset)).prefix(Self.bytes))
    }
}
