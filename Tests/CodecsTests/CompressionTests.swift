import Engine
import Testing

@testable import Codecs

/// Text that packs about as well as audit logs do, from a seed.
private func sample(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 64)
    while bytes.count < count {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes += Array("{\"eventName\":\"GetObject\",\"id\":\"\(state >> 20)\"},".utf8)
    }
    return Array(bytes.prefix(count))
}

private func pack(_ bytes: [UInt8], _ form: Compressor.Form) -> [UInt8] {
    var compressor = Compressor(form)
    var output: [UInt8] = []
    compressor.pack(bytes, into: &output)
    return output
}

/// Reads `input` handed over in pieces, through a window of this size.
private func inflate(_ input: [UInt8], piece: Int, window: Int) throws -> [UInt8] {
    var inflater = Inflater()
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: window)
    var start = 0
    while true {
        let end = min(start + piece, input.count)
        let chunk = Array(input[start..<end])
        var offset = 0
        var progress = Inflater.Progress.inputUsed
        repeat {
            var filled = 0
            progress = try inflater.read(
                chunk, at: &offset, isLast: end == input.count, into: &buffer, at: &filled)
            output += buffer[..<filled]
        } while progress == .windowFull
        if progress == .finished { return output }
        if end == input.count { throw CodecError(.corrupt, "asked for more than there is") }
        start = end
    }
}

@Suite struct CompressionTests {
    static let forms: [Compressor.Form] = [.plain, .gzipFast, .gzipSmall, .zstd(level: 1), .zstd(level: 3)]

    @Test("What is packed is unpacked the same, whatever the pieces and windows", arguments: forms)
    func roundTrip(form: Compressor.Form) throws {
        for count in [0, 1, 3, 4, 5, 1_000, 70_000, 400_000] {
            let bytes = sample(count)
            let packed = pack(bytes, form)
            #expect(try Inflater.inflate(packed, bytesMax: count) == bytes)
            #expect(try inflate(packed, piece: 4_096, window: 1_000) == bytes)
            if count == 1_000 {
                for piece in 1...40 {
                    #expect(try inflate(packed, piece: piece, window: piece) == bytes)
                }
            }
        }
    }

    @Test("Members and frames that follow one another are one text", arguments: forms)
    func members(form: Compressor.Form) throws {
        var compressor = Compressor(form)
        var packed: [UInt8] = []
        for part in 0..<20 { compressor.pack(sample(part * 37, seed: UInt64(part)), into: &packed) }
        let whole = (0..<20).flatMap { sample($0 * 37, seed: UInt64($0)) }
        for piece in [1, 7, 18, 19, 64, 10_000] {
            #expect(try inflate(packed, piece: piece, window: 512) == whole)
        }
    }

    @Test("A member written in pieces is one member, and the compressor can go on", arguments: forms)
    func pieces(form: Compressor.Form) throws {
        var compressor = Compressor(form)
        for _ in 0..<2 {
            var packed: [UInt8] = []
            for part in 0..<50 { compressor.write(sample(part * 211, seed: UInt64(part)), into: &packed) }
            compressor.finish(into: &packed)
            let whole = (0..<50).flatMap { sample($0 * 211, seed: UInt64($0)) }
            #expect(try Inflater.inflate(packed, bytesMax: 1 << 20) == whole)
        }
    }

    @Test("Every cut is a truncation, and what came before it is good", arguments: forms.dropFirst())
    func truncation(form: Compressor.Form) throws {
        let bytes = sample(2_000)
        let packed = pack(bytes, form)
        for end in 4..<packed.count {
            var inflater = Inflater()
            var window = [UInt8](repeating: 0, count: 4_000)
            var (offset, filled) = (0, 0)
            let fault = #expect(throws: CodecError.self) {
                try inflater.read(
                    Array(packed[..<end]), at: &offset, isLast: true, into: &window, at: &filled)
            }
            #expect(fault?.kind == .truncated, "at \(end)")
            #expect(Array(window[..<filled]) == Array(bytes[..<filled]))
        }
    }

    @Test("Bytes after the last member are reported, after all that is good", arguments: forms.dropFirst())
    func trailing(form: Compressor.Form) throws {
        let bytes = sample(300)
        for garbage in [Array("GARBAGE!".utf8), [UInt8](repeating: 0, count: 512)] {
            var inflater = Inflater()
            var window = [UInt8](repeating: 0, count: 400)
            var (offset, filled) = (0, 0)
            let fault = #expect(throws: CodecError.self) {
                try inflater.read(
                    pack(bytes, form) + garbage, at: &offset, isLast: true, into: &window, at: &filled)
            }
            #expect(fault?.kind == .trailing)
            #expect(Array(window[..<filled]) == bytes)
        }
    }

    @Test("A changed byte never passes as the text", arguments: forms.dropFirst())
    func corruption(form: Compressor.Form) throws {
        let bytes = sample(1_500)
        let packed = pack(bytes, form)
        var noticed = 0
        for index in packed.indices.dropFirst(4) {
            var broken = packed
            broken[index] ^= 0x55
            do {
                // Some bytes of a gzip header (time, system) say nothing about the content.
                #expect(try Inflater.inflate(broken, bytesMax: 1 << 20) == bytes, "byte \(index)")
            } catch {
                noticed += 1
            }
        }
        #expect(noticed >= packed.count - 14)
    }

    @Test("A bomb is unpacked one window at a time, and refused where the caller set a limit")
    func bomb() throws {
        var compressor = Compressor(.gzipFast)
        var packed: [UInt8] = []
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        for _ in 0..<64 { compressor.write(zeros, into: &packed) }
        compressor.finish(into: &packed)
        let fault = #expect(throws: CodecError.self) { try Inflater.inflate(packed, bytesMax: 1 << 20) }
        #expect(fault?.kind == .tooLarge)
        var inflater = Inflater()
        var window = [UInt8](repeating: 0, count: 1 << 20)
        var (offset, total) = (0, 0)
        while true {
            var filled = 0
            let progress = try inflater.read(packed, at: &offset, isLast: true, into: &window, at: &filled)
            total += filled
            if progress == .finished { break }
        }
        #expect(total == 64 << 20)
    }

    @Test("gzip headers with every optional field are read, split anywhere")
    func headers() throws {
        // FEXTRA, FNAME, FCOMMENT and FHCRC, as written by Python's zlib over `hello hello hello`.
        let packed = try #require(
            Hex.decode(
                "1f8b081e39300000000307006162030078797a6e616d652e6a736f6e006120636f6d6d656e74004b"
                    + "62cb48cdc9c957c84090008088f9e511000000"))
        for piece in 1...packed.count {
            #expect(try inflate(packed, piece: piece, window: 5) == Array("hello hello hello".utf8))
        }
    }

    @Test("The format is told from the bytes")
    func formats() {
        #expect(Compression.of([0x1f, 0x8b, 8]) == .gzip)
        #expect(Compression.of([0x28, 0xb5, 0x2f, 0xfd]) == .zstd)
        #expect(Compression.of([0x52, 0x2a, 0x4d, 0x18]) == .zstd)
        #expect(Compression.of(Array("{\"a\":1}".utf8)) == .plain)
        #expect(Compression.of([]) == .plain)
    }
}
