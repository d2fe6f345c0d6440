/// What a text is compared with: as it stands, or with `*` at its ends for anything.
package struct TextPattern: Hashable, Sendable {
    package enum Shape: Hashable, Sendable { case exact, prefix, suffix, contains }

    package let shape: Shape
    /// Folded to lower case where case does not matter.
    let bytes: [UInt8]
    let isCaseBlind: Bool

    package init(_ text: String, isCaseBlind: Bool = false) {
        var text = Substring(text)
        let isOpenAtStart = text.hasPrefix("*")
        if isOpenAtStart { text = text.dropFirst() }
        let isOpenAtEnd = text.hasSuffix("*")
        if isOpenAtEnd { text = text.dropLast() }
        shape = isOpenAtStart ? (isOpenAtEnd ? .contains : .suffix) : isOpenAtEnd ? .prefix : .exact
        self.isCaseBlind = isCaseBlind
        bytes = isCaseBlind ? text.utf8.map(Self.folded) : Array(text.utf8)
    }

    /// A text that must stand somewhere in a value.
    package init(contained text: String) {
        shape = .contains
        isCaseBlind = false
        bytes = Array(text.utf8)
    }

    /// This text and no other, whatever stands in it.
    package init(exactly text: String) {
        shape = .exact
        isCaseBlind = false
        bytes = Array(text.utf8)
    }

    package init(endingIn text: String) {
        shape = .suffix
        isCaseBlind = false
        bytes = Array(text.utf8)
    }

    /// The one value that fits; `nil` where there are several.
    var value: [UInt8]? { shape == .exact && !isCaseBlind ? bytes : nil }

    /// What must stand somewhere in a value, byte for byte; `nil` where the pattern wants anything else.
    var contained: [UInt8]? { shape == .contains && !isCaseBlind && !bytes.isEmpty ? bytes : nil }

    private static func folded(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

    func fits(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count >= bytes.count else { return false }
        switch shape {
        case .exact: return unsafe text.count == bytes.count && isEqual(text, at: 0)
        case .prefix: return unsafe isEqual(text, at: 0)
        case .suffix: return unsafe isEqual(text, at: text.count - bytes.count)
        case .contains:
            if bytes.isEmpty { return true }
            let (lower, upper) =
                isCaseBlind
                ? (bytes[0], bytes[0] &- 97 < 26 ? bytes[0] & 0xDF : bytes[0]) : (bytes[0], bytes[0])
            var at = 0
            let last = text.count - bytes.count
            while at <= last {
                if unsafe text[at] == lower || text[at] == upper, unsafe isEqual(text, at: at) { return true }
                at += 1
            }
            return false
        }
    }

    private func isEqual(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        for index in bytes.indices {
            let byte = unsafe text[start + index]
            if (isCaseBlind ? Self.folded(byte) : byte) != bytes[index] { return false }
        }
        return true
    }
}
