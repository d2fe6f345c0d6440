/// A mapping as it was written: decoded, every word of it known, not yet compiled for a class.
struct MappingDocument: Sendable {
    /// Where a value is read: a path in the record, or in the element of an array.
    struct Reference: Sendable, Hashable {
        /// No steps: the element, or the record, itself.
        var path: KeyPath
        /// `^path`: in the record, although an element is being read.
        var isRoot: Bool
    }

    enum Test: Hashable, Sendable {
        case equals([String])
        case startsWith([String])
        case endsWith([String])
        case contains([String])
        case present, ip, arn, email, number, text, object, array

        static let words: [String: Test] = [
            "present": .present, "ip": .ip, "arn": .arn, "email": .email, "number": .number, "text": .text,
            "object": .object, "array": .array,
        ]
    }

    struct Condition: Sendable, Hashable {
        var reference: Reference
        var test: Test
        var isNegated: Bool
    }

    enum Function: Hashable, Sendable {
        case arnPartition, arnService, arnRegion, arnAccount, arnResource, arnName, lower, upper, json,
            parsedJSON
        case before(String), after(String), beforeLast(String), afterLast(String)
        case split(String, part: Int)
        /// The value at a path in the JSON that a text holds.
        case inJSON(KeyPath)
        case stripPrefix(String), stripSuffix(String)

        static let words: [String: Function] = [
            "arn_partition": .arnPartition, "arn_service": .arnService, "arn_region": .arnRegion,
            "arn_account": .arnAccount, "arn_resource": .arnResource, "arn_name": .arnName, "lower": .lower,
            "upper": .upper, "json": .json, "parsed_json": .parsedJSON,
        ]
    }

    enum ReadAs: String, CaseIterable, Sendable {
        case natural = ""
        case integer, float, string, boolean, time, seconds, milliseconds, microseconds, nanoseconds
    }

    struct Case: Sendable {
        var text: String
        var isPrefix: Bool
        var result: Document
    }

    struct Item: Sendable {
        var conditions: [Condition]
        var rules: [Rule]
    }

    indirect enum Source: Sendable {
        case paths([Reference])
        case constant(Document)
        case join([Reference], with: String)
        /// With the number of its own trie; `rules` is `nil` where elements are single values, or their `members` are.
        case each(Reference, trie: Int, rules: [Rule]?, members: [[UInt8]])
        case items([Item])
        /// Ends the search: the attribute is not written.
        case nothing
    }

    struct Expression: Sendable {
        var source: Source
        var readAs = ReadAs.natural
        var cases: [Case] = []
        var otherwise: Document?
        var functions: [Function] = []
        var test: (Test, isNegated: Bool)?
        var conditions: [Condition] = []
        var position: SourcePosition
    }

    /// What one attribute is to hold: the expressions in the order tried, or none for `null`.
    struct Rule: Sendable {
        var path: String
        var position: SourcePosition
        var expressions: [Expression]
    }

    /// `class/activity`, by OCSF's names.
    struct Target: Sendable, Hashable {
        var className: String
        var activity: String
        var position: SourcePosition
    }

    /// A case's or an operation's pattern over the one or two values that choose the class.
    struct Pattern: Sendable, Hashable {
        var parts: [String]

        /// How exact it is: greater counts first.
        var rank: [Int] {
            parts.flatMap { part -> [Int] in
                guard let star = part.utf8.firstIndex(of: 0x2A) else { return [1, part.utf8.count] }
                return [0, part.utf8.distance(from: part.utf8.startIndex, to: star)]
            }
        }

        func matches(_ values: [[UInt8]]) -> Bool { Self.match(parts.map { Array($0.utf8) }, values) }

        static func match(_ parts: [[UInt8]], _ values: [[UInt8]]) -> Bool {
            zip(parts, values).allSatisfy { matches($0[...], $1[...]) }
        }

        /// `*` is any text; by going back to the last star, so never worse than the product of the lengths.
        private static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
            var p = pattern.startIndex
            var t = text.startIndex
            var star: (p: Int, t: Int)?
            while t < text.endIndex {
                if p < pattern.endIndex, pattern[p] == 0x2A {
                    star = (p, t)
                    p += 1
                } else if p < pattern.endIndex, pattern[p] == text[t] {
                    p += 1
                    t += 1
                } else if let last = star {
                    star = (last.p, last.t + 1)
                    p = last.p + 1
                    t = last.t + 1
                } else {
                    return false
                }
            }
            return pattern[p...].allSatisfy { $0 == 0x2A }
        }
    }

    /// A value that chooses the class: the first that is there, after the functions.
    struct Chooser: Sendable {
        var references: [Reference]
        var functions: [Function] = []
    }

    struct ClassCase: Sendable {
        var pattern: Pattern
        var target: Target
        /// Index of the block that holds its own fields, if it has any.
        var block: Int?
    }

    struct ClassRule: Sendable {
        var conditions: [Condition]
        var target: Target
    }

    struct Block: Sendable {
        /// Class names, or `class/activity`; empty for every class.
        var classes: [(name: String, activity: String?, position: SourcePosition)]
        /// Empty for every operation.
        var operations: [Pattern]
        var conditions: [Condition]
        var rules: [Rule]
        /// What is said of the grant that the record tells of; paths within `OCSFSchema.grant`.
        var grant: [Rule] = []
        /// What is said of credentials and accounts; paths within `OCSFSchema.attribution`.
        var attribution: [Rule] = []
        /// Only where a case names it.
        var isOfCase = false
    }

    var product: [(name: String, value: Document, position: SourcePosition)] = []
    var profiles: [(name: String, position: SourcePosition)] = []
    /// Shapes of this feed's records: a record is one of it if it meets all conditions of one.
    var detects: [[Condition]] = []
    var layouts = RecordLayouts()
    /// The parts of the id, each with the paths that may stand for it.
    /// Other ways to write a path of the record.
    var aliases: [(alias: KeyPath, path: KeyPath, position: SourcePosition)] = []
    var id: [[Reference]] = []
    var time: [Expression] = []
    var isTimeOptional = false
    var principal: Reference?
    var from: [Chooser] = []
    var classRules: [ClassRule] = []
    var cases: [ClassCase] = []
    var otherwise: Target
    /// `fields` is the first.
    var blocks: [Block] = []
    /// How many tries `each` needs, beside the record's.
    var trieCount = 0
}
