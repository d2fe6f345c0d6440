import Simulation
import Testing

@testable import Engine

@Suite("The index of a mapping's cases")
struct CaseIndexTests {
    @Test("It finds what going through all of them finds", arguments: 1...10)
    func firstMatch(seed: UInt64) {
        var random = Dice(seed: seed)
        let words = ["a", "b", "ab", "a*", "*", "*b", "aab", ""]
        let plain = words.filter { !$0.contains("*") }
        for _ in 0..<100 {
            let patterns = (0..<random.below(12)).map { _ in
                MappingDocument.Pattern(
                    parts: (0...random.below(2)).map { _ in random.pick(words) })
            }
            let index = CaseIndex(patterns)
            for _ in 0..<20 {
                let values = (0..<2).map { _ in Array(random.pick(plain).utf8) }
                #expect(index.first(matching: values) == patterns.firstIndex { $0.matches(values) })
            }
        }
    }
}
