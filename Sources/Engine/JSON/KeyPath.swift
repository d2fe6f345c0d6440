/// A path into a record: keys, and elements of arrays by number or by what they hold.
package struct KeyPath: Hashable, Sendable, CustomStringConvertible {
    package enum Step: Hashable, Sendable {
        case key([UInt8])
        case element(Int)
        /// The first object of an array that holds this text at this key, or one that begins so.
        case object(key: [UInt8], text: [UInt8], isPrefix: Bool)

        var isByContent: Bool { if case .object = self { true } else { false } }
    }

    package var steps: [Step]

    package init(_ steps: [Step]) { self.steps = steps }

    /// Reads `a.b`, `labels."x.y/z"`, `list[0].name`, `list[Name=UserAgent].Value`; `nil` where it is none of these.
    package init?(_ text: String) {
        var steps: [Step] = []
        var rest = Array(text.utf8)[...]
        var needsDot = false
        while let first = rest.first {
            if first == 0x5B {
                guard !steps.isEmpty, let close = rest.firstIndex(of: 0x5D),
                    let step = Self.element(rest[(rest.startIndex + 1)..<close])
                else { return nil }
                steps.append(step)
                rest = rest[(close + 1)...]
                needsDot = true
                continue
            }
            if needsDot {
                guard first == 0x2E else { return nil }
                rest = rest.dropFirst()
            }
            if rest.first == 0x22 {
                guard let close = rest.dropFirst().firstIndex(of: 0x22) else { return nil }
                steps.append(.key(Array(rest[(rest.startIndex + 1)..<close])))
                rest = rest[(close + 1)...]
            } else {
                let end = rest.firstIndex { $0 == 0x2E || $0 == 0x5B } ?? rest.endIndex
                guard end > rest.startIndex else { return nil }
                steps.append(.key(Array(rest[..<end])))
                rest = rest[end...]
            }
            needsDot = true
        }
        guard !steps.isEmpty, text.utf8.last != 0x2E else { return nil }
        self.steps = steps
    }

    /// What stands between brackets.
    private static func element(_ text: ArraySlice<UInt8>) -> Step? {
        if let equals = text.firstIndex(of: 0x3D) {
            guard equals > text.startIndex else { return nil }
            let isPrefix = text.last == 0x2A
            let wanted = text[(equals + 1)...].dropLast(isPrefix ? 1 : 0)
            return .object(key: Array(text[..<equals]), text: Array(wanted), isPrefix: isPrefix)
        }
        guard let number = Int(String(decoding: text, as: UTF8.self)), number >= 0 else { return nil }
        return .element(number)
    }

    package var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .element(let number): text += "[\(number)]"
            case .object(let key, let wanted, let isPrefix):
                let (key, wanted) = (
                    String(decoding: key, as: UTF8.self), String(decoding: wanted, as: UTF8.self)
                )
                text += "[\(key)=\(wanted)\(isPrefix ? "*" : "")]"
            case .key(let key):
                let name = String(decoding: key, as: UTF8.self)
                let isPlain = !key.contains(0x2E) && !key.contains(0x5B) && !key.isEmpty
                text += (text.isEmpty ? "" : ".") + (isPlain ? name : "\"\(name)\"")
            }
        }
        return text
    }
}
