import Engine
import Foundation
import Pipeline
import Testing

@testable import Simulation

/// Attribution against the generator, which knows whose each act truly is.
@Suite struct AttributionJudgeTests {
    struct Outcome {
        var attributed: [String: (name: String, subject: Attributor.Subject)] = [:]
        var privileged: Set<String> = []
    }

    static func trail(seed: UInt64, days: Int = 2) -> (files: [LogFile], truths: [String: String]) {
        var options = SyntheticTrail.Options()
        options.seed = seed
        options.days = days
        options.identities = 24
        var trail = SyntheticTrail(options)
        trail.keepsTruths = true
        var files: [LogFile] = []
        while let file = trail.next() { files.append(file) }
        return (files, trail.truths)
    }

    /// Takes everything, then asks of each event.
    static func attribute(_ files: [LogFile]) throws -> Outcome {
        let normalizer = FeedNormalizer(try MappingCatalog.builtIn(), keepsActs: true)
        var attributor = Attributor()
        var outcome = Outcome()
        for turn in 0..<2 {
            for file in files {
                normalizer.begin(file.key, feed: "aws.cloudtrail")
                normalizer.feed(file.json.span)
                normalizer.finish()
                var batch = EventBatch()
                while normalizer.advance(into: &batch) {}
                for event in batch.events {
                    guard let subject = attributor.subject(of: event, in: batch), turn == 1 else { continue }
                    let uid = batch.uid(of: event)
                    outcome.attributed[uid] = (attributor.name(of: subject), subject)
                    if event.isPrivileged { outcome.privileged.insert(uid) }
                }
            }
        }
        return outcome
    }

    @Test(
        "At least 95 % of privileged acts have a root, and each human found is the right one",
        arguments: [3, 11])
    func truth(seed: UInt64) throws {
        let (files, truths) = Self.trail(seed: seed)
        let outcome = try Self.attribute(files)
        var people = 0
        var wrong: [String] = []
        var unknown = 0
        for uid in outcome.privileged {
            guard let found = outcome.attributed[uid], found.subject.isKnown else {
                unknown += 1
                continue
            }
            let truth = try #require(truths[uid])
            if truth.contains("@") {
                people += 1
                if found.name != truth { wrong.append("\(uid) is \(truth)'s, not \(found.name)'s") }
            } else if found.subject.nature == .human {
                wrong.append("\(uid) is \(truth)'s, not the human \(found.name)'s")
            }
        }
        #expect(outcome.privileged.count > 500 && people > 50)
        #expect(unknown * 20 <= outcome.privileged.count, "\(unknown) of \(outcome.privileged.count)")
        #expect(wrong.isEmpty, "\(wrong.count): \(wrong.sorted().prefix(5))")
    }

    @Test("A resolver that searches all records for each key agrees on every session", arguments: [5])
    func bruteForce(seed: UInt64) throws {
        let (files, _) = Self.trail(seed: seed, days: 1)
        let outcome = try Self.attribute(files)
        var judge = KeyJudge()
        for file in files { try judge.read(file.json) }
        var compared = 0
        for (uid, key) in judge.uses {
            guard let root = judge.root(of: key) else { continue }
            let found = try #require(outcome.attributed[uid])
            #expect(found.subject.isKnown && found.name == root, "\(uid): \(found.name), not \(root)")
            compared += 1
        }
        #expect(compared > 300)
    }
}

/// The plainest reading of CloudTrail: who asked for the key of a role's session, again and again.
private struct KeyJudge {
    /// Of each event by a role's session, the key.
    var uses: [String: String] = [:]
    /// Of each issued key, who asked: a key, or a name.
    private var issuers: [String: (key: String?, name: String?)] = [:]

    mutating func read(_ json: [UInt8]) throws {
        let value = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any]
        for record in value?["Records"] as? [[String: Any]] ?? [] {
            let identity = record["userIdentity"] as? [String: Any] ?? [:]
            let type = identity["type"] as? String
            let key = identity["accessKeyId"] as? String
            if type == "AssumedRole", let key, let uid = record["eventID"] as? String { uses[uid] = key }
            let answer = record["responseElements"] as? [String: Any]
            let issued = (answer?["credentials"] as? [String: Any])?["accessKeyId"] as? String
            guard let issued else { continue }
            switch type {
            case "AssumedRole": issuers[issued] = (key, nil)
            case "IAMUser": issuers[issued] = (nil, identity["arn"] as? String)
            case "SAMLUser", "WebIdentityUser":
                issuers[issued] = (nil, identity["userName"] as? String)
            default: break
            }
        }
    }

    func root(of key: String) -> String? {
        var key = key
        for _ in 0..<16 {
            guard let issuer = issuers[key] else { return nil }
            if let name = issuer.name { return name }
            guard let next = issuer.key else { return nil }
            key = next
        }
        return nil
    }
}
