import Codecs
import Engine
import Testing

/// Events whose text holds everything that an envelope could break on.
func events(_ numbers: Range<Int>) -> EventBatch {
    var batch = EventBatch()
    for number in numbers {
        var event = Event(time: Timestamp(milliseconds: 1_700_000_000_000 + Int64(number)))
        let start = batch.bytes.count
        let head = "{\"class_name\":\"Authentication\",\"metadata\":{\"uid\":\""
        let uid = "uid-\(number)-\\\"\\u00e9é"
        batch.bytes += Array("\(head)\(uid)\"},\"message\":\"}{ \\\\ \\\" ,]\\n\",\"number\":\(number)}".utf8)
        event.json = Extent(start: start, count: batch.bytes.count - start)
        event.uid = Extent(start: start + head.utf8.count, count: uid.utf8.count)
        batch.events.append(event)
    }
    return batch
}

func document(_ bytes: some Sequence<UInt8>) throws -> Document {
    try JSONReader.document(in: Array(bytes), file: "test")
}

func lines(_ bytes: [UInt8]) -> [[UInt8]] { bytes.split(separator: UInt8(ascii: "\n")).map(Array.init) }
