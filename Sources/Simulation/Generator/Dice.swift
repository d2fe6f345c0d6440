/// The generator's chance: xoshiro256++ from a 64-bit seed, the same on every machine and in every release.
package struct Dice: Sendable {
    private var a, b, c, d: UInt64

    package init(seed: UInt64) {
        var state = seed
        a = Dice.scramble(&state)
        b = Dice.scramble(&state)
        c = Dice.scramble(&state)
        d = Dice.scramble(&state)
    }

    /// SplitMix64: one step of a sequence that never repeats within 2^64 draws.
    static func scramble(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// A seed for a part of the whole that stays the same whatever the other parts draw.
    static func seed(_ base: UInt64, for name: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ base
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return scramble(&hash)
    }

    package mutating func next() -> UInt64 {
        let sum = a &+ d
        let result = ((sum << 23) | (sum >> 41)) &+ a
        let shifted = b << 17
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = (d << 45) | (d >> 19)
        return result
    }

    /// A number in 0 ..< bound; 0 where the bound is not positive.
    package mutating func below(_ bound: Int) -> Int {
        bound > 0 ? Int(next().multipliedFullWidth(by: UInt64(bound)).high) : 0
    }

    package mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// A number in 0 ..< 1.
    package mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    package mutating func chance(_ probability: Double) -> Bool { fraction() < probability }

    package mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// An index in 0 ..< count where low ones are met far more often: a few busy things, many idle ones.
    mutating func skewed(_ count: Int) -> Int {
        let draw = fraction()
        return min(count - 1, Int(draw * draw * Double(count)))
    }

    /// A waiting time with about this mean whose halves are halved again and again, as an exponential's are;
    /// without a logarithm, whose last bit is not the same everywhere.
    mutating func waiting(mean: Int) -> Int {
        let halvings = min(20, next().leadingZeroBitCount)
        return Int((Double(halvings) + fraction()) * 0.667 * Double(mean))
    }
}
