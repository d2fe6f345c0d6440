import Codecs

/// The lines of the index: a check sum, then the batch, the end of its bytes, and the file.
enum FileIndex {
    struct Batch: Hashable {
        var id: String
        var digest: String
        /// Stands for "this file is about to be".
        static let begin = Batch(id: "-", digest: "-")
    }

    struct Entry {
        var batch: Batch
        var file: String
        var end: Int64

        static let none = Entry(batch: .begin, file: "-", end: 0)

        var line: [UInt8] {
            let text = "\(batch.id) \(batch.digest) \(end) \(file)"
            return Array("\(String(CRC32C.of(Array(text.utf8)), radix: 16)) \(text)\n".utf8)
        }
    }

    /// Up to the first line that is not whole.
    static func entries(in bytes: [UInt8]) -> [Entry] {
        var entries: [Entry] = []
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
            let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
            guard parts.count == 2,
                UInt32(String(decoding: parts[0], as: UTF8.self), radix: 16) == CRC32C.of(Array(parts[1]))
            else { break }
            let fields = String(decoding: parts[1], as: UTF8.self).split(separator: " ", maxSplits: 3).map(
                String.init)
            guard fields.count == 4, let end = Int64(fields[2]) else { break }
            entries.append(Entry(batch: Batch(id: fields[0], digest: fields[1]), file: fields[3], end: end))
        }
        return entries
    }
}
