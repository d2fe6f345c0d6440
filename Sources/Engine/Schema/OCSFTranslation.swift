/// A version map worked out against both tables: for each class and activity, and each attribute, where it goes.
struct OCSFTranslation: Sendable {
    /// How a value gets from one attribute into another.
    enum Way: Hashable, Sendable {
        /// As it is.
        case copy
        /// As it is, if the older version's type takes it.
        case checked(OCSFSchema.Scalar)
        /// Attribute by attribute, by a table.
        case object(Int)
        /// As it is, if it is one of the older version's words.
        case word(Int)
        /// By a table of enum ids.
        case enumeration(Int)
        /// An object becomes its `name`, else its `uid`.
        case nameOfObject
    }

    /// A root attribute that follows from class and activity, or that is written last.
    enum Apart: Sendable {
        case activity, omitted, categoryName, category, className, classUID, typeName, typeUID, last
    }

    struct Move: Sendable {
        /// The target attribute's index in its structure.
        var target: Int
        /// `"name":`, ready to be written.
        var key: [UInt8]
        var way: Way
        var fromArray: Bool
        var toArray: Bool
        /// The profile bit the target attribute needs; 0 for none.
        var profile: UInt64
    }

    /// Where the attributes of one structure go in another.
    struct Table: Sendable {
        var source: Int
        var target: Int
        /// By source attribute: its own name in the target, where the target has it.
        var own: [Move?]
        /// By source attribute: what else it fills, where that is still free.
        var others: [[Move]]
        /// By source attribute, for classes.
        var apart: [Apart?]
        /// By source attribute: the id attribute whose caption it is, where captions may change.
        var captions: [Caption?]
        /// Target attributes that must be there, with the text that stands in.
        var defaults: [(target: Int, text: [UInt8])]
    }

    struct Caption: Sendable {
        var id: Int
        var enumeration: Int
    }

    struct EnumMap: Sendable {
        /// Sorted by source id.
        ///
        /// An id without a target, in an enum that has no 99, is not written.
        var ids: [(source: Int64, target: Int64?)]
        /// The caption to write for the target id, by position; empty where the source's stays.
        var captions: [[UInt8]]
        /// What the source id is called, by position.
        var sourceCaptions: [[UInt8]]

        func position(of id: Int64) -> Int? {
            var low = 0
            var high = ids.count
            while low < high {
                let middle = (low + high) / 2
                if ids[middle].source == id { return middle }
                if ids[middle].source < id { low = middle + 1 } else { high = middle }
            }
            return nil
        }
    }

    struct ClassMove: Sendable {
        var activity: Int64
        /// The class table to walk the event with.
        var table: Int
        var classUID: Int
        var categoryUID: Int
        var targetActivity: Int64
        var className: [UInt8]
        var categoryName: [UInt8]
        var activityName: [UInt8]
        var sourceActivityName: [UInt8]
        /// Profiles that the target class has.
        var profiles: UInt64
    }

    let version: [UInt8]
    var tables: [Table] = []
    var enumerations: [EnumMap] = []
    /// The words of text enums, sorted.
    var words: [[[UInt8]]] = []
    /// By source class uid, then by activity.
    var classes: [Int: [ClassMove]] = [:]
    /// Names of profiles by bit.
    var profiles: [String] = []
    /// Profiles that may be applied when an attribute needs them: only `host`, which requires nothing.
    var grantable: UInt64 = 0
}
