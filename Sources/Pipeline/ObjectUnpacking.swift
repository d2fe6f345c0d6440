import Codecs
import Ports

/// An object's bytes, fetched piece by piece and inflated window by window: memory is one of each.
struct ObjectUnpacking: ~Copyable {
    /// What stands in it is what `fillWindow` gave last.
    private(set) var window: [UInt8]
    /// Why the object could not be read to its end, where that is so.
    private(set) var broken: String?

    private let rest: (any PieceSource)?
    private var inflater = Inflater()
    private var piece: [UInt8]
    private var offset = 0
    /// Bytes of the object before the end of `piece`.
    private var fetched: Int64
    private var isLast: Bool
    private var isOver = false

    init(_ object: RawObject, windowBytes: Int) {
        rest = object.rest
        piece = object.bytes
        fetched = Int64(piece.count)
        isLast = object.rest == nil
        window = [UInt8](repeating: 0, count: max(1, min(windowBytes, 64 + piece.count * 8)))
    }

    /// Inflates the next window and gives its length; `nil` at the end, which `broken` may explain.
    mutating func fillWindow() async throws(Fault) -> Int? {
        while !isOver {
            var filled = 0
            var needsMore = false
            do throws(CodecError) {
                let progress = try inflater.read(
                    piece, at: &offset, isLast: isLast, into: &window, at: &filled)
                isOver = progress == .finished || isLast && filled == 0
                needsMore = progress == .inputUsed && !isLast
            } catch {
                broken = error.message
                isOver = true
            }
            if needsMore { try await fetch() }
            if filled > 0 { return filled }
        }
        return nil
    }

    private mutating func fetch() async throws(Fault) {
        guard let rest else { return }
        piece = []
        offset = 0
        do throws(Fault) {
            piece = try await rest.piece(at: fetched)
        } catch {
            switch error.kind {
            case .malformed, .rejected:
                broken = error.message
                isOver = true
            default: throw error
            }
        }
        fetched += Int64(piece.count)
        isLast = piece.isEmpty
    }
}
