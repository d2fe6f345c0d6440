import Codecs
import Credentials
import Engine
import Ports

extension DeclaredStream {
    /// The records that were not delivered before, as an array; the census takes note of them.
    mutating func fresh(_ answer: FeedAnswer, _ records: [Range<Int>], at now: Timestamp) -> (
        bytes: [UInt8], count: Int
    ) {
        let item = round?.stage == .each ? round?.items.first : nil
        let theirs = vendorTime.now(at: now)
        let isWhole = declaration.isMarked
        var bytes: [UInt8] = []
        var count = 0
        for record in records {
            var text = Array(answer.bytes(record))
            if let item, let parent = declaration.each.parent, let own = declaration.each.item {
                text = joined(item.bytes, as: parent, with: text, as: own)
            }
            guard isWhole || seen.insert(Self.digest(text)) else { continue }
            if let timePath, let time = answer.time(of: record, at: timePath) { note(time, at: theirs) }
            if isWhole, let round, let id = round.snapshot {
                text = marked(text, with: id, takenAt: round.end)
            }
            bytes.append(contentsOf: count == 0 ? "[".utf8 : ",\n".utf8)
            bytes += text
            count += 1
        }
        if count > 0 { bytes.append(0x5D) }
        return (bytes, count)
    }

    static func digest(_ text: [UInt8]) -> [UInt8] { Array(Digest.sha256(text).prefix(16)) }

    private func joined(_ parent: [UInt8], as name: String, with item: [UInt8], as itemName: String)
        -> [UInt8]
    {
        [0x7B] + JSONValue.string(name).bytes + [0x3A] + parent + [0x2C] + JSONValue.string(itemName).bytes
            + [0x3A]
            + item + [0x7D]
    }

    private mutating func note(_ time: Timestamp, at now: Timestamp) {
        if time > (newest ?? .distantPast), time <= now + .minutes(5) { newest = time }
        guard let countsFrom, time >= countsFrom, time <= now else { return }
        census.add(now - time)
    }
}
