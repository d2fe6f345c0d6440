import Engine
import Testing

@testable import Codecs

@Suite struct ParquetSearchTests {
    @Test(
        "The texts in which something stands are found as one by one, and never across two of them",
        arguments: 0..<40)
    func containing(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var strings = ParquetStrings()
        for _ in 0..<next(60) {
            let text = (0..<next(9)).map { _ in UInt8(97 + next(2)) }
            unsafe text.withUnsafeBytes { unsafe strings.append($0) }
        }
        let needle = (0..<1 + next(4)).map { _ in UInt8(97 + next(2)) }
        let expected = (0..<strings.entryCount).filter { entry in
            let text = unsafe Array(strings.bytes(of: entry))
            return text.count >= needle.count
                && (0...text.count - needle.count).contains { Array(text[$0..<$0 + needle.count]) == needle }
        }
        #expect(strings.entries(containing: needle) == expected)
        #expect(ByteSearch.first(needle, in: [], from: 0) == nil)
    }
}
