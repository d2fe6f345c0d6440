import Simulation
import Testing

@testable import Engine

/// Objects whose members are known, since the test wrote them, walked again.
@Suite("Members of written JSON")
struct JSONMembersTests {
    private struct Text {
        var random: Dice

        mutating func string() -> String {
            let pieces = [
                "a", "{", "}", "[", "]", ",", ":", #"\""#, #"\\"#, "é", "value", "0123456789abcdef",
            ]
            return "\"" + (0..<random.below(9)).map { _ in random.pick(pieces) }.joined() + "\""
        }

        mutating func value(_ depth: Int) -> String {
            switch random.below(depth > 3 ? 3 : 6) {
            case 0: return "\(random.below(100_000))"
            case 1: return random.below(2) == 0 ? "null" : "true"
            case 2: return string()
            case 3:
                return "[" + (0..<random.below(5)).map { _ in value(depth + 1) }.joined(separator: ",") + "]"
            default:
                let members = (0..<random.below(5)).map { _ in "\(string()):\(value(depth + 1))" }
                return "{" + members.joined(separator: ",") + "}"
            }
        }
    }

    @Test("Each member is found with its value, whatever stands in it", arguments: 1...20)
    func members(seed: UInt64) {
        var text = Text(random: Dice(seed: seed))
        for _ in 0..<200 {
            let members = (0..<text.random.below(8)).map { _ in (text.string(), text.value(0)) }
            let object = "{" + members.map { "\($0.0):\($0.1)" }.joined(separator: ",") + "}"
            // What stands before and behind is none of its business.
            let bytes = Array(("[\(object),{\"z\":1}]").utf8)
            var walk = JSONMembers(1..<1 + object.utf8.count)
            var found: [String] = []
            while let member = walk.next(bytes.span) {
                let (key, value) = (bytes[member.key], bytes[member.value])
                found.append(
                    "\"\(String(decoding: key, as: UTF8.self))\":\(String(decoding: value, as: UTF8.self))")
            }
            #expect(found == members.map { "\($0.0):\($0.1)" })
        }
    }

    @Test("Each object of a list is found", arguments: 1...5)
    func elements(seed: UInt64) {
        var text = Text(random: Dice(seed: seed))
        for _ in 0..<200 {
            let objects = (0..<text.random.below(6)).map { _ in "{\(text.string()):\(text.value(0))}" }
            let bytes = Array("[\(objects.joined(separator: ","))]".utf8)
            var walk = JSONMembers(bytes.indices)
            var found: [String] = []
            while let element = walk.nextElement(bytes.span) {
                found.append(String(decoding: bytes[element], as: UTF8.self))
            }
            #expect(found == objects)
        }
    }

    @Test("Text that ends in the middle ends the walk")
    func cut() {
        let whole = Array(#"{"a":{"b":["x\"y",{"c":"}"}]},"d":"e"}"#.utf8)
        for count in 2..<whole.count {
            let bytes = Array(whole[..<count])
            var walk = JSONMembers(bytes.indices)
            var members = 0
            while let member = walk.next(bytes.span), members < 10 {
                #expect(member.value.upperBound <= bytes.count)
                members += 1
            }
            #expect(members <= 2)
        }
    }
}
