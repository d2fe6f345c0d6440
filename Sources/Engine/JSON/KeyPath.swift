/// A path into a record: keys, and elements of arrays by number.
package struct KeyPath: Hashable, Sendable, CustomStringConvertible {
    package enum Step: Hashable, Sendable {
        case key([UInt8])
        case element(Int)
    }

    package var steps: [Step]

    package init(_ steps: [Step]) { self.steps = steps }

    /// Reads `a.b`, `labels."x.y/z"`, `list[0].name`; `nil` where it is none of these.
    package init?(_ text: String) {
        var steps: [Step] = []
        var rest = Array(text.utf8)[...]
        var needsDot = false
        while let first = rest.first {
            if first == 0x5B {
                guard !steps.isEmpty, let close = rest.firstIndex(of: 0x5D),
                    let number = Int(String(decoding: rest[(rest.startIndex + 1)..<close], as: UTF8.self)),
                    number >= 0
                else { return nil }
                steps.append(.element(number))
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

    package var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .element(let number): text += "[\(number)]"
            case .key(let key):
                let name = String(decoding: key, as: UTF8.self)
                let isPlain = !key.contains(0x2E) && !key.contains(0x5B) && !key.isEmpty
                text += (text.isEmpty ? "" : ".") + (isPlain ? name : "\"\(name)\"")
            }
        }
        return text
    }
}
