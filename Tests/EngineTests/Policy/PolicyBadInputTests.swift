import Codecs
import Testing

@testable import Engine

/// Documents that are not what they should be: told with the place, in bounded time, and never taken for equal.
@Suite struct PolicyBadInputTests {
    static func complaints(_ json: String, _ place: AccessPolicy.Place = .identity) -> [String] {
        do {
            _ = try PolicyBruteForceTests.policy(json, place)
            return []
        } catch let problems as Problems {
            return problems.list.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    @Test(
        "What is wrong is told with its place and the nearest valid name",
        arguments: [
            (
                #"{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEqual":{"a":"b"}}}]}"#,
                "policy.json:1:77: unknown condition operator `StringEqual` (did you mean `StringEquals`?)"
            ),
            (
                #"{"Statement":[{"Effect":"Alow","Action":"s3:*","Resource":"*"}]}"#,
                "`Effect` must be Allow or Deny"
            ),
            (
                #"{"Statement":[{"Effect":"Allow","Actions":"s3:*","Resource":"*"}]}"#,
                "did you mean `Action`?"
            ),
            (#"{"Statement":[{"Effect":"Allow","Action":"s3:*"}]}"#, "`Resource` is missing"),
            (#"{"Statement":[{"Effect":"Allow","Action":[],"Resource":"*"}]}"#, "`Action` is empty"),
            (#"{"Statement":[{"Effect":"Allow","Action":"everything","Resource":"*"}]}"#, "is no action"),
            (
                #"{"Statement":[{"Effect":"Allow","Action":5,"Resource":"*"}]}"#,
                "needs text, and this is a whole number"
            ),
            (#"{"Statment":[]}"#, "did you mean `Statement`?"), (#"[]"#, "this is a list"),
            (#"{"Version":"2013-01-01","Statement":[]}"#, "the version is one of"),
            (
                #"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}"#,
                "names no principals"
            ),
            (
                #"{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/99"}}}]}"#,
                "an address or a network is needed"
            ),
            (
                #"{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"a":"maybe"}}}]}"#,
                "true or false is needed"
            ),
            (
                #"{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"#,
                "the JSON ends inside a string"
            ),
        ])
    func told(json: String, message: String) {
        let complaints = Self.complaints(json)
        #expect(complaints.contains { $0.contains(message) }, "\(complaints)")
    }

    @Test("At most a hundred problems of a document are told")
    func manyProblems() {
        let statements = Array(repeating: "{\"Effect\":\"Maybe\"}", count: 5_000).joined(separator: ",")
        let complaints = Self.complaints("{\"Statement\":[\(statements)]}")
        #expect(complaints.count == 100)
    }

    static func large(_ count: Int, action: (Int) -> String) throws -> AccessPolicy {
        let statements = (0..<count).map {
            "{\"Effect\":\"Allow\",\"Action\":\"s3:\(action($0))\",\"Resource\":\"arn:aws:s3:::b\($0)*/x\"}"
        }
        return try PolicyBruteForceTests.policy("{\"Statement\":[\(statements.joined(separator: ","))]}")
    }

    @Test(
        "Ten thousand statements are equal to themselves in another order, and else differ in what is other")
    func manyStatements() throws {
        let old = try Self.large(10_000) { "Get\($0)" }
        let same = PolicyComparison(
            old: old, new: AccessPolicy(statements: old.statements.reversed()), place: .identity)
        #expect(same.verdict == .equal && same.method == .exact)
        var other = old
        other.statements.append(try Self.large(1) { _ in "Put*" }.statements[0])
        let changed = PolicyComparison(old: old, new: other, place: .identity)
        #expect(changed.verdict == .widened && changed.method == .exact)
        let back = PolicyComparison(
            old: other, new: old, place: .identity, catalogue: PolicyMaterial.catalogue)
        #expect(back.verdict == .narrowed && back.change().lost.actions.contains("s3:PutObject"))
    }

    @Test(
        "Ten thousand statements against ten thousand others are given up in time, and are never equal",
        .timeLimit(.minutes(2)))
    func manyOthers() throws {
        let old = try Self.large(10_000) { "Get*\($0)" }
        let other = try Self.large(10_000) { "*Put\($0)" }
        let changed = PolicyComparison(old: old, new: other, place: .identity)
        #expect(changed.verdict != .equal && changed.verdict != .narrowed)
    }

    @Test("Patterns made to be slow are given up as undecided, not as equal")
    func slowPatterns() throws {
        let stars = { (letter: String) in "s3:" + String(repeating: "*\(letter)?", count: 40) }
        let old = try PolicyBruteForceTests.policy(
            "{\"Statement\":[{\"Effect\":\"Allow\",\"NotAction\":[\"\(stars("a"))\",\"\(stars("b"))\"],\"Resource\":\"*\"}]}"
        )
        let new = try PolicyBruteForceTests.policy(
            "{\"Statement\":[{\"Effect\":\"Allow\",\"NotAction\":[\"\(stars("c"))\"],\"Resource\":\"*\"}]}")
        let comparison = PolicyComparison(old: old, new: new, place: .identity)
        #expect(comparison.verdict != .equal)
    }

    @Test("A text longer than AWS allows is told, and long patterns with exceptions are given up")
    func longPatterns() throws {
        let long = "s3:" + String(repeating: "a*", count: 5_000)
        let complaints = Self.complaints(
            "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"\(long)\",\"Resource\":\"*\"}]}")
        #expect(complaints.contains { $0.contains("longer than the 2048 bytes") })
        func not(_ letter: String) throws -> AccessPolicy {
            let action = "s3:" + String(repeating: "\(letter)*", count: 1_000)
            return try PolicyBruteForceTests.policy(
                "{\"Statement\":[{\"Effect\":\"Allow\",\"NotAction\":\"\(action)\",\"Resource\":\"*\"}]}")
        }
        let comparison = PolicyComparison(old: try not("a"), new: try not("b"), place: .identity)
        #expect(comparison.verdict != .equal)
    }

    @Test("Conditions of very many values and keys are given up, too")
    func manyConditions() throws {
        let keys = (0..<300).map { "\"k:\($0)\":[\"a*\",\"*b\",\"*c*\"]" }.joined(separator: ",")
        let statement = { (name: String) in
            "{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"\(name)\":{\(keys)}}}"
        }
        let old = try PolicyBruteForceTests.policy("{\"Statement\":[\(statement("ForAnyValue:StringLike"))]}")
        let new = try PolicyBruteForceTests.policy(
            "{\"Statement\":[\(statement("ForAllValues:StringNotLike"))]}")
        #expect(PolicyComparison(old: old, new: new, place: .identity).verdict != .equal)
    }
}
