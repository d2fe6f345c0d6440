/// A part of one of a program's tables.
struct Run32: BitwiseCopyable {
    var start: Int32 = 0
    var count: Int32 = 0

    static let none = Run32()
    @inline(__always) var indices: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

/// What becomes of records of one class and activity to which the same blocks apply: a list of steps that write the
/// event from front to back.
///
/// Steps, expressions and texts are plain values in flat tables; nothing here is counted or allocated when it runs.
final class MappingProgram: Sendable {
    struct Op: BitwiseCopyable {
        enum Code: UInt8 {
            /// Appends `text`.
            case literal
            /// Appends `text` (a key and a brace), to be taken back if nothing follows before its `close`.
            case open
            case close
            /// Writes `text` (a key) and the first of `expressions` that yields a value.
            case leaf
            /// The same where any string will do, and nothing else hangs on it.
            case text
            /// The same for an array of objects.
            case array
            case uid, time
        }

        var code: Code
        var text = Run32.none
        var expressions = Run32.none
        /// Where the only place stands that it is read from: without a value there is nothing to do. Else -1.
        var onlyReference: Int32 = -1
        var scalar = OCSFSchema.Scalar.string
        var isArray = false
        /// The enum's values, where the attribute is one.
        var values = Run32.none
        /// The key of the caption to be written beside, or nothing.
        var sibling = Run32.none
        /// Which of `observables`, or -1.
        var observable: Int32 = -1
        var captures = Captures.nothing

        /// Whether any string will do that its first expression finds.
        func isText(by first: Expression) -> Bool {
            let isBare =
                first.kind == .paths && first.conditions.count == 0 && first.functions.count == 0
                && first.cases.count == 0 && first.otherwise < 0 && first.test == .none
            return isBare && scalar.isAnyString && !isArray && values.count == 0 && captures == .nothing
        }
    }

    /// What the event's row keeps of an attribute.
    enum Captures: UInt8 { case nothing, status, severity }

    struct Expression: BitwiseCopyable {
        enum Kind: UInt8 { case paths, constant, join, each, items, nothing }

        var kind: Kind
        var readAs = MappingDocument.ReadAs.natural.code
        var conditions = Run32.none
        /// Slots to read, in order.
        var references = Run32.none
        /// A constant's JSON, or what `join` puts between.
        var text = Run32.none
        var caption = Run32.none
        /// A constant's id.
        var id: Int32 = -1
        var functions = Run32.none
        var cases = Run32.none
        var otherwise: Int32 = -1
        var test: TestCode = .none
        var isTestNegated = false
        var items = Run32.none
        /// The trie of `each`.
        var trie: Int32 = -1
        /// The keys, in `texts`, that lead from an element to its single value.
        var members = Run32.none
    }

    enum TestCode: UInt8 {
        case none, equals, startsWith, endsWith, contains, present, ip, arn, email, number, text, object,
            array
    }

    struct Condition: BitwiseCopyable {
        var reference: Int32
        var test: TestCode
        var isNegated: Bool
        /// Into `texts`.
        var texts = Run32.none
    }

    struct Case: BitwiseCopyable {
        var text: Run32
        var isPrefix: Bool
        /// JSON.
        var output: Run32
        /// JSON text of the caption, or nothing.
        var caption: Run32
        var id: Int32
    }

    struct Function: BitwiseCopyable {
        enum Code: UInt8 {
            case arnPart, arnResource, arnName, lower, upper, json, parsedJSON, before, after, beforeLast,
                afterLast
            case split, inJSON, stripPrefix, stripSuffix
        }

        var code: Code
        var text = Run32.none
        var part: Int32 = 0
    }

    struct Item: BitwiseCopyable {
        var conditions: Run32
        var ops: Run32
        /// Steps that come before `ops`; where they write nothing, the item is nothing.
        var required = Run32.none
    }

    let view: View
    private let owners: [any Sendable]

    /// The tables without their owner.
    struct View: BitwiseCopyable, Sendable {
        let classUID: UInt32
        let activityID: UInt16
        var main: Run32
        /// Steps that write what the record tells of credentials.
        var act: Run32
        let timeExpressions: Run32
        /// The main steps, then those of arrays' elements.
        var ops: FrozenView<Op>
        var expressions: FrozenView<Expression>
        let conditions: FrozenView<Condition>
        let texts: FrozenView<Run32>
        /// Slots; those of an array's elements stand behind the record's own.
        let references: FrozenView<Int32>
        let functions: FrozenView<Function>
        let cases: FrozenView<Case>
        let items: FrozenView<Item>
        let itemCount: Int
        let opCount: Int
        let expressionCount: Int
        /// `{"name":…,"type":…,"type_id":…,"value":` of each observable attribute.
        let observables: FrozenView<Run32>
        let pool: FrozenView<UInt8>
    }

    init(
        _ builder: consuming ProgramBuilder, main: Run32, act: Run32, time: Run32, classUID: Int,
        activityID: Int
    ) {
        var items = builder.items
        for index in items.indices {
            items[index].ops.start += Int32(builder.ops.count)
            items[index].required.start += Int32(builder.ops.count)
        }
        var act = act
        act.start += Int32(builder.ops.count)
        let ops = FrozenArray(builder.ops + builder.innerOps)
        let expressions = FrozenArray(builder.expressions)
        let conditions = FrozenArray(builder.conditions)
        let texts = FrozenArray(builder.texts)
        let references = FrozenArray(builder.references)
        let functions = FrozenArray(builder.functions)
        let cases = FrozenArray(builder.cases)
        let frozenItems = FrozenArray(items)
        let observables = FrozenArray(builder.observables)
        // Copied sixteen bytes at a time.
        let pool = FrozenArray(builder.pool + [UInt8](repeating: 0, count: 32))
        owners = [
            ops, expressions, conditions, texts, references, functions, cases, frozenItems, observables, pool,
        ]
        view = View(
            classUID: UInt32(clamping: classUID), activityID: UInt16(clamping: activityID), main: main,
            act: act,
            timeExpressions: time, ops: ops.view, expressions: expressions.view, conditions: conditions.view,
            texts: texts.view, references: references.view, functions: functions.view, cases: cases.view,
            items: frozenItems.view, itemCount: items.count, opCount: ops.count,
            expressionCount: expressions.count, observables: observables.view, pool: pool.view)
    }
}

extension MappingDocument.ReadAs {
    enum Code: UInt8 {
        case natural, integer, float, string, boolean, time, seconds, milliseconds, microseconds, nanoseconds
    }

    var code: Code {
        switch self {
        case .natural: .natural
        case .integer: .integer
        case .float: .float
        case .string: .string
        case .boolean: .boolean
        case .time: .time
        case .seconds: .seconds
        case .milliseconds: .milliseconds
        case .microseconds: .microseconds
        case .nanoseconds: .nanoseconds
        }
    }
}

extension OCSFSchema.Scalar: BitwiseCopyable {}
