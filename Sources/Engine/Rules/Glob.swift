/// A text with wildcards, matched against a whole value in time at most pattern times text.
///
/// `?` is one character (a Unicode scalar), not one byte.
struct Glob: Hashable, Sendable {
    private enum Step: Hashable, Sendable {
        case byte(UInt8)
        case one
        case run
        case dash
    }

    private let steps: [Step]

    /// With `folding`, the text that it is matched with must be folded too.
    init(_ text: SigmaText, folding: Bool) {
        steps = text.parts.flatMap { part -> [Step] in
            switch part {
            case .literal(let literal):
                (folding ? CaseFolding.folded(literal) : Array(literal.utf8)).map(Step.byte)
            case .anyRun: [.run]
            case .anyOne: [.one]
            case .dash: [.dash]
            case .placeholder(let name): Array("%\(name)%".utf8).map(Step.byte)
            }
        }
    }

    func matches(_ text: Span<UInt8>) -> Bool {
        var step = 0
        var at = 0
        // Where to go on after a mismatch: the last run swallows one character more.
        var retryStep = -1
        var retryAt = 0
        while true {
            if step < steps.count, steps[step] == .run {
                step += 1
                retryStep = step
                retryAt = at
                continue
            }
            if step == steps.count, at == text.count { return true }
            if step < steps.count, let taken = taken(steps[step], text, at) {
                step += 1
                at += taken
                continue
            }
            guard retryStep >= 0, retryAt < text.count else { return false }
            retryAt += 1
            at = retryAt
            step = retryStep
        }
    }

    /// How many bytes one step takes at a place; `nil` where it does not fit.
    private func taken(_ step: Step, _ text: Span<UInt8>, _ at: Int) -> Int? {
        guard at < text.count else { return nil }
        let byte = text[at]
        switch step {
        case .byte(let wanted): return byte == wanted ? 1 : nil
        case .run: return nil
        case .one:
            if byte & 0xC0 == 0x80 { return nil }
            let width = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            return min(width, text.count - at)
        case .dash:
            if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "/") { return 1 }
            // U+2013 to U+2015: en dash, em dash, horizontal bar.
            guard at + 2 < text.count, byte == 0xE2, text[at + 1] == 0x80 else { return nil }
            return (0x93...0x95).contains(text[at + 2]) ? 3 : nil
        }
    }
}

/// Lower-casing, the same for a rule's texts and a record's values, so that they compare as Sigma asks.
enum CaseFolding {
    static func folded(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                let byte = UInt8(truncatingIfNeeded: scalar.value)
                bytes.append((65...90).contains(byte) ? byte | 0x20 : byte)
            } else {
                bytes.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
            }
        }
        return bytes
    }
}
