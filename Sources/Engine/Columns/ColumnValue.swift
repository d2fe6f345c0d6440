/// One value of one column of a block of rows, or one null that has to be told.
package struct ColumnValue: BitwiseCopyable, Sendable {
    /// A number's bits, a boolean's 0 or 1, or where a text stands: `ColumnTexts` knows.
    package var bits: UInt64
    /// Of a text or JSON: bytes.
    package var count: UInt32
    /// Counted in the block.
    package var row: UInt16
    package var repetition: UInt8
    /// The column's `definitionMax` where there is a value.
    package var definition: UInt8
}

/// Where a block's texts stand: in what was read, or, unescaped, in memory of the shredder's.
@safe package struct ColumnTexts: BitwiseCopyable {
    package static var own: UInt64 { 1 << 63 }

    package let read: UnsafePointer<UInt8>
    package let made: UnsafePointer<UInt8>

    init(_ tape: JSONTape, _ made: UnsafePointer<UInt8>) {
        unsafe read = unsafe tape.bytes.base
        unsafe self.made = unsafe made
    }

    /// For whoever looks at a few; who goes through all of a column does the same in his own loop.
    package func start(of value: ColumnValue) -> UnsafePointer<UInt8> {
        let offset = Int(truncatingIfNeeded: value.bits & ~(1 << 63))
        return unsafe (value.bits >> 63 == 0 ? read : made) + offset
    }
}
