/// Writes events of the canonical version as an older OCSF version has them.
///
/// Nothing disappears: what the older version has no attribute for goes to `unmapped` under its path
/// (`"actor.iam_role": {…}`), in full even where a part of it found a place.
package struct OCSFTranslator {
    struct Loss {
        /// In `lostPaths`.
        var path: Range<Int>
        var node: Int
    }

    struct Renamed {
        var from: [UInt8]
        var to: [UInt8]
        /// The object is now its name: there is nothing below it to point to.
        var isText = false
        /// Of an array of several only the first went there; all of them are in `unmapped`.
        var isFirst = false
    }

    let translation: OCSFTranslation
    let names: OCSFNames
    let sourcePlaces: [[Int16]]
    let targetCounts: [Int]
    var tree = EventTree()
    var bytes: [UInt8] = []
    /// Where the event begins in `bytes`; nodes count from there.
    var base = 0
    var applied: UInt64 = 0
    /// Applied although the event did not say so.
    var granted: UInt64 = 0
    var target: OCSFTranslation.ClassMove?
    /// The path of the value at hand, as text.
    var path: [UInt8] = []
    var lost: [Loss] = []
    var lostPaths: [UInt8] = []
    var renamed: [Renamed] = []
    /// Node by source attribute and flags by target attribute, one frame per open object.
    var frames: [Int32] = []

    package init(
        _ map: OCSFVersionMap, from source: OCSFSchema, to target: OCSFSchema
    ) throws(Problems) {
        let translation = try OCSFTranslation(map, from: source, to: target)
        self.translation = translation
        var all: Set<String> = []
        for structure in source.classes + source.objects { all.formUnion(structure.attributes.map(\.name)) }
        let names = OCSFNames(all.sorted())
        self.names = names
        sourcePlaces = (source.classes + source.objects).map { structure in
            var row = [Int16](repeating: -1, count: names.count)
            for (index, attribute) in structure.attributes.enumerated() {
                if let number = names.number(of: attribute.name) { row[number] = Int16(index) }
            }
            return row
        }
        targetCounts = (target.classes + target.objects).map(\.attributes.count)
    }

    /// Appends the event as the older version has it, without a newline.
    ///
    /// - Throws: where the text is no event of the canonical version; nothing is appended then.
    package mutating func translate(
        _ text: [UInt8], _ range: Range<Int>, into out: inout [UInt8]
    ) throws(EventTree.Malformed) {
        let event = text.span.extracting(range)
        try tree.read(event)
        bytes = text
        base = range.lowerBound
        defer { bytes = [] }
        lost.removeAll(keepingCapacity: true)
        lostPaths.removeAll(keepingCapacity: true)
        renamed.removeAll(keepingCapacity: true)
        path.removeAll(keepingCapacity: true)
        frames.removeAll(keepingCapacity: true)
        guard tree.nodes[0].kind == .object,
            let uid = integer("class_uid", event),
            let moves = translation.classes[Int(truncatingIfNeeded: uid)],
            let fallback = moves.last
        else { throw EventTree.Malformed(offset: 0, reason: "no class that the map knows") }
        let activity = integer("activity_id", event) ?? 0
        let move = moves.first { $0.activity == activity } ?? fallback
        target = move
        applied = profilesApplied(event)
        granted = 0
        writeObject(0, move.table, isRoot: true, event, &out)
    }

    func child(_ name: StaticString, of node: Int, _ event: borrowing Span<UInt8>) -> Int? {
        var at = node + 1
        while at < Int(tree.nodes[node].next) {
            let key = tree.nodes[at].keyRange
            if key.count == name.utf8CodeUnitCount, matches(key, Array(name.description.utf8), event) {
                return at
            }
            at = Int(tree.nodes[at].next)
        }
        return nil
    }

    func matches(_ range: Range<Int>, _ text: [UInt8], _ event: borrowing Span<UInt8>) -> Bool {
        guard range.count == text.count else { return false }
        for index in text.indices where event[range.lowerBound + index] != text[index] { return false }
        return true
    }

    func integer(_ name: StaticString, _ event: borrowing Span<UInt8>) -> Int64? {
        guard let node = child(name, of: 0, event) else { return nil }
        return decimal(in: event, tree.nodes[node].range)
    }

    func profileBit(_ node: Int, _ event: borrowing Span<UInt8>) -> UInt64 {
        let text = tree.nodes[node].text
        for (index, name) in translation.profiles.enumerated() where name.utf8.count == text.count {
            if matches(text, Array(name.utf8), event) { return 1 << UInt64(index) }
        }
        return 0
    }

    func profilesApplied(_ event: borrowing Span<UInt8>) -> UInt64 {
        guard let metadata = child("metadata", of: 0, event),
            let list = child("profiles", of: metadata, event),
            tree.nodes[list].kind == .array
        else { return 0 }
        var bits: UInt64 = 0
        var at = list + 1
        while at < Int(tree.nodes[list].next) {
            bits |= profileBit(at, event)
            at = Int(tree.nodes[at].next)
        }
        return bits & (target?.profiles ?? 0)
    }

    // MARK: Objects

    /// Writes an object through its table; what finds no place is noted as lost.
    mutating func writeObject(
        _ node: Int, _ number: Int, isRoot: Bool = false, _ event: borrowing Span<UInt8>, _ out: inout [UInt8]
    ) {
        let table = translation.tables[number]
        let frame = frames.count
        let count = table.own.count
        frames.append(contentsOf: repeatElement(-1, count: count + targetCounts[table.target]))
        defer { frames.removeSubrange(frame...) }
        note(node, table, frame, event)
        if isRoot { grantProfiles(table, frame) }
        out.append(UInt8(ascii: "{"))
        let start = out.count
        var at = node + 1
        while at < Int(tree.nodes[node].next) {
            let next = Int(tree.nodes[at].next)
            let depth = path.count
            pushKey(tree.nodes[at].keyRange)
            if let attribute = place(of: at, table.source, event) {
                write(attribute: attribute, at, table, frame, start, event, &out)
            } else {
                lose(at)
            }
            path.removeSubrange(depth...)
            at = next
        }
        for missing in table.defaults where frames[frame + count + missing.target] < 0 {
            separate(start, &out)
            out += missing.text
        }
        if isRoot { writeLast(table, frame, start, event, &out) }
        out.append(UInt8(ascii: "}"))
    }

    func place(of node: Int, _ structure: Int, _ event: borrowing Span<UInt8>) -> Int? {
        guard let number = names.number(of: event, tree.nodes[node].keyRange) else { return nil }
        let place = sourcePlaces[structure][number]
        return place < 0 ? nil : Int(place)
    }

    /// Notes which attributes the object has, before any is written.
    mutating func note(
        _ node: Int, _ table: OCSFTranslation.Table, _ frame: Int, _ event: borrowing Span<UInt8>
    ) {
        var at = node + 1
        while at < Int(tree.nodes[node].next) {
            if let place = place(of: at, table.source, event) {
                frames[frame + place] = Int32(truncatingIfNeeded: at)
                if let move = table.own[place], isAllowed(move) {
                    frames[frame + table.own.count + move.target] = 0
                }
            }
            at = Int(tree.nodes[at].next)
        }
    }

    func isAllowed(_ move: OCSFTranslation.Move) -> Bool {
        move.profile == 0 || applied & move.profile != 0
    }

    /// Applies the profiles that the event's attributes need in the older version, where they ask for nothing else.
    mutating func grantProfiles(_ table: OCSFTranslation.Table, _ frame: Int) {
        let possible = translation.grantable & (target?.profiles ?? 0)
        for (place, move) in table.own.enumerated() {
            guard let move, frames[frame + place] >= 0, move.profile & possible != 0 else { continue }
            granted |= move.profile & ~applied
            applied |= move.profile
            frames[frame + table.own.count + move.target] = 0
        }
    }

    mutating func pushKey(_ key: Range<Int>) {
        if !path.isEmpty { path.append(UInt8(ascii: ".")) }
        path += bytes[base + key.lowerBound..<base + key.upperBound]
    }

    mutating func lose(_ node: Int) {
        let start = lostPaths.count
        lostPaths += path
        lost.append(Loss(path: start..<lostPaths.count, node: node))
    }

    func separate(_ start: Int, _ out: inout [UInt8]) {
        if out.count > start { out.append(UInt8(ascii: ",")) }
    }
}
