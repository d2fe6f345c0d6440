import Simulation
import Testing

@testable import Engine

/// Of most records only the fields are read by which rules are chosen; that must not change what matches.
@Suite("What a program reads of a record")
struct RuleReadingTests {
    private static let names = ["Create", "Delete", "Get", "List"]

    private static func rules(_ random: inout Dice) throws -> RuleSet {
        var documents: [Document] = []
        for number in 0..<12 {
            let selection = [
                "{eventName: \(random.pick(names)), userIdentity.type: Root}",
                "{eventName: [\(random.pick(names)), \(random.pick(names))], errorCode|exists: true}",
                "{userIdentity.type: [Root, IAMUser], sourceIPAddress|startswith: '10.'}",
                "{userAgent|contains: curl}", "{errorCode: null, sourceIPAddress|fieldref: userAgent}",
                "[denied, curl]",
            ][random.below(6)]
            documents += try RuleMaterial.parsed(
                """
                title: Rule \(number)
                id: 00000000-0000-4000-8000-0000000000\(10 + number)
                logsource: {product: aws, service: cloudtrail}
                detection: {selection: \(selection), condition: selection}
                """)
        }
        return RuleSet(reading: documents)
    }

    private static func record(_ random: inout Dice) -> String {
        var members = [
            #""eventName":"\#(random.pick(names))""#,
            #""userIdentity":{"type":"\#(["Root", "IAMUser", "AWSService"][random.below(3)])"}"#,
            #""sourceIPAddress":"\#(["10.0.0.1", "192.0.2.1"][random.below(2)])""#,
            #""userAgent":"\#(["curl/8", "aws-cli", "10.0.0.1"][random.below(3)])""#,
        ]
        if random.below(3) == 0 { members.append(#""errorCode":"access denied""#) }
        if random.below(4) == 0 { members.append(#""userIdentity.type":"Root""#) }
        if random.below(4) == 0 { members.append(#""event\u004eame":"\#(random.pick(names))""#) }
        return "{\(members.joined(separator: ","))}\n"
    }

    @Test("Rules together match what each of them matches by itself", arguments: 1...12)
    func together(seed: UInt64) throws {
        var random = Dice(seed: seed)
        let rules = try Self.rules(&random)
        #expect(rules.problems.isEmpty, "\(rules.problems)")
        var all = RuleMatcher(RuleCompiler.compile(rules.rules, feed: "aws.cloudtrail"))
        var single = rules.rules.map { RuleMatcher(RuleCompiler.compile([$0], feed: "aws.cloudtrail")) }
        let records = (0..<300).map { _ in Self.record(&random) }.joined()
        var hits = 0
        RuleMaterial.forEachRecord(Array(records.utf8)) { tape, record in
            all.match(tape, record)
            let expected = single.indices.filter { index in
                single[index].match(tape, record)
                return !single[index].hits.isEmpty
            }
            #expect(all.hits == expected)
            for hit in all.hits {
                #expect(!all.evidence(of: hit, tape).isEmpty || Self.isKeyword(rules, hit))
            }
            hits += expected.count
        }
        #expect(hits > 0)
    }

    private static func isKeyword(_ rules: RuleSet, _ rule: Int) -> Bool {
        RuleCompiler.compile([rules.rules[rule]], feed: "aws.cloudtrail").firstReading.takesRecord
    }

    @Test("Fields of rules that are not tried are not read")
    func readings() throws {
        let dispatched = try RuleMaterial.rule(
            "selection: {eventName: Delete, errorCode: denied}\ncondition: selection")
        let program = RuleCompiler.compile(dispatched.rules, feed: "aws.cloudtrail")
        #expect(program.restReading != nil)
        let always = try RuleMaterial.rule("selection: {errorCode|contains: denied}\ncondition: selection")
        #expect(RuleCompiler.compile(always.rules, feed: "aws.cloudtrail").restReading == nil)
    }
}
