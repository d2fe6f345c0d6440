import Codecs
import Pipeline
import Testing

@testable import Engine

/// What a drift finding says, and in which form.
@Suite struct DriftFindingTests {
    static let noon = Timestamp(seconds: 1_777_636_800)

    static func finding(_ code: DriftCode, isClosed: Bool) -> DriftFinding {
        let opened = DriftFinding.Cause(
            uid: "e\"1", time: noon, operation: "AttachRolePolicy",
            actor: "arn:aws:iam::111122223333:user/ada",
            human: "ada@example.com", backing: .grant("g-7"))
        var finding = DriftFinding(
            code, provider: "AWS", account: "111122223333", subject: "role/deploy",
            object: "arn:aws:iam::aws:policy/AdministratorAccess", opened: opened, effect: .permissions,
            words: "role/deploy got <b>AdministratorAccess</b>\u{1}")
        finding.verdict = .widened
        finding.witness = "now allowed: iam:PassRole on *"
        finding.gained = ["iam:PassRole", "s3:\"odd\""]
        finding.consequence = "2 users"
        finding.remedies = ["aws iam detach-role-policy --role-name deploy"]
        finding.rest(on: "e-2")
        finding.notBefore = noon - .hours(1)
        if isClosed {
            finding.closed = .init(
                uid: "e-9", time: noon + .hours(2), operation: "DetachRolePolicy", actor: "bob",
                backing: .pipeline("terraform"))
        }
        return finding
    }

    @Test("Every code is valid OCSF 1.9.0, open and closed", arguments: DriftCode.allCases, [false, true])
    func valid(code: DriftCode, isClosed: Bool) throws {
        var validator = OCSFValidator(try OCSFContent.schema(.canonical))
        let line = DriftFindingWriter().line(Self.finding(code, isClosed: isClosed))
        let wrong = validator.findings(in: line.span).filter(\.isError)
        #expect(wrong.isEmpty, "\(wrong)")
        let document = try JSONReader.document(in: line, file: "finding.json")
        #expect(document["class_uid"]?.integer == Int64(code.form.rawValue))
        #expect(document["status_id"]?.integer == (isClosed ? 4 : 1))
    }

    @Test("It is read back from its JSON and from its OCSF as it was", arguments: [false, true])
    func roundTrip(isClosed: Bool) throws {
        for code in DriftCode.allCases {
            let finding = Self.finding(code, isClosed: isClosed)
            let json = try JSONReader.document(in: finding.json(at: Self.noon), file: "a")
            #expect(DriftFinding(json) == finding)
            let ocsf = try JSONReader.document(in: DriftFindingWriter().line(finding), file: "b")
            let data = try #require(ocsf["enrichments"]?.list?.first?["data"])
            #expect(DriftFinding(data) == finding)
            #expect(ocsf["metadata"]?["uid"]?.string == finding.uid)
        }
    }

    @Test("Its uid is of what and why, and the same open and closed")
    func uid() {
        let open = Self.finding(.trustWidened, isClosed: false)
        #expect(open.uid == Self.finding(.trustWidened, isClosed: true).uid)
        #expect(open.uid != Self.finding(.exposure, isClosed: false).uid)
        var other = open
        other.opened.uid = "e-5"
        #expect(other.uid != open.uid)
    }

    @Test("What was gained raises it where the taxonomy says so")
    func severity() {
        var finding = Self.finding(.outOfBand, isClosed: false)
        #expect(finding.severity == .critical)
        finding.effect = .none
        #expect(finding.severity == .medium)
        #expect(Self.finding(.dormant, isClosed: false).severity == .medium)
    }
}
