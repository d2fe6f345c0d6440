/// The rows of a row group under construction: one column for each leaf of the schema.
///
/// Append what a row has, in any order of leaves (the elements of a list in their order), then `endRow`. Of a leaf
/// outside lists the first value of a row counts. All of it is kept until `removeAll`, which keeps the room.
package struct ParquetRows: ~Copyable, Sendable {
    package let schema: ParquetSchema
    package internal(set) var columns: [ParquetColumn]
    /// Rows that were ended.
    package internal(set) var count = 0

    package init(_ schema: ParquetSchema) {
        self.schema = schema
        columns = schema.leaves.map { ParquetColumn($0) }
    }

    /// Bytes held. Goes through all columns: ask once for many rows.
    package var byteCount: Int { columns.reduce(0) { $0 + $1.byteCount } }

    package mutating func endRow() { count += 1 }

    package mutating func removeAll() {
        for index in columns.indices { columns[index].removeAll() }
        count = 0
    }

    // Each append says whether the value was taken: it is not where the leaf has another type, a number does not
    // fit, or the row has its value already. `repetition` is 0 for the first (or only) value of a row.

    @discardableResult
    package mutating func append(_ value: Int64, to leaf: Int, repetition: UInt8 = 0) -> Bool {
        columns[leaf].append(value, row: count, repetition: repetition)
    }

    @discardableResult
    package mutating func append(_ value: Bool, to leaf: Int, repetition: UInt8 = 0) -> Bool {
        columns[leaf].append(Int64(value ? 1 : 0), row: count, repetition: repetition)
    }

    @discardableResult
    package mutating func append(_ value: Double, to leaf: Int, repetition: UInt8 = 0) -> Bool {
        columns[leaf].append(value, row: count, repetition: repetition)
    }

    @discardableResult
    package mutating func append(
        _ bytes: UnsafeRawBufferPointer, to leaf: Int, repetition: UInt8 = 0
    ) -> Bool {
        unsafe columns[leaf].append(bytes, row: count, repetition: repetition)
    }

    @discardableResult
    package mutating func append(
        _ bytes: [UInt8], in range: Range<Int>, to leaf: Int, repetition: UInt8 = 0
    ) -> Bool {
        unsafe bytes.withUnsafeBytes { all in
            unsafe columns[leaf].append(
                UnsafeRawBufferPointer(rebasing: all[range]), row: count, repetition: repetition)
        }
    }

    @discardableResult
    package mutating func append(_ text: String, to leaf: Int, repetition: UInt8 = 0) -> Bool {
        var text = text
        return text.withUTF8 {
            unsafe columns[leaf].append(UnsafeRawBufferPointer($0), row: count, repetition: repetition)
        }
    }

    /// An entry without a value, where the lazily filled null (definition 0) would not be right.
    @discardableResult
    package mutating func appendNull(to leaf: Int, definition: UInt8, repetition: UInt8 = 0) -> Bool {
        columns[leaf].appendNull(definition: definition, row: count, repetition: repetition)
    }

    /// Ends an element of a list that is in no other list: its leaves without a value get their nulls.
    ///
    /// `element` counts from 0 within the row. Groups between the element and such a leaf must be required.
    package mutating func endElement(_ element: Int, of list: Int) {
        let list = schema.lists[list]
        for leaf in list.leaves
        where columns[leaf].elements(inRow: count, repetition: list.repetition) == element {
            columns[leaf].appendNull(
                definition: list.elementDefinition, row: count,
                repetition: element == 0 ? 0 : list.repetition)
        }
    }

    /// The list is there and has no elements; a list without a word is null.
    package mutating func appendEmpty(list: Int) {
        let list = schema.lists[list]
        for leaf in list.leaves {
            columns[leaf].appendNull(definition: list.emptyDefinition, row: count, repetition: 0)
        }
    }
}
