import Codecs
import Engine
import Testing

@testable import martlet

@Suite struct DetectCommandTests {
    static let rule = """
        title: Sound
        id: 6f0d8a5e-0000-4000-8000-000000000001
        logsource: {product: aws, service: cloudtrail}
        detection: {s: {eventName: X}, condition: s}
        """
    static func record(_ time: String, _ name: String = "X") -> String {
        #"{"eventName":"\#(name)","eventTime":"\#(time)","eventID":"\#(time)"}"#
    }

    @Test("Matches come in input order with file and line, duplicates included")
    func matches() async {
        let log = [
            Self.record("2026-03-02T02:00:00Z"), Self.record("2026-03-02T01:00:00Z", "Y"),
            Self.record("2026-03-02T01:00:00Z"),
        ]
        let world = CommandWorld(files: [
            "/home/ada/r.yml": Self.rule, "/home/ada/logs/b.json": log.joined(separator: "\n"),
            "/home/ada/logs/a.json": "[\n" + log[2] + ",\n" + log[2] + "\n]",
        ])
        #expect(
            await world.run("detect", "--feed", "generic.json", "--rules", "r.yml", "--matches", "logs")
                == .done)
        let lines = world.output.text.split(separator: "\n")
        let places = lines.map { line in
            String(line[(line.firstRange(of: "\"file\"")?.lowerBound ?? line.startIndex)...])
        }
        #expect(
            places == [
                #""file":"logs/a.json","line":2}"#, #""file":"logs/a.json","line":3}"#,
                #""file":"logs/b.json","line":1}"#,
                #""file":"logs/b.json","line":3}"#,
            ])
        #expect(
            lines.allSatisfy { $0.hasPrefix(#"{"rule":"6f0d8a5e-0000-4000-8000-000000000001","event":""#) })
        #expect(world.messages.text == "5 records in 2 files, 1 rules, 4 matches\n")
    }

    @Test("Findings come in event-time order")
    func order() async throws {
        let log = ["2026-03-02T03:00:00Z", "2026-03-02T01:00:00Z", "2026-03-02T02:00:00Z"].map {
            Self.record($0)
        }
        let world = CommandWorld(files: [
            "/home/ada/r.yml": Self.rule, "/home/ada/log.json": log.joined(separator: "\n"),
        ])
        #expect(await world.run("detect", "--feed", "generic.json", "--rules", "r.yml", "log.json") == .done)
        let findings = try world.output.text.split(separator: "\n").map {
            try JSONReader.document(in: Array($0.utf8), file: "f.json")
        }
        #expect(findings.count == 3)
        let times = findings.compactMap { $0["time"]?.integer }
        #expect(times == times.sorted())
        #expect(Set(times).count == 3)
    }

    @Test("A broken record and a missing file are told, the rest goes on, and the status is 3")
    func refused() async {
        let world = CommandWorld(files: [
            "/home/ada/r.yml": Self.rule,
            "/home/ada/log.json": "{\"eventName\":}\n" + Self.record("2026-03-02T01:00:00Z"),
        ])
        #expect(
            await world.run(
                "detect", "--feed", "generic.json", "--rules", "r.yml", "--matches", "none", "log.json")
                == .refused)
        #expect(world.output.text.split(separator: "\n").count == 1)
        #expect(world.messages.text.contains("none: there is no such file or folder"))
        #expect(world.messages.text.contains("log.json:1: "))
    }

    @Test("An unknown feed is bad usage, with the nearest name")
    func unknownFeed() async {
        let world = CommandWorld(files: ["/home/ada/log.json": "{}"])
        #expect(await world.run("detect", "--feed", "generic.jsn", "log.json") == .usage)
        #expect(world.messages.text.contains("did you mean generic.json?"))
        #expect(world.output.text.isEmpty)
    }

    @Test("Drift over records that change no access gives nothing, and says nothing on standard output")
    func otherContent() async {
        let world = CommandWorld(files: [
            "/home/ada/r.yml": Self.rule, "/home/ada/log.json": Self.record("2026-03-02T01:00:00Z"),
        ])
        #expect(
            await world.run(
                "detect", "--feed", "generic.json", "--content", "drift", "--rules", "r.yml", "log.json")
                == .done)
        #expect(world.output.text.isEmpty)
    }

    @Test(
        "A rule that is wrong is told with its place: detect goes on with the others, validate refuses it"
    )
    func wrongRule() async {
        let pipeline = """
            name: p
            collectors: {in: {from: files, feed: generic.json, paths: log.json}}
            rules: [r]
            exporters: {out: {to: file, path: out}}
            """
        let files = [
            "/home/ada/r/a.yml": Self.rule, "/home/ada/r/b.yml": RulesCommandTests.broken,
            "/home/ada/r/c.yml": "title: [", "/home/ada/p.yaml": pipeline,
            "/home/ada/log.json": Self.record("2026-03-02T01:00:00Z"),
        ]
        let place = "r/b.yml:3:17: unknown modifier 'contain' (did you mean 'contains'?)"
        let detect = CommandWorld(files: files)
        #expect(
            await detect.run("detect", "--feed", "generic.json", "--rules", "r", "log.json") == .refused)
        #expect(detect.output.text.split(separator: "\n").count == 1)
        #expect(detect.messages.text.hasPrefix(place + "\nr/c.yml:2:"), "\(detect.messages.text)")
        #expect(detect.messages.text.contains("1 rules, 1 findings, 2 rules left out"))
        let validate = CommandWorld(files: files)
        #expect(await validate.run("validate", "p.yaml") == .usage)
        #expect(validate.messages.text.hasPrefix(place + "\nr/c.yml:2:"))
        #expect(validate.output.text.isEmpty)
    }

    @Test("Rules that are named and not there end everything before it begins")
    func absentRules() async {
        let files = [
            "/home/ada/p.yaml": """
            name: p
            collectors: {in: {from: files, feed: generic.json, paths: log.json}}
            rules: [none]
            exporters: {out: {to: file, path: out}}
            """, "/home/ada/log.json": Self.record("2026-03-02T01:00:00Z"),
        ]
        for words in [
            ["detect", "--feed", "generic.json", "--rules", "none", "log.json"], ["validate", "p.yaml"],
            ["run", "--once", "p.yaml"],
        ] {
            let world = CommandWorld(files: files)
            #expect(await Dispatch.run(words, in: world.context) == .usage)
            #expect(world.messages.text == "none:1:1: there is no such file or folder\n")
        }
    }

    @Test("A correlation of a rule that is not there is told and left out, and the others run")
    func leftOutRule() async {
        let files = [
            "/home/ada/r/a.yml": Self.rule,
            "/home/ada/r/c.yml": "title: C\ncorrelation: {type: temporal, rules: [absent], timespan: 5m}\n",
            "/home/ada/r/d.yml": Self.rule.replacing("0001", with: "0002").replacing(
                "eventName: X", with: "'eventName|expand': '%names%'"),
            "/home/ada/log.json": Self.record("2026-03-02T01:00:00Z"),
            "/home/ada/p.yaml": """
            name: p
            collectors: {in: {from: files, feed: generic.json, paths: log.json}}
            rules: [r]
            exporters: {out: {to: file, path: out}}
            """,
        ]
        let detect = CommandWorld(files: files)
        #expect(await detect.run("detect", "--feed", "generic.json", "--rules", "r", "log.json") == .done)
        #expect(detect.output.text.split(separator: "\n").count == 1)
        #expect(detect.messages.text.contains("r/c.yml:2:39: no loaded rule is called “absent”"))
        #expect(detect.messages.text.contains("2 rules left out"))
        let validate = CommandWorld(files: files)
        #expect(await validate.run("validate", "p.yaml") == .done)
        #expect(
            validate.messages.text.contains("r/c.yml:2:39: ") && validate.messages.text.contains("left out"))
    }
}
