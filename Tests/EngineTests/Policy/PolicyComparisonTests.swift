import Codecs
import Foundation
import Testing

@testable import Engine

@Suite struct PolicyComparisonTests {
    static let catalogue = PolicyMaterial.catalogue

    static func policy(_ statements: String, _ place: AccessPolicy.Place = .identity) throws -> AccessPolicy {
        try PolicyBruteForceTests.policy(
            "{\"Version\":\"2012-10-17\",\"Statement\":[\(statements)]}", place)
    }

    static func compare(_ old: String, _ new: String, _ place: AccessPolicy.Place = .identity) throws
        -> PolicyComparison
    {
        PolicyComparison(
            old: try policy(old, place), new: try policy(new, place), place: place, catalogue: catalogue)
    }

    static func allow(_ action: String, _ resource: String = "*", _ condition: String = "") -> String {
        let block = condition.isEmpty ? "" : ",\"Condition\":\(condition)"
        return "{\"Effect\":\"Allow\",\"Action\":\(action),\"Resource\":\"\(resource)\"\(block)}"
    }

    @Test("A new right is told by the action, a resource of its kind and the context it needs")
    func passRole() throws {
        let old = Self.allow("\"ec2:Describe*\"")
        let new =
            old + ","
            + Self.allow(
                "\"iam:PassRole\"", "arn:aws:iam::*:role/*",
                "{\"StringEquals\":{\"iam:PassedToService\":\"sagemaker.amazonaws.com\"}}")
        let change = try Self.compare(old, new).change()
        #expect(change.verdict == .widened && change.method == .exact && change.realisable == .widened)
        #expect(change.gained.actions == ["iam:PassRole"])
        #expect(change.lost.actions.isEmpty && change.lost.witnesses.isEmpty)
        let witness = try #require(change.gained.witnesses.first)
        #expect(witness.action == "iam:PassRole")
        #expect(witness.resource == "arn:aws:iam::111122223333:role/example")
        #expect(witness.context.map(\.key) == ["iam:PassedToService"])
        #expect(witness.context.first?.value == .single("sagemaker.amazonaws.com"))
        #expect(witness.because == "statement 2 of the new policy")
        #expect(witness.before == .implicitDeny && witness.after == .allow)
    }

    @Test("Like and equals of a text, and of an ARN with a star between colons, are told apart")
    func likeToArnLike() throws {
        // A text's star takes colons and an ARN's does not: found once by a solver, kept.
        let like = Self.allow(
            "\"ec2:CreateTags\"", "*", "{\"StringLike\":{\"aws:SourceArn\":\"arn:aws:ec2:*:fleet/*\"}}")
        let arn = Self.allow(
            "\"ec2:CreateTags\"", "*", "{\"ArnLike\":{\"aws:SourceArn\":\"arn:aws:ec2:*:*:fleet/*\"}}")
        #expect(try Self.compare(like, arn).verdict == .narrowed)
        #expect(try Self.compare(arn, like).verdict == .widened)
        let both = try Self.compare(
            Self.allow(
                "\"ec2:CreateTags\"", "*", "{\"StringLike\":{\"aws:SourceArn\":\"arn:aws:ec2:*:1:fleet/*\"}}"),
            Self.allow(
                "\"ec2:CreateTags\"", "*", "{\"ArnLike\":{\"aws:SourceArn\":\"arn:aws:ec2:*:1:fleet/*\"}}"))
        #expect(both.verdict == .narrowed)
    }

    @Test("One value of a key and all values of a key are not the same condition")
    func equalsToForAllValues() throws {
        let one = Self.allow(
            "\"sso:TagResource\"", "*", "{\"StringEquals\":{\"aws:TagKeys\":[\"x\",\"y\"]}}")
        let all = Self.allow(
            "\"sso:TagResource\"", "*", "{\"ForAllValues:StringEquals\":{\"aws:TagKeys\":[\"x\",\"y\"]}}")
        // An absent key, and several values, satisfy the second alone.
        #expect(try Self.compare(one, all).verdict == .widened)
        let isPresent = "\"Null\":{\"aws:TagKeys\":\"false\"}"
        let present = Self.allow(
            "\"sso:TagResource\"", "*",
            "{\"ForAllValues:StringEquals\":{\"aws:TagKeys\":[\"x\",\"y\"]},\(isPresent)}")
        let comparison = try Self.compare(one, present)
        #expect(comparison.verdict == .widened)
        guard case .list(let values)? = comparison.gained.allowed?.request.context["aws:TagKeys"] else {
            Issue.record("several values show it")
            return
        }
        #expect(Set(values) == ["x", "y"])
        // Two values of one kind are several as well.
        let like = { (name: String) in
            Self.allow("\"sso:TagResource\"", "*", "{\"\(name)\":{\"aws:TagKeys\":\"x*\"},\(isPresent)}")
        }
        #expect(try Self.compare(like("StringLike"), like("ForAllValues:StringLike")).verdict == .widened)
    }

    @Test("A denial that is dropped is access gained beside other policies, and none by itself")
    func droppedDenial() throws {
        let deny = "{\"Effect\":\"Deny\",\"Action\":\"s3:Delete*\",\"Resource\":\"*\"}"
        let change = try Self.compare(Self.allow("\"s3:Get*\"") + "," + deny, Self.allow("\"s3:Get*\""))
            .change()
        #expect(change.verdict == .widened && change.isolated == .equal)
        #expect(change.gained.actions.isEmpty && change.gained.undenied.contains("s3:DeleteBucket"))
        #expect(change.gained.witnesses.first?.before == .deny)
        #expect(change.gained.witnesses.first?.after == .implicitDeny)
    }

    @Test("What exists nowhere is gained on paper only")
    func deadText() throws {
        let old = Self.allow("\"s3:ListBucket\"", "arn:aws:s3:::logs")
        let new = Self.allow("[\"s3:ListBucket\",\"s3:GetObject\"]", "arn:aws:s3:::logs")
        let change = try Self.compare(old, new).change()
        #expect(change.verdict == .widened && change.realisable == .equal)
        #expect(change.notes.contains { $0.contains("exist today") })
    }

    @Test(
        "Wildcards, complements and single letters are compared by what they take",
        arguments: [
            ("\"s3:Get*\"", "\"s3:*\"", "widened"), ("\"s3:*\"", "\"S3:*\"", "equal"),
            ("\"*\"", "\"*:*\"", "equal"),
            ("[\"s3:Get*\",\"s3:Put*\"]", "\"s3:*\"", "widened"),
            ("\"s3:?etObject\"", "[\"s3:GetObject\",\"s3:PetObject\"]", "narrowed"),
            ("\"s3:Get*\"", "[\"s3:Get*\",\"s3:GetObject\",\"s3:GetO*\"]", "equal"),
            ("\"s3:*t\"", "\"s3:G*\"", "incomparable"), ("\"s3:a*b*c\"", "\"s3:a*c\"", "widened"),
        ])
    func actions(old: String, new: String, verdict: String) throws {
        #expect(try Self.compare(Self.allow(old), Self.allow(new)).verdict.rawValue == verdict)
    }

    @Test("All but a list is compared with what the list leaves")
    func notAction() throws {
        func not(_ list: String) -> String {
            "{\"Effect\":\"Allow\",\"NotAction\":\(list),\"Resource\":\"*\"}"
        }
        #expect(try Self.compare(not("[\"iam:*\",\"sts:*\"]"), not("\"iam:*\"")).verdict == .widened)
        #expect(try Self.compare(not("\"iam:*\""), not("[\"iam:Get*\",\"iam:*\"]")).verdict == .equal)
        #expect(try Self.compare(not("\"iam:*\""), Self.allow("\"*\"")).verdict == .widened)
        let split = not("\"iam:*\"") + "," + Self.allow("\"iam:*\"")
        #expect(try Self.compare(split, Self.allow("\"*\"")).verdict == .equal)
        let deny = Self.allow("\"*\"") + ",{\"Effect\":\"Deny\",\"Action\":\"iam:*\",\"Resource\":\"*\"}"
        #expect(try Self.compare(not("\"iam:*\""), deny).isolated == .equal)
        #expect(try Self.compare(not("\"iam:*\""), deny).verdict == .narrowed)
    }

    @Test(
        "Conditions are compared by the contexts they take",
        arguments: [
            ("{\"StringEquals\":{\"k:a\":\"x\"}}", "{\"StringLike\":{\"k:a\":\"x\"}}", "equal"),
            ("{\"StringEquals\":{\"k:a\":\"x\"}}", "{\"StringEqualsIgnoreCase\":{\"k:a\":\"X\"}}", "widened"),
            (
                "{\"NumericLessThan\":{\"k:a\":\"5\"}}", "{\"NumericLessThanEquals\":{\"k:a\":\"5\"}}",
                "widened"
            ),
            (
                "{\"IpAddress\":{\"k:a\":\"10.0.0.0/8\"}}",
                "{\"IpAddress\":{\"k:a\":[\"10.0.0.0/9\",\"10.128.0.0/9\"]}}", "equal"
            ),
            (
                "{\"IpAddress\":{\"k:a\":\"2001:db8::/32\"}}", "{\"IpAddress\":{\"k:a\":\"2001:db8::/33\"}}",
                "narrowed"
            ),
            (
                "{\"DateLessThan\":{\"k:a\":\"2026-01-01T00:00:00Z\"}}",
                "{\"DateLessThan\":{\"k:a\":\"1767225600\"}}", "equal"
            ),
            ("{\"Bool\":{\"k:a\":\"true\"}}", "{\"BoolIfExists\":{\"k:a\":\"true\"}}", "widened"),
            (
                "{\"StringNotEquals\":{\"k:a\":\"x\"}}", "{\"StringNotEquals\":{\"k:a\":[\"x\",\"y\"]}}",
                "narrowed"
            ),
            (
                "{\"StringEquals\":{\"k:a\":\"x\"},\"Null\":{\"K:A\":\"false\"}}",
                "{\"StringEquals\":{\"K:a\":\"x\"}}", "equal"
            ),
        ])
    func conditions(old: String, new: String, verdict: String) throws {
        let comparison = try Self.compare(Self.allow("\"s3:*\"", "*", old), Self.allow("\"s3:*\"", "*", new))
        #expect(comparison.verdict.rawValue == verdict)
        #expect(comparison.method == .exact)
    }

    @Test("Several statements can cover together what none covers alone")
    func covering() throws {
        let whole = Self.allow("\"s3:GetObject\"")
        let parts =
            Self.allow("\"s3:*\"", "*", "{\"Bool\":{\"aws:SecureTransport\":\"true\"}}") + ","
            + Self.allow("\"s3:*\"", "*", "{\"StringNotEquals\":{\"aws:SecureTransport\":\"true\"}}")
        #expect(try !Self.compare(parts, whole).gained.isGap)
    }

    @Test("Whom a trust policy lets in decides, an account before its roles")
    func trust() throws {
        func trusts(_ principal: String) -> String {
            "{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":\(principal)}"
        }
        let role = trusts("{\"AWS\":\"arn:aws:iam::111122223333:role/deploy\"}")
        let account = trusts("{\"AWS\":\"arn:aws:iam::111122223333:root\"}")
        #expect(try Self.compare(role, account, .trust).verdict == .widened)
        #expect(try Self.compare(account, trusts("{\"AWS\":\"111122223333\"}"), .trust).verdict == .equal)
        #expect(try Self.compare(account, trusts("\"*\""), .trust).verdict == .widened)
        let other = try Self.compare(
            role, trusts("{\"AWS\":\"arn:aws:iam::444455556666:role/deploy\"}"), .trust)
        #expect(other.verdict == .incomparable)
        #expect(other.gained.allowed?.request.principal.text.contains("444455556666") == true)
        let service = try Self.compare(
            role, role + "," + trusts("{\"Service\":\"lambda.amazonaws.com\"}"), .trust)
        #expect(service.gained.allowed?.request.principal.text == "lambda.amazonaws.com")
    }

    @Test("Variables are the same whatever they stand for, and else only where a request shows it")
    func variables() throws {
        let home = Self.allow("\"s3:GetObject\"", "arn:aws:s3:::home/${aws:username}/*")
        let spelled = Self.allow("\"s3:GetObject\"", "arn:aws:s3:::home/${aws:UserName}/*")
        #expect(try Self.compare(home, spelled).verdict == .equal)
        let all = try Self.compare(home, Self.allow("\"s3:GetObject\"", "arn:aws:s3:::home/*"))
        #expect(all.verdict == .widened && all.method == .exact)
        let account = "{\"StringEquals\":{\"aws:ResourceAccount\":\"${aws:PrincipalAccount}\"}}"
        let dropped = try Self.compare(Self.allow("\"s3:*\"", "*", account), Self.allow("\"s3:*\""))
        #expect(dropped.verdict == .widened && dropped.method == .exact)
    }

    @Test("The two readings of a star between colons are both asked")
    func readings() throws {
        let one = Self.allow("\"sns:Publish\"", "arn:aws:sns:*:alerts")
        let two = Self.allow("\"sns:Publish\"", "arn:aws:sns:*:*:alerts")
        let comparison = try Self.compare(one, two)
        #expect(comparison.verdict != .equal)
    }
}
