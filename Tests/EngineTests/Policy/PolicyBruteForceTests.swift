import Codecs
import Foundation
import Testing

@testable import Engine

/// Verdicts held against a judge that only evaluates: no verdict may be refuted by any request.
@Suite struct PolicyBruteForceTests {
    static let isThorough = ProcessInfo.processInfo.environment["MARTLET_SLOW"] == "1"
    static let pairsPerSeed = isThorough ? 200 : 30
    static let requests = isThorough ? 400 : 120
    static let seeds: [UInt64] = Array(isThorough ? 1...40 : 1...8)

    @Test("No sampled request refutes a verdict, and every witness shows what it claims", arguments: seeds)
    func verdicts(seed: UInt64) throws {
        var dice = PolicyDice(seed: seed)
        for number in 0..<Self.pairsPerSeed {
            let old = dice.policy()
            let new = dice.below(3) == 0 ? dice.policy() : dice.changed(old)
            let comparison = try Self.compare(old, new)
            let name = "seed \(seed), pair \(number): \(old.json) → \(new.json)"
            try Self.check(comparison.gained, more: new, less: old, isGained: true, name)
            try Self.check(comparison.lost, more: old, less: new, isGained: false, name)
            for _ in 0..<Self.requests {
                let request = dice.request()
                for crosses in [false, true] {
                    var judges = (old: old, new: new)
                    judges.old.crossesColons = crosses
                    judges.new.crossesColons = crosses
                    let before = judges.old.decision(request)
                    let after = judges.new.decision(request)
                    let isGain = (after == .allow && before != .allow) || (before == .deny && after != .deny)
                    let isLoss = (before == .allow && after != .allow) || (after == .deny && before != .deny)
                    if isGain, !comparison.gained.isGap, !comparison.gained.isUndecided {
                        Issue.record(
                            "\(name): \(request) is gained, and the verdict is \(comparison.verdict)")
                        return
                    }
                    if isLoss, !comparison.lost.isGap, !comparison.lost.isUndecided {
                        Issue.record("\(name): \(request) is lost, and the verdict is \(comparison.verdict)")
                        return
                    }
                    if comparison.isolated == .equal, (before == .allow) != (after == .allow) {
                        Issue.record("\(name): \(request) refutes that they are equal by themselves")
                        return
                    }
                }
            }
        }
    }

    @Test("Few verdicts are left undecided")
    func decided() throws {
        var dice = PolicyDice(seed: 99)
        var undecided = 0
        for _ in 0..<300 {
            let old = dice.policy()
            let comparison = try Self.compare(old, dice.changed(old))
            if comparison.method == .undecided { undecided += 1 }
        }
        #expect(undecided < 20)
    }

    @Test("The evaluator and the judge decide alike", arguments: 1...4)
    func decisions(seed: UInt64) throws {
        var dice = PolicyDice(seed: seed + 1_000)
        for _ in 0..<40 {
            let judge = dice.policy()
            let policy = try Self.policy(judge.json)
            for _ in 0..<50 {
                let request = dice.request()
                for reading in ResourceReading.allCases {
                    var judge = judge
                    judge.crossesColons = reading == .string
                    let expected: PolicyDecision =
                        switch judge.decision(request) {
                        case .allow: .allow
                        case .deny: .deny
                        case .implicitDeny: .implicitDeny
                        }
                    #expect(
                        policy.decision(Self.request(request), reading) == expected,
                        "\(judge.json) on \(request) as \(reading)")
                }
            }
        }
    }

    // MARK: Both sides

    static func policy(_ json: String, _ place: AccessPolicy.Place = .identity) throws -> AccessPolicy {
        try AccessPolicy(JSONReader.document(in: Array(json.utf8), file: "policy.json"), for: place)
    }

    static func compare(_ old: PolicyJudge, _ new: PolicyJudge) throws -> PolicyComparison {
        PolicyComparison(old: try policy(old.json), new: try policy(new.json), place: .identity)
    }

    static func request(_ request: PolicyJudge.Request) -> PolicyRequest {
        var context = PolicyContext()
        for (key, values) in request.context {
            context[key] = request.lists.contains(key) ? .list(values) : .single(values[0])
        }
        return PolicyRequest(action: request.action, resource: request.resource, context: context)
    }

    /// Has the judge look at the witnesses.
    static func check(
        _ direction: PolicyComparison.Direction, more: PolicyJudge, less: PolicyJudge, isGained: Bool,
        _ name: String
    ) throws {
        for (witness, isAllowed) in [(direction.allowed, true), (direction.undenied, false)] {
            guard let witness else { continue }
            var request = PolicyJudge.Request(
                action: witness.request.action, resource: witness.request.resource, context: [:])
            for (key, value) in witness.request.context.entries {
                switch value {
                case .single(let text): request.context[key.lowercased()] = [text]
                case .list(let texts): request.context[key.lowercased()] = texts
                }
            }
            var judges = (more: more, less: less)
            judges.more.crossesColons = witness.reading == .string
            judges.less.crossesColons = witness.reading == .string
            let one = judges.more.decision(request)
            let other = judges.less.decision(request)
            let isShown = isAllowed ? one == .allow && other != .allow : one != .deny && other == .deny
            #expect(isShown, "\(name): \(request) shows nothing (\(one), \(other))")
        }
    }
}
