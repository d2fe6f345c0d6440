import Codecs
import Credentials
import Engine
import Ports

/// How the bytes of an object behind its first piece are asked for.
///
/// Every collector of objects brings their first piece and says this of those that are longer; the rest is read
/// while the page is in work, so that memory is a piece and not an object.
package enum ObjectRest: Sendable {
    /// Bytes asked for at once.
    package static let pieceBytes = 1 << 20

    case file(path: String, pieceBytes: Int)
    /// Of the version of the object that the first piece came from, whose own bytes are not kept here.
    case object(S3Bucket, key: String, S3Bucket.Piece, pieceBytes: Int)

    /// The object's length, where it is known.
    var end: Int64? {
        if case .object(_, _, let first, _) = self { first.total } else { nil }
    }

    func operation(from offset: Int64) -> Call.Operation {
        switch self {
        case .file(let path, let count): .read(path: path, range: offset..<offset + Int64(count))
        case .object(let bucket, let key, let first, let count):
            bucket.get(key, offset..<offset + Int64(count), etag: first.etag)
        }
    }

    func bytes(in reply: Reply) throws(Fault) -> [UInt8] {
        switch self {
        case .file:
            switch reply {
            case .bytes(let bytes): return bytes
            case .failed(let fault): throw fault
            default: throw Fault(.malformed, "the answer to another question")
            }
        case .object(let bucket, let key, _, _):
            return try bucket.piece(of: key, isFirst: false, in: try reply.answer()).bytes
        }
    }
}

/// An object of which an earlier page has made the first records durable, and nothing behind them.
struct PartialObject: Hashable, Sendable {
    /// What the collector knows the object and its version by.
    var mark: String
    var records: Int

    init?(mark: String, records: Int) {
        guard records > 0 else { return nil }
        self.mark = mark
        self.records = records
    }

    init?(saved: JSONValue?) {
        guard let mark = saved?["mark"]?.string, let records = saved?["records"]?.integer else { return nil }
        self.init(mark: mark, records: Int(records))
    }

    var saved: JSONValue { ["mark": .string(mark), "records": .integer(Int64(records))] }
}

extension PartialObject? {
    /// How many records of an object are durable.
    func records(of mark: String) -> Int { self?.mark == mark ? self?.records ?? 0 : 0 }
}
