/// Distances between places, from a sine that is the same bits everywhere.
enum Globe {
    private static let diameterKilometres = 12_742.0

    /// The way over the ground: the great circle through both.
    static func arc(_ a: Fix, _ b: Fix) -> Double {
        diameterKilometres * arcSine(min(1, chord(a, b) / diameterKilometres))
    }

    /// The straight line through the globe: shorter than every journey.
    static func chord(_ a: Fix, _ b: Fix) -> Double {
        let (x1, y1, z1) = point(a)
        let (x2, y2, z2) = point(b)
        let square = (x1 - x2) * (x1 - x2) + (y1 - y2) * (y1 - y2) + (z1 - z2) * (z1 - z2)
        return square.squareRoot() * diameterKilometres / 2
    }

    private static func point(_ fix: Fix) -> (Double, Double, Double) {
        let latitude = Double(fix.latitude) / 10_000 * .pi / 180
        let longitude = Double(fix.longitude) / 10_000 * .pi / 180
        let flat = sine(latitude + .pi / 2)
        return (flat * sine(longitude + .pi / 2), flat * sine(longitude), sine(latitude))
    }

    /// By Newton's method, where the sine is steep enough for it.
    private static func arcSine(_ value: Double) -> Double {
        if value > 0.75 { return .pi / 2 - 2 * arcSine(((1 - value) / 2).squareRoot()) }
        var angle = value
        for _ in 0..<6 { angle -= (sine(angle) - value) / sine(angle + .pi / 2) }
        return angle
    }

    private static func sine(_ x: Double) -> Double {
        let turns = (x / (2 * .pi)).rounded()
        let x = x - turns * 2 * .pi
        var term = x
        var sum = x
        var k = 1.0
        while k < 14 {
            term *= -x * x / ((2 * k) * (2 * k + 1))
            sum += term
            k += 1
        }
        return sum
    }
}
