/// What a leaf holds: the physical type and what it means, together.
package enum ParquetType: Hashable, Sendable {
    case boolean, int32, int64, double
    /// UTF-8 text.
    case string
    /// UTF-8 text that certainly is one JSON value: DuckDB refuses to read a column in which one is not. Text that
    /// may be anything, such as a raw record, is a `string`.
    case json
    case binary
    /// Milliseconds since 1970 in UTC, in 64 bits.
    case timestamp
    /// A type of other writers that is not read here; its neighbours are.
    case foreign

    /// Whether values are byte strings; all others are words of at most 64 bits.
    package var isBytes: Bool { self == .string || self == .json || self == .binary }
}

/// The tree of fields in a Parquet file, with its leaves numbered in order.
///
/// Make groups required and leaves optional where a struct's own absence means nothing: then no leaf needs to
/// know about its siblings, and a leaf that is never written costs nothing (see `ParquetRows`).
package struct ParquetSchema: Hashable, Sendable {
    package enum Repetition: Int, Hashable, Sendable { case required, optional, repeated }

    package struct Field: Hashable, Sendable {
        package enum Content: Hashable, Sendable {
            case leaf(ParquetType)
            case group([Field])
            /// A group annotated LIST: its one child is repeated and holds the element.
            case list([Field])
        }

        package var name: String
        package var repetition: Repetition
        package var content: Content

        package init(_ name: String, _ repetition: Repetition, _ content: Content) {
            self.name = name
            self.repetition = repetition
            self.content = content
        }

        package static func leaf(_ name: String, _ type: ParquetType, required: Bool = false) -> Field {
            Field(name, required ? .required : .optional, .leaf(type))
        }

        package static func group(_ name: String, required: Bool = true, _ fields: [Field]) -> Field {
            Field(name, required ? .required : .optional, .group(fields))
        }

        /// A list of leaves: three levels, as the format asks.
        package static func list(
            _ name: String, of type: ParquetType, required: Bool = false, elementRequired: Bool = false
        ) -> Field {
            list(name, required: required, element: .leaf("element", type, required: elementRequired))
        }

        /// A list of groups.
        package static func list(
            _ name: String, of fields: [Field], required: Bool = false, elementRequired: Bool = true
        ) -> Field {
            list(name, required: required, element: .group("element", required: elementRequired, fields))
        }

        private static func list(_ name: String, required: Bool, element: Field) -> Field {
            Field(
                name, required ? .required : .optional,
                .list([Field("list", .repeated, .group([element]))]))
        }
    }

    package struct Leaf: Hashable, Sendable {
        /// The names from the root, `list` and `element` included.
        package var path: [String]
        package var type: ParquetType
        /// The definition level of a value; lower ones say which ancestor is missing.
        package var maxDefinition: UInt8
        /// How many lists the leaf is in.
        package var maxRepetition: UInt8

        /// The dotted path as people write it: without `list` and `element`.
        package var name: String
    }

    /// One list, for those who write levels by hand.
    package struct List: Hashable, Sendable {
        /// The dotted path as people write it.
        package var name: String
        /// The leaves below it.
        package var leaves: Range<Int>
        /// The repetition level of each element but the first.
        package var repetition: UInt8
        /// The definition level that says: the list is there and empty. One less says it is null, if it may be.
        package var emptyDefinition: UInt8
        /// The definition level that says: the element is there, and what is below it is not.
        package var elementDefinition: UInt8
    }

    package let fields: [Field]
    package private(set) var leaves: [Leaf] = []
    package private(set) var lists: [List] = []

    /// How deep fields may nest, and how many of them there may be: a file from elsewhere can claim anything.
    package static let depthMax = 40
    package static let fieldsMax = 100_000

    package init(_ fields: [Field]) {
        self.fields = fields
        for field in fields { add(field, at: Place()) }
    }

    /// The leaf with this dotted name: `actor.user.name`, `resources.uid`.
    package func leaf(named name: String) -> Int? { leaves.firstIndex { $0.name == name } }

    /// Where a field stands: what its ancestors say.
    private struct Place {
        var path: [String] = []
        var names: [String] = []
        var definition: UInt8 = 0
        var repetition: UInt8 = 0

        /// `isNamed` is false for the two inner levels of a list, which people do not write.
        func inside(_ field: Field, isNamed: Bool) -> Place {
            var place = self
            place.path.append(field.name)
            if isNamed { place.names.append(field.name) }
            if field.repetition != .required { place.definition += 1 }
            if field.repetition == .repeated { place.repetition += 1 }
            return place
        }
    }

    private mutating func add(_ field: Field, at outer: Place, isNamed: Bool = true) {
        precondition(outer.path.count < Self.depthMax, "fields nest too deep")
        let place = outer.inside(field, isNamed: isNamed)
        switch field.content {
        case .leaf(let type):
            leaves.append(
                Leaf(
                    path: place.path, type: type, maxDefinition: place.definition,
                    maxRepetition: place.repetition, name: place.names.joined(separator: ".")))
        case .group(let fields):
            for field in fields { add(field, at: place) }
        case .list(let fields):
            addList(fields, at: place)
        }
    }

    private mutating func addList(_ fields: [Field], at place: Place) {
        let start = leaves.count
        let number = lists.count
        lists.append(
            List(
                name: place.names.joined(separator: "."), leaves: start..<start,
                repetition: place.repetition + 1, emptyDefinition: place.definition,
                elementDefinition: place.definition + 1))
        for wrapper in fields {
            guard case .group(let elements) = wrapper.content, elements.count == 1 else {
                add(wrapper, at: place, isNamed: false)
                continue
            }
            if case .group = elements[0].content, elements[0].repetition != .required {
                lists[number].elementDefinition += 1
            }
            add(elements[0], at: place.inside(wrapper, isNamed: false), isNamed: false)
        }
        lists[number].leaves = start..<leaves.count
    }
}
