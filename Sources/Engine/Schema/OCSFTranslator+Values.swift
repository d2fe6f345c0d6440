extension OCSFTranslator {
    enum Outcome { case nothing, part, whole }

    func append(_ range: Range<Int>, _ out: inout [UInt8]) {
        out += bytes[base + range.lowerBound..<base + range.upperBound]
    }

    mutating func write(
        attribute place: Int, _ node: Int, _ table: OCSFTranslation.Table, _ frame: Int, _ start: Int,
        _ event: borrowing Span<UInt8>, _ out: inout [UInt8]
    ) {
        if let apart = table.apart[place] { return write(apart, table, frame, start, &out) }
        var isWhole = false
        if let move = table.own[place], isAllowed(move) {
            if let caption = table.captions[place], writeCaption(caption, move, frame, start, event, &out) {
                return
            }
            isWhole = write(node, move, start, event, &out)
            if case .enumeration(let number) = move.way {
                addCaption(place, number, table, frame, start, event, &out)
            }
        }
        for move in table.others[place] {
            let flag = frame + table.own.count + move.target
            guard frames[flag] < 0, isAllowed(move) else { continue }
            let length = out.count
            let losses = lost.count
            let wasWhole = write(node, move, start, event, &out)
            if table.own[place] != nil { lost.removeSubrange(losses...) }
            if out.count == length { continue }
            frames[flag] = 0
            guard table.own[place] == nil else { continue }
            isWhole = isWhole || wasWhole
            let parent = path.lastIndex(of: UInt8(ascii: ".")).map { Array(path[...$0]) } ?? []
            let name = move.key.dropFirst().dropLast(2)
            renamed.append(
                Renamed(
                    from: path, to: parent + name, isText: move.way == .nameOfObject,
                    isFirst: move.fromArray && !move.toArray && hasSeveral(node)))
        }
        if !isWhole { lose(node) }
    }

    private func hasSeveral(_ node: Int) -> Bool {
        node + 1 < Int(tree.nodes[node].next) && tree.nodes[node + 1].next < tree.nodes[node].next
    }

    /// Writes a value to one attribute. False where it is not all there, so that the whole goes to `unmapped` too.
    mutating func write(
        _ node: Int, _ move: OCSFTranslation.Move, _ start: Int, _ event: borrowing Span<UInt8>,
        _ out: inout [UInt8]
    ) -> Bool {
        let length = out.count
        separate(start, &out)
        out += move.key
        let isArray = tree.nodes[node].kind == .array
        guard isArray == move.fromArray || move.way == .copy else {
            out.removeSubrange(length...)
            return false
        }
        if move.fromArray, isArray { return writeElements(node, move, from: length, event, &out) }
        if move.toArray { out.append(UInt8(ascii: "[")) }
        let first = out.count
        let result = writeElement(node, move, event, &out)
        if out.count == first {
            out.removeSubrange(length...)
            return result == .whole
        }
        if move.toArray { out.append(UInt8(ascii: "]")) }
        return result == .whole
    }

    mutating func writeElements(
        _ node: Int, _ move: OCSFTranslation.Move, from length: Int, _ event: borrowing Span<UInt8>,
        _ out: inout [UInt8]
    ) -> Bool {
        var isWhole = true
        var number = 0
        if move.toArray { out.append(UInt8(ascii: "[")) }
        let first = out.count
        var at = node + 1
        while at < Int(tree.nodes[node].next) {
            let before = out.count
            let depth = path.count
            path += Array("[\(number)]".utf8)
            if before == first || move.toArray {
                if before > first { out.append(UInt8(ascii: ",")) }
                let value = out.count
                if writeElement(at, move, event, &out) != .whole { isWhole = false }
                if out.count == value { out.removeSubrange(before...) }
            } else {
                isWhole = false
            }
            path.removeSubrange(depth...)
            number += 1
            at = Int(tree.nodes[at].next)
        }
        if move.toArray, path.elementsEqual("metadata.profiles".utf8) { writeGranted(first, &out) }
        if out.count == first, number > 0 || !move.toArray {
            out.removeSubrange(length...)
            return isWhole && number > 0
        }
        if move.toArray { out.append(UInt8(ascii: "]")) }
        return isWhole
    }

    func writeGranted(_ first: Int, _ out: inout [UInt8]) {
        for (index, name) in translation.profiles.enumerated() where granted & 1 << UInt64(index) != 0 {
            separate(first, &out)
            out += Array("\"\(name)\"".utf8)
        }
    }

    mutating func writeElement(
        _ node: Int, _ move: OCSFTranslation.Move, _ event: borrowing Span<UInt8>, _ out: inout [UInt8]
    ) -> Outcome {
        let value = tree.nodes[node]
        switch move.way {
        case .copy: return writeCopy(node, event, &out)
        case .checked(let scalar):
            guard scalar.fault(value.kind, event, value.text) == nil else { return .nothing }
            append(value.range, &out)
        case .word(let number):
            guard value.kind == .string,
                translation.words[number].contains(where: { matches(value.text, $0, event) })
            else { return .nothing }
            append(value.range, &out)
        case .object(let table):
            guard value.kind == .object else { return .nothing }
            let length = out.count
            writeObject(node, table, event, &out)
            // All of it was lost, each attribute under its own path: an empty object says nothing.
            if out.count == length + 2, Int(value.next) > node + 1 { out.removeSubrange(length...) }
        case .nameOfObject:
            guard value.kind == .object,
                let name = child("name", of: node, event) ?? child("uid", of: node, event),
                tree.nodes[name].kind == .string
            else { return .nothing }
            append(tree.nodes[name].range, &out)
            return .part
        case .enumeration(let number):
            guard value.kind == .integer, let id = decimal(in: event, value.range) else { return .nothing }
            let map = translation.enumerations[number]
            guard let target = map.position(of: id).map({ map.ids[$0].target }) ?? 99 else { return .nothing }
            out += Array(String(target).utf8)
        }
        return .whole
    }

    func writeCopy(_ node: Int, _ event: borrowing Span<UInt8>, _ out: inout [UInt8]) -> Outcome {
        let range = tree.nodes[node].range
        if path.elementsEqual("metadata.version".utf8) {
            out += [UInt8(ascii: "\"")] + translation.version + [UInt8(ascii: "\"")]
        } else if path.starts(with: "metadata.profiles[".utf8) {
            guard profileBit(node, event) & applied != 0 else { return .nothing }
            append(range, &out)
        } else if path.starts(with: "observables[".utf8), path.suffix(5).elementsEqual(".name".utf8) {
            writePointer(tree.nodes[node], &out)
        } else {
            append(range, &out)
        }
        return .whole
    }

    /// An observable's name follows the attribute it points to: to its new name, or into `unmapped`.
    func writePointer(_ node: EventTree.Node, _ out: inout [UInt8]) {
        let text = bytes[base + node.text.lowerBound..<base + node.text.upperBound]
        let change = renamed.first { rest(of: text, after: $0.from[...]) != nil }
        let kept = change?.from.count ?? 0
        let isLost =
            change?.isFirst == true
            || lost.contains {
                $0.path.count > kept && rest(of: text, after: lostPaths[$0.path]) != nil
            }
        out.append(UInt8(ascii: "\""))
        if isLost {
            out += Array("unmapped.".utf8)
            out += text
        } else if let change, let after = rest(of: text, after: change.from[...]) {
            out += change.to
            let below = after.first == UInt8(ascii: "[") ? after.drop { $0 != UInt8(ascii: ".") } : after
            if !change.isText { out += below }
        } else {
            out += text
        }
        out.append(UInt8(ascii: "\""))
    }

    /// What follows `prefix` in an attribute's name, in which any element of an array stands for all: `resources[].uid`.
    private func rest(of text: ArraySlice<UInt8>, after prefix: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
        guard !prefix.isEmpty else { return nil }
        var (text, prefix) = (text, prefix)
        while let wanted = prefix.popFirst() {
            guard text.popFirst() == wanted else { return nil }
            guard wanted == UInt8(ascii: "[") else { continue }
            text = text.drop(while: isDigit)
            prefix = prefix.drop(while: isDigit)
        }
        let isWhole = text.isEmpty || text.first == UInt8(ascii: ".") || text.first == UInt8(ascii: "[")
        return isWhole ? text : nil
    }

    // MARK: Captions

    /// Writes the caption an id has in the older version. False where the source's own stays.
    mutating func writeCaption(
        _ caption: OCSFTranslation.Caption, _ move: OCSFTranslation.Move, _ frame: Int, _ start: Int,
        _ event: borrowing Span<UInt8>, _ out: inout [UInt8]
    ) -> Bool {
        let node = Int(frames[frame + caption.id])
        guard node >= 0, let id = decimal(in: event, tree.nodes[node].range), id != 99 else { return false }
        let map = translation.enumerations[caption.enumeration]
        guard let position = map.position(of: id), map.ids[position].target == id else { return false }
        separate(start, &out)
        out += move.key
        out += [UInt8(ascii: "\"")] + map.captions[position] + [UInt8(ascii: "\"")]
        return true
    }

    /// An id that became 99 needs the source's word beside it; where the event has none, its caption is that word.
    mutating func addCaption(
        _ place: Int, _ number: Int, _ table: OCSFTranslation.Table, _ frame: Int, _ start: Int,
        _ event: borrowing Span<UInt8>, _ out: inout [UInt8]
    ) {
        let map = translation.enumerations[number]
        guard let id = decimal(in: event, tree.nodes[Int(frames[frame + place])].range),
            let position = map.position(of: id), let target = map.ids[position].target,
            target != id, let sibling = table.captions.firstIndex(where: { $0?.id == place }),
            frames[frame + sibling] < 0,
            let move = table.own[sibling]
        else { return }
        separate(start, &out)
        out += move.key
        out += [UInt8(ascii: "\"")] + map.sourceCaptions[position] + [UInt8(ascii: "\"")]
    }
}
