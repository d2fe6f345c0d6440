import Engine

@testable import Codecs

/// A seeded stream of numbers.
struct Dice {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}

/// A value of a nested row, as a reader would hand it out.
indirect enum Value: Hashable {
    case null
    case word(Int64)
    case bytes([UInt8])
    case group([Value])
    case list([Value])

    /// Text that a judge in another language can compare: doubles as their bits, bytes in hexadecimal digits.
    var text: String {
        switch self {
        case .null: "null"
        case .word(let word): "\"\(word)\""
        case .bytes(let bytes): "\"" + bytes.map { Self.hex[Int($0)] }.joined() + "\""
        case .group(let values): "{\"g\":[" + values.map(\.text).joined(separator: ",") + "]}"
        case .list(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
        }
    }

    private static let hex = (0..<256).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
}

/// A random schema with random rows for it.
struct ParquetSample {
    var schema: ParquetSchema
    var rows: [[Value]] = []
    private var dice: Dice
    /// How often each leaf is null, in percent, and how many different values it has.
    private var habits: [Int: (nulls: Int, different: Int)] = [:]

    init(seed: UInt64, rows count: Int) {
        var dice = Dice(seed)
        let fields = (0..<1 + dice.below(6)).map { Self.field("f\($0)", &dice, depth: 0) }
        schema = ParquetSchema(fields)
        self.dice = dice
        fill(count)
    }

    init(_ schema: ParquetSchema, seed: UInt64, rows count: Int) {
        self.schema = schema
        dice = Dice(seed)
        fill(count)
    }

    private mutating func fill(_ count: Int) {
        for _ in 0..<count {
            var leaf = 0
            rows.append(schema.fields.map { value($0, &leaf) })
        }
    }

    private static let types: [ParquetType] = [
        .boolean, .int32, .int64, .double, .string, .json, .binary, .timestamp,
    ]

    private static func field(_ name: String, _ dice: inout Dice, depth: Int) -> ParquetSchema.Field {
        let isRequired = dice.chance(40)
        switch dice.below(depth < 3 ? 6 : 3) {
        case 0...2: return .leaf(name, types[dice.below(types.count)], required: isRequired)
        case 3:
            let fields = (0..<1 + dice.below(3)).map { field("g\($0)", &dice, depth: depth + 1) }
            return .group(name, required: isRequired, fields)
        case 4:
            return .list(
                name, of: types[dice.below(types.count)], required: isRequired,
                elementRequired: dice.chance(50))
        default:
            let fields = (0..<1 + dice.below(3)).map { field("e\($0)", &dice, depth: depth + 1) }
            return .list(name, of: fields, required: isRequired, elementRequired: dice.chance(50))
        }
    }

    private mutating func value(_ field: ParquetSchema.Field, _ leaf: inout Int) -> Value {
        let isNull =
            field.repetition == .optional && dice.chance(isEmptyField(leaf) ? 100 : habit(leaf).nulls)
        let start = leaf
        var value = Value.null
        switch field.content {
        case .leaf(let type):
            value = isNull ? .null : leafValue(type, habit(leaf).different)
            leaf += 1
        case .group(let fields):
            value = .group(fields.map { self.value($0, &leaf) })
        case .list(let fields):
            guard case .group(let elements) = fields[0].content else { break }
            var values: [Value] = []
            let count = isNull ? 1 : dice.chance(30) ? 0 : 1 + dice.below(4)
            for _ in 0..<max(1, count) {
                leaf = start
                values.append(self.value(elements[0], &leaf))
            }
            value = .list(Array(values.prefix(count)))
        }
        return isNull ? .null : value
    }

    private func isEmptyField(_ leaf: Int) -> Bool { leaf % 7 == 5 }

    private mutating func habit(_ leaf: Int) -> (nulls: Int, different: Int) {
        if let known = habits[leaf] { return known }
        let habit = (nulls: [0, 5, 50, 95][dice.below(4)], different: [1, 2, 40, 1_000_000][dice.below(4)])
        habits[leaf] = habit
        return habit
    }

    private mutating func leafValue(_ type: ParquetType, _ different: Int) -> Value {
        let pick = dice.below(different)
        let number = Int64(truncatingIfNeeded: Dice(UInt64(pick)).first >> (dice.chance(50) ? 0 : 40))
        switch type {
        case .boolean: return .word(Int64(pick & 1))
        case .int32: return .word(Int64(Int32(truncatingIfNeeded: number)))
        case .int64: return .word(number)
        case .timestamp: return .word(1_700_000_000_000 + Int64(pick) * 977)
        case .double:
            let odd: [Double] = [.nan, .infinity, -.infinity, -0.0, 0.0, 1.5]
            let value = pick % 11 < 6 ? odd[pick % 11] : Double(number) / 3
            return .word(Int64(bitPattern: value.isNaN ? Double.nan.bitPattern : value.bitPattern))
        case .string, .foreign: return .bytes(Array(text(pick).utf8))
        case .json: return .bytes(Array("[\"\(text(pick))\"]".utf8))
        case .binary:
            var inner = Dice(UInt64(pick))
            return .bytes((0..<pick % 90).map { _ in UInt8(truncatingIfNeeded: inner.next()) })
        }
    }

    /// Texts of many lengths, of ASCII and others, some alike in their first hundred bytes.
    private func text(_ pick: Int) -> String {
        switch pick % 8 {
        case 0: ""
        case 1: "é\(pick)—\u{1F9EA}\u{10FFFF}"
        case 2: String(repeating: "\u{10FFFF}", count: 40) + "\(pick)"
        case 3: String(repeating: "ab", count: 60) + "\(pick)"
        case 4: String(repeating: "漢", count: pick % 100)
        default: "value-\(pick)"
        }
    }

    // MARK: Into columns

    /// The rows in columns, levels and all.
    func columns() -> ParquetRows {
        var columns = ParquetRows(schema)
        for row in rows { append(row, to: &columns) }
        return columns
    }

    func append(_ row: [Value], to columns: inout ParquetRows) {
        var leaf = 0
        for (field, value) in zip(schema.fields, row) {
            shred(field, value, &leaf, definition: 0, repetition: 0, depth: 0, into: &columns)
        }
        columns.endRow()
    }

    private func shred(
        _ field: ParquetSchema.Field, _ value: Value?, _ leaf: inout Int, definition: UInt8,
        repetition: UInt8, depth: UInt8, into columns: inout ParquetRows
    ) {
        let isThere = value != nil && value != .null
        let inner = definition + (isThere && field.repetition == .optional ? 1 : 0)
        let below = isThere ? value : nil
        switch field.content {
        case .leaf:
            switch below {
            case .word(let word): columns.append(word, to: leaf, repetition: repetition)
            case .bytes(let bytes):
                columns.append(bytes, in: 0..<bytes.count, to: leaf, repetition: repetition)
            default: columns.appendNull(to: leaf, definition: inner, repetition: repetition)
            }
            leaf += 1
        case .group(let fields):
            var values: [Value?] = fields.map { _ in nil }
            if case .group(let given) = below { values = given }
            for (field, value) in zip(fields, values) {
                shred(
                    field, value, &leaf, definition: inner, repetition: repetition, depth: depth,
                    into: &columns)
            }
        case .list(let fields):
            guard case .group(let elements) = fields[0].content else { return }
            let start = leaf
            var values: [Value] = []
            if case .list(let given) = below { values = given }
            if values.isEmpty {
                shred(
                    elements[0], nil, &leaf, definition: inner, repetition: repetition, depth: depth + 1,
                    into: &columns)
            }
            for (index, value) in values.enumerated() {
                leaf = start
                shred(
                    elements[0], value, &leaf, definition: inner + 1,
                    repetition: index == 0 ? repetition : depth + 1, depth: depth + 1, into: &columns)
            }
        }
    }

    /// Each number below the count once, in some order.
    mutating func shuffledOrder(_ count: Int) -> [UInt32] {
        var order = Array(0..<UInt32(count))
        for index in stride(from: count - 1, to: 0, by: -1) { order.swapAt(index, dice.below(index + 1)) }
        return order
    }
}

extension Dice {
    var first: UInt64 {
        var copy = self
        return copy.next()
    }
}
