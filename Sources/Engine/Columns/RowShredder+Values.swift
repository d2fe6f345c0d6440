extension RowShredder {
    /// Whether the value is one for the column.
    @inline(__always) mutating func scalar(
        _ tape: JSONTape, _ token: Int, leaf: Int, repetition: Int, definition: Int
    ) -> Bool {
        let byte = tape.byte(token)
        var value = ColumnValue(
            bits: 0, count: 0, row: row, repetition: UInt8(truncatingIfNeeded: repetition),
            definition: UInt8(truncatingIfNeeded: definition))
        switch kinds[leaf] {
        case .text:
            guard byte == 0x22 else { return false }
            text(tape, token, &value)
            if ranks[leaf] != 255, value.count > 0, Int(ranks[leaf]) < principalRank {
                principalRank = Int(ranks[leaf])
                principal = value
            }
        case .integer:
            guard let number = integer(tape, token) else { return false }
            value.bits = UInt64(bitPattern: number)
        case .json:
            // A null would read as if nothing were there.
            guard byte != 0x6E else { return false }
            let extent = tape.extent(token)
            value.bits = UInt64(extent.start)
            value.count = extent.count
        case .boolean:
            guard byte == 0x74 || byte == 0x66 else { return false }
            value.bits = byte == 0x74 ? 1 : 0
        case .double:
            guard byte == 0x2D || byte &- 0x30 < 10, let number = Double(tape.text(tape.extent(token))),
                number.isFinite
            else { return false }
            value.bits = number.bitPattern
        case .timestamp:
            // The time goes to its column; its text to the rest as well, unless it is how we write that time.
            guard byte == 0x22, let time = unsafe times.read(tape.bytes(tape.content(token))) else {
                return false
            }
            value.bits = UInt64(bitPattern: time.milliseconds)
            put(value, to: leaf)
            unsafe seen[leaf] = generation
            return time.isOurs
        }
        put(value, to: leaf)
        unsafe seen[leaf] = generation
        return true
    }

    @inline(__always) private mutating func text(
        _ tape: JSONTape, _ token: Int, _ value: inout ColumnValue
    ) {
        let content = tape.content(token)
        value.bits = UInt64(content.start)
        value.count = content.count
        if tape.hasBackslash, tape.bytes.hasBackslash(Int(content.start), Int(content.count)) {
            unescape(tape, content, &value)
        }
    }

    @inline(never) private mutating func unescape(
        _ tape: JSONTape, _ content: Extent, _ value: inout ColumnValue
    ) {
        scratch.removeAll(keepingCapacity: true)
        unsafe JSONText.unescape(tape.bytes(content), into: &scratch)
        value.bits = UInt64(texts.count) | ColumnTexts.own
        value.count = UInt32(truncatingIfNeeded: scratch.count)
        unsafe scratch.withUnsafeBufferPointer { plain in
            if let base = plain.baseAddress { unsafe texts.append(copying: base, plain.count) }
        }
    }

    /// A whole number of 64 bits, written as we write it: `1.0`, `1e3` and `-0` are other texts.
    func integer(_ tape: JSONTape, _ token: Int) -> Int64? {
        let extent = tape.extent(token)
        var value: Int64 = 0
        var index = Int(extent.start)
        let isNegative = tape.bytes[index] == 0x2D
        if isNegative { index += 1 }
        guard index < extent.end, Int(extent.count) < 20 else { return nil }
        if Int(extent.count) < 18 {
            // Too short to be over.
            while index < extent.end {
                let digit = tape.bytes[index] &- 0x30
                guard digit < 10 else { return nil }
                value = value &* 10 &- Int64(digit)
                index &+= 1
            }
        } else {
            while index < extent.end {
                let digit = tape.bytes[index] &- 0x30
                guard digit < 10 else { return nil }
                let (product, isOver) = value.multipliedReportingOverflow(by: 10)
                let (sum, isOverNow) = product.subtractingReportingOverflow(Int64(digit))
                if isOver || isOverNow { return nil }
                value = sum
                index += 1
            }
        }
        if isNegative { return value == 0 ? nil : value }
        return value == .min ? nil : -value
    }

    // MARK: The rest

    /// Puts a value, and where it stood, into the rest.
    mutating func leave(_ tape: JSONTape, _ value: Int) {
        rest.append(rest.count == 0 ? UInt8(ascii: "{") : UInt8(ascii: ","))
        rest.append(UInt8(ascii: "\""))
        for index in 0..<path.count {
            let step = path[index]
            rest.append(UInt8(ascii: "/"))
            if step < 0 {
                rest.append(decimal: Int64(-1 - step))
                continue
            }
            // Keys stay escaped as in the event; a tilde and a slash are escaped for the pointer.
            let key = tape.content(step)
            for index in key.range {
                let byte = tape.bytes[index]
                switch byte {
                case UInt8(ascii: "~"): rest.append("~0")
                case UInt8(ascii: "/"): rest.append("~1")
                default: rest.append(byte)
                }
            }
        }
        rest.append("\":")
        let extent = tape.extent(value)
        unsafe rest.append(copying: tape.bytes.base + Int(extent.start), Int(extent.count))
    }
}
