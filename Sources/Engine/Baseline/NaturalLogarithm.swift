/// Logarithms and exponentials that are the same bits on every machine: a score must not depend on a C library.
enum Natural {
    private static let ln2 = 0.693_147_180_559_945_3

    /// The natural logarithm of a positive number; of anything else that of the least one told apart, 1e-300.
    static func log(_ x: Double) -> Double {
        guard x > 1e-300, x.isFinite else { return x > 1 ? 709 : -690.775_527_898_213_7 }
        var mantissa = x.significand
        var exponent = Double(x.exponent)
        if mantissa > 1.414_213_562_373_095_1 {
            mantissa /= 2
            exponent += 1
        }
        let s = (mantissa - 1) / (mantissa + 1)
        let square = s * s
        var sum = 0.0
        var divisor = 17.0
        while divisor >= 1 {
            sum = sum * square + 1 / divisor
            divisor -= 2
        }
        return 2 * s * sum + exponent * ln2
    }

    /// e to the power of `x`, which is held between -690 and 690.
    static func exp(_ x: Double) -> Double {
        let x = max(-690, min(690, x))
        let halvings = (x / ln2).rounded()
        let rest = x - halvings * ln2
        var sum = 1.0
        var divisor = 14.0
        while divisor >= 1 {
            sum = 1 + rest / divisor * sum
            divisor -= 1
        }
        return Double(sign: .plus, exponent: Int(halvings), significand: sum)
    }

    /// Surprise in units of 1/1024 nat: -ln of a probability, from 0 to 27.6 nats (1e-12).
    static func surprise(_ probability: Double) -> Int32 {
        Int32((-log(max(1e-12, min(1, probability))) * 1024).rounded())
    }

    /// The rank damping of sums that one member must not grow without bound by repetition: 1 / r to the power 1.5.
    static func damped(_ points: Int32, rank: Int) -> Int32 {
        let r = Double(rank)
        return Int32((Double(points) / (r * r.squareRoot())).rounded())
    }

    /// The chance of at least `x` under a negative binomial of size `size` and success chance `q`.
    static func negativeBinomialTail(_ x: Int, size: Double, q: Double) -> Double {
        guard x > 0, size > 0, q > 0, q < 1 else { return 1 }
        let miss = 1 - q
        var logPoint = size * log(q)
        var ratio = 1.0
        // The point probability at x, its logarithm kept apart so that nothing underflows.
        for k in 0..<min(x, termsMax) {
            ratio *= (Double(k) + size) / Double(k + 1) * miss
            if ratio < 1e-200 || ratio > 1e200 {
                logPoint += log(ratio)
                ratio = 1
            }
        }
        var term = exp(logPoint + log(ratio))
        var sum = 0.0
        for k in x..<(x + termsMax) {
            sum += term
            term *= (Double(k) + size) / Double(k + 1) * miss
            if term < sum * 1e-9 { break }
        }
        return min(1, sum)
    }

    /// Terms that a tail is summed over; counts come no larger.
    private static let termsMax = 4_096
}
