import Testing

@testable import Engine

/// The 0–100 number and what it is made of.
@Suite struct RiskLedgerTests {
    @Test("Elastic's criticality rule is a special case: 36.16 becomes 53.11 where twice as much is at stake")
    func elastic() {
        let score = RiskLedger.score(36.16, timesOdds: Criticality.extreme.factor)
        #expect((score * 100).rounded() / 100 == 53.11)
        // The same through the ledger's lines, whose log-odds add up.
        let odds = Natural.log(36.16 / (100 - 36.16)) + 4.6
        let line = RiskLedger.Line(
            nats: Int32((odds * 1_024).rounded()), why: "alerts", finding: nil, events: [])
        #expect(abs(RiskLedger([line]).hundredths - 3_616) <= 2)
        let both = RiskLedger([line, Criticality.extreme.line!])
        #expect(abs(both.hundredths - 5_311) <= 2)
    }

    @Test("Contributions and the base add up to the score exactly", arguments: 1...200 as ClosedRange<UInt64>)
    func sums(seed: UInt64) {
        var random = BaselineMaterial(seed: seed)
        let lines = (0..<random.below(12)).map { number in
            RiskLedger.Line(
                nats: Int32(random.below(6_000)) - 800, why: "line \(number)", finding: nil, events: [])
        }
        let ledger = RiskLedger(lines)
        let sum = ledger.lines.reduce(ledger.baseHundredths) { $0 + $1.hundredths }
        let total = lines.reduce(0) { $0 + Int($1.nats) }
        #expect(total == 0 || sum == ledger.hundredths)
        #expect((0...10_000).contains(ledger.hundredths))
    }

    @Test("Logarithms and exponentials agree with the C library's to a billionth")
    func logarithms() {
        #expect(abs(Natural.log(2) - 0.693_147_180_559_945) < 1e-12)
        #expect(abs(Natural.log(1e-12) + 27.631_021_115_928_55) < 1e-9)
        #expect(abs(Natural.exp(1) - 2.718_281_828_459_045) < 1e-12)
        #expect(abs(Natural.exp(-4.6) - 0.010_051_835_744_633_6) < 1e-12)
        for step in 1...400 {
            #expect(abs(Natural.log(Natural.exp(Double(step - 200) / 3)) - Double(step - 200) / 3) < 1e-9)
        }
    }

    @Test("The negative binomial's tail agrees with a sum over all its terms")
    func tails() {
        for (x, size, q) in [(3, 1.5, 0.4), (20, 4.0, 0.5), (60, 2.0, 0.3), (8, 0.5, 0.7)] {
            var term = Natural.exp(size * Natural.log(q))
            var below = 0.0
            for k in 0..<x {
                below += term
                term *= (Double(k) + size) / Double(k + 1) * (1 - q)
            }
            #expect(abs(Natural.negativeBinomialTail(x, size: size, q: q) - (1 - below)) < 1e-9)
        }
    }
}
