/// One walk of a trie over a record: where each known place's value stands, and every member that was met.
///
/// Holds its memory from record to record. The mapping reads values through `slots`, marks those it carried in
/// `carried`, and `members` then tells what is left, in the record's own order.
@safe struct RecordWalk {
    /// One member of an object that was looked into.
    struct Member: BitwiseCopyable {
        /// The key's token; the value is two behind it.
        var key: Int32
        /// The trie's node, or -1 for a key it does not know.
        var node: Int32
        /// Behind the members of the object that is the value, where it was looked into; else 0.
        var exit: Int32
    }

    /// The value's token at each slot, -1 where there is none, -2 where it is null.
    let slots: UnsafeMutablePointer<Int32>
    /// 1 for each slot whose value is in the event.
    let carried: UnsafeMutablePointer<UInt8>
    /// A bit for each slot that holds a value.
    let filled: SlotBits
    var members: ScratchRow<Member>
    let slotCount: Int
    /// The key that an object has twice.
    var duplicate = -1
    private let trie: KeyPathTrie.View
    /// Which entry of the trie came after each entry the last time, and first in each node (behind the entries): keys
    /// come in the same order in most records, so the look-up is mostly a comparison.
    private let guesses: UnsafeMutablePointer<Int32>

    /// A walk whose slots somebody else keeps, and the trie as well.
    init(
        _ trie: KeyPathTrie, slots: UnsafeMutablePointer<Int32>, carried: UnsafeMutablePointer<UInt8>
    ) {
        self.trie = trie.view
        slotCount = trie.slotCount
        unsafe self.slots = unsafe slots
        unsafe self.carried = unsafe carried
        filled = SlotBits(slots: slotCount)
        let guessCount = trie.entryCount + trie.slotCount
        unsafe guesses = .allocate(capacity: guessCount)
        unsafe guesses.initialize(repeating: -1, count: guessCount)
        members = ScratchRow(capacity: 256)
    }

    func deallocate() {
        members.deallocate()
        filled.deallocate()
        unsafe guesses.deallocate()
    }

    /// Walks the object at `open`; `false` if one of the objects looked into has a key twice (`duplicate`).
    mutating func walk(_ tape: JSONTape, _ open: Int) -> Bool {
        clear()
        unsafe slots[0] = Int32(truncatingIfNeeded: open)
        filled.insert(0, tape.byte(open) != 0x6E)
        return enter(tape, open, node: 0)
    }

    /// Takes the value at `token` for the whole record: one that is no object has no other places.
    mutating func take(_ tape: JSONTape, _ token: Int) {
        clear()
        unsafe slots[0] = Self.slot(token, tape.byte(token))
        filled.insert(0, tape.byte(token) != 0x6E)
    }

    @inline(__always) private static func slot(_ token: Int, _ byte: UInt8) -> Int32 {
        byte == 0x6E ? -2 : Int32(truncatingIfNeeded: token)
    }

    private mutating func clear() {
        filled.clear()
        unsafe slots.update(repeating: -1, count: slotCount)
        unsafe carried.update(repeating: 0, count: slotCount)
        members.count = 0
    }

    private mutating func enter(_ tape: JSONTape, _ open: Int, node: Int) -> Bool {
        let close = Int(tape.matches[open])
        let firstMember = members.count
        var unknown: UInt64 = 0
        var isSettled = false
        var token = open + 1
        var guess = trie.entryCount &+ node
        while token < close {
            let start = tape.start(token) &+ 1
            let count = tape.start(token &+ 1) &- 1 &- start
            let value = token &+ 2
            let byte = tape.byte(value)
            let isContainer = byte == 0x7B || byte == 0x5B
            let next = isContainer ? Int(tape.matches[value]) &+ 1 : value &+ 1
            var found = unsafe trie.child(of: node, tape.bytes, start, count, guesses, &guess)
            if found < 0, tape.hasBackslash, tape.bytes.hasBackslash(start, count) {
                found = unsafe trie.child(
                    of: node, escaped: tape.bytes(Extent(start: start, count: count)))
                unknown = ~0
            }
            if found >= 0, unsafe slots[found] != -1 {
                guard isOtherSpelling(tape, token, node: found, since: firstMember) else {
                    duplicate = token
                    return false
                }
                found = -1
            }
            if found >= 0 {
                unsafe slots[found] = Self.slot(value, byte)
                filled.insert(found, byte != 0x6E)
                let index = members.count
                members.append(
                    Member(
                        key: Int32(truncatingIfNeeded: token), node: Int32(truncatingIfNeeded: found), exit: 0
                    ))
                if byte == 0x7B {
                    if trie.hasChildren(found), next > value &+ 2 {
                        guard enter(tape, value, node: found) else { return false }
                        var member = members[index]
                        member.exit = Int32(truncatingIfNeeded: members.count)
                        members[index] = member
                    }
                } else if byte == 0x5B, trie.hasElements(found) {
                    guard enterElements(tape, value, node: found) else { return false }
                }
            } else {
                // Of two unknown keys that are equal at least this bit is equal.
                let bit: UInt64 = 1 << (UniqueKeys.hash(tape.bytes, start, count) >> 58)
                if unknown & bit != 0, !isSettled {
                    switch repetition(tape, token, since: firstMember, isSlow: unknown == ~0) {
                    case .none: break
                    case .settled: isSettled = true
                    case .repeated:
                        duplicate = token
                        return false
                    }
                }
                unknown |= bit
                members.append(Member(key: Int32(truncatingIfNeeded: token), node: -1, exit: 0))
            }
            token = next &+ 1
        }
        return true
    }

    /// Elements asked for; what stands in them is left to the array as a whole.
    private mutating func enterElements(_ tape: JSONTape, _ open: Int, node: Int) -> Bool {
        let close = Int(tape.matches[open])
        for index in 0..<trie.elementCount(of: node) {
            let wanted = trie.element(index, of: node)
            var token = open + 1
            var number = 0
            while token < close, number < wanted.number {
                token = tape.after(token) + 1
                number += 1
            }
            guard token < close else { continue }
            guard settle(tape, token, node: wanted.node) else { return false }
        }
        guard trie.objectCount(of: node) > 0 else { return true }
        var token = open + 1
        while token < close {
            if tape.byte(token) == 0x7B {
                guard enterKnown(tape, token, node: node) else { return false }
            }
            token = tape.after(token) + 1
        }
        return true
    }

    /// Looks whether the object at `open` is one that is asked for by what it holds; of several the first counts.
    private mutating func enterKnown(_ tape: JSONTape, _ open: Int, node: Int) -> Bool {
        let close = Int(tape.matches[open])
        var key = open + 1
        while key < close {
            let value = key + 2
            for index in 0..<trie.objectCount(of: node) {
                let found = trie.object(index, of: node, tape, key: key, value: value)
                if found >= 0, unsafe slots[found] == -1 {
                    guard settle(tape, open, node: found) else { return false }
                }
            }
            key = tape.after(value) + 1
        }
        return true
    }

    private mutating func settle(_ tape: JSONTape, _ token: Int, node: Int) -> Bool {
        unsafe slots[node] = Self.slot(token, tape.byte(token))
        filled.insert(node, tape.byte(token) != 0x6E)
        guard tape.byte(token) == 0x7B, trie.hasChildren(node) else { return true }
        let mark = members.count
        defer { members.count = mark }
        return enter(tape, token, node: node)
    }

    /// Whether the key at `token` leads to a place that another key has filled: then it is read like an unknown one.
    @inline(never)
    private func isOtherSpelling(_ tape: JSONTape, _ token: Int, node: Int, since first: Int) -> Bool {
        var index = first
        while index < members.count {
            let member = members[index]
            if Int(member.node) == node { return tape.string(Int(member.key)) != tape.string(token) }
            index = member.exit > 0 ? Int(member.exit) : index + 1
        }
        return true
    }

    private enum Repetition { case none, repeated, settled }

    /// Whether the unknown key at `token` was met before in its object; `settled` if the whole object was judged.
    @inline(never)
    private func repetition(_ tape: JSONTape, _ token: Int, since first: Int, isSlow: Bool) -> Repetition {
        let key = tape.content(token)
        var index = first
        var met = 0
        while index < members.count {
            let member = members[index]
            if member.node < 0 {
                met += 1
                if isSlow {
                    if tape.string(Int(member.key)) == tape.string(token) { return .repeated }
                } else {
                    let other = tape.content(Int(member.key))
                    if unsafe other.count == key.count
                        && equalBytes(
                            tape.bytes.base + Int(other.start), tape.bytes.base + Int(key.start),
                            Int(key.count))
                    {
                        return .repeated
                    }
                }
                // A hostile object of thousands of unknown keys is judged by their hashes instead, once.
                if met == UniqueKeys.comparedMax {
                    return UniqueKeys.isAnyRepeated(in: tape, at: open(of: token, tape))
                        ? .repeated : .settled
                }
            }
            index = member.exit > 0 ? Int(member.exit) : index + 1
        }
        return .none
    }

    /// The token that opens the object of which `key` is a key.
    private func open(of key: Int, _ tape: JSONTape) -> Int {
        var token = key - 1
        var depth = 0
        while token > 0 {
            switch tape.byte(token) {
            case 0x7D, 0x5D: depth += 1
            case 0x7B, 0x5B:
                if depth == 0 { return token }
                depth -= 1
            default: break
            }
            token -= 1
        }
        return token
    }
}

/// Whether the objects of a subtree that is copied as it stands have each key once.
enum UniqueKeys {
    /// Keys of one object that are compared with each other; beyond, their hashes are.
    static let comparedMax = 256

    @inline(__always) static func hash(_ bytes: ByteView, _ start: Int, _ count: Int) -> UInt64 {
        var first = bytes.word64(start)
        if count < 8 { first &= ~(~0 << UInt64(truncatingIfNeeded: count &* 8)) }
        let last = count > 8 ? bytes.word64(start &+ count &- 8) : 0
        return (first ^ (last << 7 | last >> 57) ^ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15
    }

    /// Whether the object at `open` itself has a key twice. By hashes: equal ones are compared no further, which
    /// refuses a record that was made to collide.
    static func isAnyRepeated(in tape: JSONTape, at open: Int) -> Bool {
        var seen: Set<UInt64> = []
        let close = Int(tape.matches[open])
        var token = open + 1
        while token < close {
            let key = tape.content(token)
            let raw = unsafe tape.bytes(key)
            let hash: UInt64
            if tape.hasBackslash, tape.bytes.hasBackslash(Int(key.start), Int(key.count)) {
                var decoded: [UInt8] = []
                unsafe JSONText.unescape(raw, into: &decoded)
                hash = unsafe decoded.withUnsafeBufferPointer { unsafe WyHash.hash($0) }
            } else {
                hash = unsafe WyHash.hash(raw)
            }
            if !seen.insert(hash).inserted { return true }
            token = tape.after(token + 2) + 1
        }
        return false
    }

    /// Whether every object from the container at `open` down has each key once.
    static func hold(in tape: JSONTape, from open: Int) -> Bool {
        let close = Int(tape.matches[open])
        var token = open
        while token < close {
            if tape.byte(token) == 0x7B, !hold(inObject: token, tape) { return false }
            token += 1
        }
        return true
    }

    private static func hold(inObject open: Int, _ tape: JSONTape) -> Bool {
        let close = Int(tape.matches[open])
        if close - open <= 4 { return true }
        var seen: UInt64 = 0
        var count = 0
        var token = open + 1
        while token < close {
            let key = tape.content(token)
            if tape.hasBackslash, tape.bytes.hasBackslash(Int(key.start), Int(key.count)) {
                return !isAnyRepeated(in: tape, at: open)
            }
            let bit: UInt64 = 1 << (hash(tape.bytes, Int(key.start), Int(key.count)) >> 58)
            count += 1
            if seen & bit != 0 {
                if count > comparedMax { return !isAnyRepeated(in: tape, at: open) }
                var other = open + 1
                while other < token {
                    let name = tape.content(other)
                    if unsafe name.count == key.count
                        && equalBytes(
                            tape.bytes.base + Int(name.start), tape.bytes.base + Int(key.start),
                            Int(key.count))
                    {
                        return false
                    }
                    other = tape.after(other + 2) + 1
                }
            }
            seen |= bit
            token = tape.after(token + 2) + 1
        }
        return true
    }
}
