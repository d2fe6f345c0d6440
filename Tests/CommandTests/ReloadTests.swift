import Foundation
import Testing

@testable import martlet

/// The built program, whose files change while it runs, and `top` beside it.
@Suite(.serialized, .enabled(if: Program.isBuilt, "needs the built program"))
struct ReloadTests {
    /// Listens where the system has room, unless somebody must know beforehand.
    private static func pipeline(port: UInt16 = 0) -> String {
        """
        name: p
        collectors: {in: {from: files, feed: generic.json, paths: logs, interval: 200ms}}
        rules: [r]
        admin: {listen: "127.0.0.1:\(port)"}
        exporters: {out: {to: file, path: out, compression: none}}
        store: {enabled: false}
        """
    }

    private static func rule(_ name: String, _ title: String) -> String {
        DetectCommandTests.rule.replacing("eventName: X", with: "eventName: \(name)")
            .replacing("title: Sound", with: "title: \(title)")
    }

    /// Functions that wait, and the program under way as `$pid`, with its messages in `log`.
    private static let begin = """
        cd "$FOLDER"
        "$@" 2> log & pid=$!
        trap 'kill $pid 2> /dev/null' EXIT
        try() { for i in $(seq 1 200); do "$@" && return; sleep 0.1; done; echo "never: $*"; exit 9; }
        said() { grep -q -- "$1" log; }
        reloaded() { [ "$(grep -c 'Reloaded: it goes on' log)" = "$1" ]; }
        url() { grep -o 'http://127.0.0.1:[0-9]*' log | head -1; }
        metric() { curl -s "$(url)/metrics" | grep -q "$1"; }

        """

    private func run(_ program: Program, _ script: String) async throws -> Program.Ran {
        try await program.run(
            ["run", "./p.yaml", "--state", "./state"],
            environment: ["FOLDER": program.folder],
            wrapper: ["/bin/bash", "-c", Self.begin + script, "bash"], timeout: .seconds(60))
    }

    @Test(
        "New rules are taken up on a change and on SIGHUP, wrong ones are told and the old run on, nothing is lost"
    )
    func reload() async throws {
        let program = try Program()
        try program.write(Self.pipeline(), to: "p.yaml")
        try program.write(Self.rule("X", "First"), to: "r/a.yml")
        try program.write(RulesCommandTests.broken, to: "broken.yml")
        try program.write(Self.rule("Y", "Second"), to: "second.yml")
        try program.write(Self.rule("Z", "Third"), to: "third.yml")
        for (number, name) in ["X", "X", "Y", "Z"].enumerated() {
            let record = DetectCommandTests.record("2026-03-02T0\(number):00:00Z", name) + "\n"
            try program.write(record, to: "new/\(number).json")
        }
        try program.write("", to: "logs/empty.json")
        let ran = try await run(
            program,
            """
            cp new/0.json logs; try metric 'martlet_findings_total{pipeline="p"} 1'
            cp broken.yml r/a.yml; try said 'NOT RELOADED'
            said 'a.yml:3:17: unknown modifier' || { echo 'no place'; exit 8; }
            cp new/1.json logs; try metric 'martlet_findings_total{pipeline="p"} 2'
            cp second.yml r/a.yml; try said 'Reloaded: it goes on'
            cp new/2.json logs; try metric 'martlet_findings_total{pipeline="p"} 1'
            cp third.yml r/a.yml; kill -HUP $pid; try said 'SIGHUP'; try reloaded 2
            cp new/3.json logs; try metric 'martlet_findings_total{pipeline="p"} 1'
            kill -TERM $pid; wait $pid; status=$?; cat log >&2; exit $status
            """)
        #expect(ran.status == 0, "\(ran.output) \(ran.messages)")
        let lines = try program.delivered()
        // Each record once, whatever was reloaded between them, and a finding of the rule that ran then.
        #expect(lines.filter { $0.contains("\"class_uid\":2004") }.count == 4, "\(lines)")
        #expect(lines.filter { !$0.contains("\"class_uid\":2004") }.count == 4, "\(lines)")
        for title in ["First", "Second", "Third"] { #expect(lines.contains { $0.contains("\"\(title)\"") }) }
    }

    @Test("A pipeline's file that is wrong is refused with its line, and one that is sound is taken up")
    func pipelineFile() async throws {
        let program = try Program()
        let sound = Self.pipeline()
        try program.write(sound, to: "p.yaml")
        try program.write(sound.replacing("name: p", with: "name: q"), to: "renamed.yaml")
        try program.write(sound.replacing("to: file", with: "to: fiel"), to: "wrong.yaml")
        try program.write(
            sound + "\nfilter: [{drop: {api.operation: Nothing}}]\n", to: "sound.yaml")
        try program.write(Self.rule("X", "First"), to: "r/a.yml")
        try program.write(DetectCommandTests.record("2026-03-02T01:00:00Z") + "\n", to: "logs/0.json")
        let ran = try await run(
            program,
            """
            try metric 'martlet_collector_up.* 1'
            cp wrong.yaml p.yaml; try said 'p.yaml:5:'
            cp renamed.yaml p.yaml; try said 'the name of a running pipeline cannot change'
            cp sound.yaml p.yaml; try said 'Reloaded: it goes on'
            try metric 'martlet_collector_up.* 1'
            kill -TERM $pid; wait $pid; status=$?; cat log >&2; exit $status
            """)
        #expect(ran.status == 0, "\(ran.output) \(ran.messages)")
    }

    @Test("top shows each part of a running pipeline, and without one says where it asked")
    func top() async throws {
        let program = try Program()
        // `top` finds the address in the pipeline's file, so here it has to be one that is known beforehand.
        let port = try Self.freePort()
        try program.write(Self.pipeline(port: port), to: "p.yaml")
        try program.write(Self.rule("X", "First"), to: "r/a.yml")
        try program.write(DetectCommandTests.record("2026-03-02T01:00:00Z") + "\n", to: "logs/0.json")
        let ran = try await run(
            program,
            """
            try metric 'martlet_accepted_total.* 2'
            "$1" top p.yaml --state state --once; status=$?
            kill -TERM $pid; wait $pid; exit $status
            """)
        #expect(ran.status == 0, "\(ran.messages)")
        #expect(ran.output.contains("martlet top") && ran.output.contains("1 pipeline"))
        #expect(
            ran.output.contains("in") && ran.output.contains("generic.json")
                && ran.output.contains("1 findings"))
        #expect(ran.output.firstMatch(of: #/out +file +up +\S+ +0 /#) != nil, "\(ran.output)")
        let alone = try await program.run("top", "./p.yaml", "--once")
        #expect(alone.status == 1 && alone.messages.contains("http://127.0.0.1:\(port)/metrics"))
    }

    private static func freePort() throws -> UInt16 {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        try #require(isBound)
        return UInt16(bigEndian: address.sin_port)
    }

    @Test("A verdict silences a rule about an identity while the pipeline runs")
    func verdict() async throws {
        let program = try Program()
        let pipeline = Self.pipeline().replacing("generic.json", with: "aws.cloudtrail")
            .replacing("store: {enabled: false}", with: "behaviour: {enabled: false}")
        try program.write(pipeline, to: "p.yaml")
        try program.write(Self.rule("PutObject", "First"), to: "r/a.yml")
        for (number, name) in ["alice", "alice", "bo"].enumerated() {
            let identity =
                "\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":\"\(name)\",\"accountId\":\"111122223333\","
                + "\"arn\":\"arn:aws:iam::111122223333:user/\(name)\",\"principalId\":\"AIDA\(name)\"}"
            let record =
                "{\"eventVersion\":\"1.10\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"PutObject\","
                + "\"eventTime\":\"2026-03-02T0\(number):00:00Z\",\"eventID\":\"e\(number)\",\"eventType\":\"AwsApiCall\","
                + "\"recipientAccountId\":\"111122223333\",\"awsRegion\":\"eu-west-1\",\(identity)}\n"
            try program.write(record, to: "new/\(number).json")
        }
        try program.write("", to: "logs/empty.json")
        let ran = try await run(
            program,
            """
            cp new/0.json logs; try metric 'martlet_findings_total{pipeline="p"} 1'
            uid=$("$1" query --findings --state state --format csv --columns finding_info.uid | tail -1 | tr -d '\\r')
            "$1" verdict "$uid" expected --until 3650d --state state || exit 7
            try reloaded 1; try metric 'martlet_collector_up.* 1'
            cp new/1.json new/2.json logs; try metric 'martlet_findings_total{pipeline="p"} 1'
            kill -TERM $pid; wait $pid; status=$?; cat log >&2; exit $status
            """)
        #expect(ran.status == 0, "\(ran.output) \(ran.messages)")
        // Of the second nothing is raised about alice, who is expected; bo is somebody else.
        let findings = try program.delivered().filter { $0.contains("\"class_uid\":2004") }
        #expect(findings.count == 2, "\(findings)")
        #expect(findings.filter { $0.contains("user/alice") }.count == 1)
        #expect(findings.filter { $0.contains("user/bo") }.count == 1)
    }
}
