import Codecs
import Foundation
import Testing

@testable import Engine

/// Real changes of AWS's own policies.
@Suite(.enabled(if: PolicyMaterial.isThere, "../shared/data is absent"))
struct PolicyDriftTests {
    struct Pair {
        var name: String
        var old: AccessPolicy
        var new: AccessPolicy
        var oldText: [UInt8]
        var newText: [UInt8]
    }

    static func pairs() throws -> [Pair] {
        try PolicyMaterial.bytes("aws/iam/policy-drift/aws_managed_policy_pairs.jsonl")
            .split(separator: UInt8(ascii: "\n")).map { line in
                let map = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
                func text(_ side: String) throws -> [UInt8] {
                    let document = (map[side] as? [String: Any])?["document"] ?? [:]
                    return [UInt8](try JSONSerialization.data(withJSONObject: document))
                }
                func policy(_ text: [UInt8]) throws -> AccessPolicy {
                    try AccessPolicy(JSONReader.document(in: text, file: "p.json"), for: .identity)
                }
                let (old, new) = (try text("before"), try text("after"))
                return Pair(
                    name: map["path"] as? String ?? "", old: try policy(old), new: try policy(new),
                    oldText: old,
                    newText: new)
            }
    }

    @Test("Every pair is decided, with witnesses that both evaluations confirm")
    func pairsAreDecided() throws {
        var counts: [String: Int] = [:]
        for pair in try Self.pairs() {
            let comparison = PolicyComparison(old: pair.old, new: pair.new, place: .identity)
            counts[comparison.verdict.rawValue, default: 0] += 1
            #expect(comparison.method == .exact, "\(pair.name)")
            let reverse = PolicyComparison(old: pair.new, new: pair.old, place: .identity)
            #expect(reverse.gained.isGap == comparison.lost.isGap, "\(pair.name)")
            #expect(reverse.lost.isGap == comparison.gained.isGap, "\(pair.name)")
        }
        #expect(counts.values.reduce(0, +) == 271)
        #expect(counts["widened", default: 0] > 200)
    }

    @Test("A document is equal to itself, written another way")
    func formatting() throws {
        for pair in try Self.pairs() {
            // Keys in another order, single values as lists, statements in another order.
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(pair.new.isEmpty ? pair.oldText : pair.newText))
                    as? [String: Any])
            let text = Self.rewritten(object)
            let again = try AccessPolicy(JSONReader.document(in: text, file: "p.json"), for: .identity)
            let comparison = PolicyComparison(
                old: pair.new.isEmpty ? pair.old : pair.new, new: again, place: .identity)
            #expect(comparison.verdict == .equal && comparison.method == .exact, "\(pair.name)")
        }
    }

    private static func rewritten(_ policy: [String: Any]) -> [UInt8] {
        let list = policy["Statement"] as? [[String: Any]] ?? [policy["Statement"] as? [String: Any] ?? [:]]
        let statements = list.reversed().map { statement in
            var statement = statement
            for key in ["Action", "Resource", "NotAction", "NotResource"] {
                if let text = statement[key] as? String { statement[key] = [text, text] }
                if let texts = statement[key] as? [String] { statement[key] = Array(texts.reversed()) }
            }
            statement["Sid"] = nil
            return statement
        }
        let data = try? JSONSerialization.data(
            withJSONObject: ["Version": policy["Version"] ?? "", "Statement": statements],
            options: [.prettyPrinted])
        return [UInt8](data ?? Data())
    }

    @Test("Requests near the documents refute no verdict")
    func sampled() throws {
        var dice = PolicyDice(seed: 7)
        for pair in try Self.pairs() {
            let comparison = PolicyComparison(old: pair.old, new: pair.new, place: .identity)
            let statements = (pair.old.statements + pair.new.statements)
            for _ in 0..<40 {
                let request = Self.request(near: dice.pick(statements), &dice)
                let before = pair.old.decision(request)
                let after = pair.new.decision(request)
                if after == .allow, before != .allow {
                    #expect(comparison.gained.isGap, "\(pair.name): \(request)")
                }
                if before == .allow, after != .allow {
                    #expect(comparison.lost.isGap, "\(pair.name): \(request)")
                }
            }
        }
    }

    private static func request(near statement: PolicyStatement, _ dice: inout PolicyDice) -> PolicyRequest {
        let words = ["a", "xy", "", "b/c"]
        func concrete(_ text: String, _ dice: inout PolicyDice) -> String {
            text.split(separator: "*", omittingEmptySubsequences: false).joined(separator: dice.pick(words))
                .replacingOccurrences(of: "?", with: "k")
        }
        let action =
            statement.actions.elements.isEmpty ? "s3:GetObject" : dice.pick(statement.actions.elements).text
        let resource =
            statement.resources.elements.isEmpty ? "*" : dice.pick(statement.resources.elements).text
        var context = PolicyContext()
        for condition in statement.conditions where dice.below(4) != 0 {
            guard condition.comparison.comparison != .null else { continue }
            let value = concrete(dice.pick(condition.values).text, &dice)
            context[condition.keyText] = .single(value)
        }
        return PolicyRequest(
            action: concrete(action, &dice), resource: resource == "*" ? "*" : concrete(resource, &dice),
            context: context)
    }

    @Test("Over actions that exist, gained and lost are those of the texts, where these have no wildcards")
    func lists() throws {
        let catalogue = PolicyMaterial.catalogue
        var checked = 0
        for pair in try Self.pairs() {
            let statements = pair.old.statements + pair.new.statements
            // Plain documents: one set of literal actions on everything, without conditions.
            guard
                statements.allSatisfy({ statement in
                    statement.isAllow && statement.conditions.isEmpty && !statement.actions.isComplement
                        && statement.actions.elements.allSatisfy(\.isLiteral)
                        && statement.resources.elements.contains(where: \.isAny)
                })
            else { continue }
            func actions(_ policy: AccessPolicy) -> Set<String> {
                Set(policy.statements.flatMap { $0.actions.elements.map(\.folded) })
            }
            let change = PolicyComparison(
                old: pair.old, new: pair.new, place: .identity, catalogue: catalogue
            ).change()
            let gained = Set(change.gained.actions.map { $0.lowercased() })
            let lost = Set(change.lost.actions.map { $0.lowercased() })
            #expect(gained == actions(pair.new).subtracting(actions(pair.old)), "\(pair.name)")
            #expect(lost == actions(pair.old).subtracting(actions(pair.new)), "\(pair.name)")
            checked += 1
        }
        #expect(checked > 40)
    }
}

extension AccessPolicy {
    fileprivate var isEmpty: Bool { statements.isEmpty }
}
