import Engine
import Pipeline

/// Makes an OCSF-like event of each line `<number> <words>`, with everything in it that an envelope could break on.
final class ContractNormalizer: PageNormalizer {
    private var held: [UInt8] = []
    private var isFinished = false

    func begin(_ object: String, feed: String) {
        held = []
        isFinished = false
    }
    func feed(_ bytes: Span<UInt8>) { for index in bytes.indices { held.append(bytes[index]) } }
    func finish() { isFinished = true }

    static func uid(_ number: Int) -> String { "uid-\(number)-\"é" }

    func advance(into batch: inout EventBatch, refusals: inout [RefusedRecord]) -> Bool {
        refusals = []
        guard isFinished, !held.isEmpty else { return false }
        for line in String(decoding: held, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            append(Int(parts[0]) ?? 0, String(parts[1]), to: &batch)
        }
        held = []
        return true
    }

    private func append(_ number: Int, _ words: String, to batch: inout EventBatch) {
        var event = Event(time: Timestamp(milliseconds: 1_700_467_200_000 + Int64(number)))
        event.classUID = 3002
        event.severityID = UInt8(1 + number % 6)
        event.ordinal = UInt32(number)
        event.contentDigest = UInt64(number) &* 0x9E37_79B9
        let start = batch.bytes.count
        let head = "{\"class_uid\":3002,\"class_name\":\"Authentication\",\"metadata\":{\"uid\":\""
        let uid = "uid-\(number)-\\\"\\u00e9"
        let rest =
            "\"},\"severity\":\"High\",\"actor\":{\"user\":{\"name\":\"ada<!channel>\"}},\"number\":\(number),"
            + "\"message\":\"\(words) <!here> [x](y) }{ \\\\ \\\" ,]\\n\\ud83d\\ude00\"}"
        batch.bytes += Array((head + uid + rest).utf8)
        event.json = Extent(start: start, count: batch.bytes.count - start)
        event.uid = Extent(start: start + head.utf8.count, count: uid.utf8.count)
        batch.bytes.append(UInt8(ascii: "\n"))
        batch.events.append(event)
    }
}
