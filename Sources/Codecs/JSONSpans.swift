package import Engine

/// A small strict reader of JSON by spans, for what must be taken out of a text as it stands: a vendor's records out
/// of its answer, the events of a batch that a receiver judges.
package struct JSONSpans: Sendable {
    package struct Broken: Error {}

    package let bytes: [UInt8]
    private var index: Int
    /// Deeper nesting is broken.
    private static let depthMax = 512

    /// Reads values back to back from the start of `bytes`.
    ///
    /// - Parameter isChecked: false where whoever reads the values checks that they are UTF-8.
    package init(_ bytes: [UInt8], isChecked: Bool = true) throws(Broken) {
        guard !isChecked || String(validating: bytes, as: UTF8.self) != nil else { throw Broken() }
        self.bytes = bytes
        index = 0
    }

    private init(_ bytes: [UInt8], at index: Int) {
        self.bytes = bytes
        self.index = index
    }

    /// The next value; `nil` at the end.
    package mutating func next() throws(Broken) -> Range<Int>? {
        skipSpace()
        return index == bytes.count ? nil : try value(depth: 0)
    }

    /// The members of an object that was read before, names as they stand between the quotes; `nil` where the
    /// value is no object.
    package func members(of object: Range<Int>) -> [(name: Range<Int>, value: Range<Int>)]? {
        guard bytes[object.lowerBound] == UInt8(ascii: "{") else { return nil }
        var reader = JSONSpans(bytes, at: object.lowerBound + 1)
        var members: [(Range<Int>, Range<Int>)] = []
        do {
            while true {
                reader.skipSpace()
                if reader.take("}") { return members }
                _ = reader.take(",")
                reader.skipSpace()
                let name = try reader.value(depth: 0)
                reader.skipSpace()
                _ = reader.take(":")
                reader.skipSpace()
                members.append((name.lowerBound + 1..<name.upperBound - 1, try reader.value(depth: 0)))
            }
        } catch {
            return nil
        }
    }

    /// The first member of that name.
    package func member(_ name: StaticString, of object: Range<Int>?) -> Range<Int>? {
        guard let object else { return nil }
        return members(of: object)?.first { self.text($0.name, is: name) }?.value
    }

    /// The elements of an array that was read before; `nil` where the value is no array.
    package func elements(of array: Range<Int>) -> [Range<Int>]? {
        guard bytes[array.lowerBound] == UInt8(ascii: "[") else { return nil }
        var reader = JSONSpans(bytes, at: array.lowerBound + 1)
        var elements: [Range<Int>] = []
        do {
            while true {
                reader.skipSpace()
                if reader.take("]") { return elements }
                _ = reader.take(",")
                reader.skipSpace()
                elements.append(try reader.value(depth: 0))
            }
        } catch {
            return nil
        }
    }

    /// What stands at a path of a value that was read before.
    package func value(at path: KeyPath, of value: Range<Int>) -> Range<Int>? {
        var place = value
        for step in path.steps {
            switch step {
            case .key(let key):
                guard let member = members(of: place)?.first(where: { bytes[$0.name].elementsEqual(key) })
                else { return nil }
                place = member.value
            case .element(let number):
                guard let items = elements(of: place), items.indices.contains(number) else { return nil }
                place = items[number]
            case .object(let key, let text, let isPrefix):
                let found = elements(of: place)?.first { item in
                    guard
                        let value = members(of: item)?.first(where: { bytes[$0.name].elementsEqual(key) })?
                            .value,
                        bytes[value.lowerBound] == UInt8(ascii: "\"")
                    else { return false }
                    let content = bytes[value.lowerBound + 1..<value.upperBound - 1]
                    return isPrefix ? content.starts(with: text) : content.elementsEqual(text)
                }
                guard let found else { return nil }
                place = found
            }
        }
        return place
    }

    package func text(_ range: Range<Int>, is name: StaticString) -> Bool {
        guard range.count == name.utf8CodeUnitCount else { return false }
        return name.description.utf8.elementsEqual(bytes[range])
    }

    private mutating func value(depth: Int) throws(Broken) -> Range<Int> {
        guard index < bytes.count, depth < Self.depthMax else { throw Broken() }
        let start = index
        switch bytes[index] {
        case UInt8(ascii: "{"): try object(depth: depth)
        case UInt8(ascii: "["): try items(depth: depth)
        case UInt8(ascii: "\""): try string()
        default: try scalar()
        }
        return start..<index
    }

    private mutating func object(depth: Int) throws(Broken) {
        index += 1
        skipSpace()
        if take("}") { return }
        while true {
            skipSpace()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { throw Broken() }
            try string()
            skipSpace()
            guard take(":") else { throw Broken() }
            skipSpace()
            _ = try value(depth: depth + 1)
            skipSpace()
            if take("}") { return }
            guard take(",") else { throw Broken() }
        }
    }

    private mutating func items(depth: Int) throws(Broken) {
        index += 1
        skipSpace()
        if take("]") { return }
        while true {
            skipSpace()
            _ = try value(depth: depth + 1)
            skipSpace()
            if take("]") { return }
            guard take(",") else { throw Broken() }
        }
    }

    private mutating func string() throws(Broken) {
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                index += 1
                return
            }
            guard byte >= 0x20 else { throw Broken() }
            index += 1
            if byte == UInt8(ascii: "\\") { try escape() }
        }
        throw Broken()
    }

    private mutating func escape() throws(Broken) {
        guard index < bytes.count else { throw Broken() }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        case UInt8(ascii: "u"):
            for _ in 0..<4 {
                guard index < bytes.count, Self.isHexadecimal(bytes[index]) else { throw Broken() }
                index += 1
            }
        default: throw Broken()
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
    }

    private mutating func scalar() throws(Broken) {
        for word in ["true", "false", "null"] as [StaticString] {
            let count = word.utf8CodeUnitCount
            if bytes.count - index >= count, text(index..<index + count, is: word) {
                index += count
                return
            }
        }
        _ = take("-")
        let whole = digits()
        guard whole > 0, whole == 1 || bytes[index - whole] != UInt8(ascii: "0") else { throw Broken() }
        if take(".") { guard digits() > 0 else { throw Broken() } }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            guard digits() > 0 else { throw Broken() }
        }
    }

    private mutating func digits() -> Int {
        let start = index
        while index < bytes.count, bytes[index] &- 0x30 < 10 { index += 1 }
        return index - start
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while index < bytes.count,
            bytes[index] == 0x20 || bytes[index] == 0x0a || bytes[index] == 0x0d || bytes[index] == 0x09
        {
            index += 1
        }
    }
}
