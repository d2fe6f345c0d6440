import Engine
import Pipeline
import Testing

@testable import martlet

@Suite struct TestCommandTests {
    static let rule = DetectCommandTests.rule
    static let hit = #"{"expect":"hit","record":{"eventName":"X"}}"#
    static let miss = #"{"expect":"miss","record":{"eventName":"Y"}}"#
    static let pipeline = """
        name: p
        collectors: {in: {from: files, feed: generic.json, paths: "${env:LOGS}"}}
        filter: [{drop: {class_uid: 0, activity_id: 0, unmapped.kind: noise}}]
        rules: [r.yml]
        exporters:
          all: {to: file, path: out}
          alerts: {to: file, path: alerts, receives: [findings], ocsf: 1.1.0}
        """

    private func world(_ files: [String: String]) -> CommandWorld {
        CommandWorld(
            files: Dictionary(uniqueKeysWithValues: files.map { ("/home/ada/\($0.key)", $0.value) }))
    }

    @Test("Everything inside the binary holds")
    func builtIn() async {
        let world = CommandWorld()
        #expect(await world.run("test") == .done)
        #expect(world.output.text.isEmpty)
        #expect(world.messages.text.contains("8 pipelines: ") && world.messages.text.contains("all hold"))
    }

    @Test("A rule's case that does not hold is told with its line, and the status is 1")
    func rules() async {
        let sound = world([
            "r/a.yml": Self.rule, "r/a.cases.jsonl": Self.hit + "\n" + Self.miss, "r/b.yml": Self.rule,
        ])
        #expect(await sound.run("test", "r") == .done)
        #expect(sound.messages.text == "1 rule: 2 cases, all hold; 1 file has no cases\n")
        let wrong = world([
            "r/a.yml": Self.rule,
            "r/a.cases.jsonl": [Self.hit, Self.miss, Self.hit.replacing("\"X\"", with: "\"Z\"")].joined(
                separator: "\n"),
        ])
        #expect(await wrong.run("test", "r/a.yml") == .notHeld)
        #expect(wrong.output.text == "r/a.cases.jsonl:3:1: no rule matches, but one must\n")
        #expect(wrong.messages.text == "1 rule: 3 cases, 1 complaints\n")
    }

    static let correlation = """
        title: Three
        correlation: {type: value_count, rules: [sound], group-by: [who], timespan: 5m, condition: {field: what, gte: 3}}
        ---
        title: Sound
        name: sound
        logsource: {product: aws, service: cloudtrail}
        detection: {s: {eventName: X}, condition: s}
        """

    @Test("A correlation's sequences are played with their times, through the feed's mapping")
    func correlations() async {
        func sequence(_ expect: String, _ entries: String...) -> String {
            #"{"expect":"\#(expect)","why":"w","sequence":[\#(entries.joined(separator: ","))]}"#
        }
        func entry(_ each: String, every: String) -> String {
            #"{"at":"2026-03-02T09:00:00Z","every":"\#(every)","each":\#(each),"record":"#
                + #"{"eventName":"X","eventSource":"s","eventTime":"2026-03-02T08:00:00Z","eventID":"{each}","who":"a","#
                + #""what":"{each}"}}"#
        }
        let three = #"["1","2","3"]"#
        let sound = world([
            "r/a.yml": Self.correlation,
            "r/a.cases.jsonl": [
                sequence("hit", entry(three, every: "1m")), sequence("miss", entry(three, every: "10m")),
            ].joined(separator: "\n"),
        ])
        #expect(await sound.run("test", "r") == .done, "\(sound.output.text)")
        #expect(sound.messages.text == "1 rule: 2 cases, all hold\n")
        let wrong = world([
            "r/a.yml": Self.correlation,
            "r/a.cases.jsonl": [
                sequence("miss", entry(three, every: "1m")), sequence("hit", entry(three, every: "10m")),
                sequence("hit", entry(three, every: "soon")), sequence("hit"),
                #"{"expect":"hit","sequence":[{"feed":"aws.cloudtail","record":{}}]}"#,
                #"{"expect":"hit","sequence":[7]}"#, Self.hit,
            ].joined(separator: "\n"),
        ])
        #expect(await wrong.run("test", "r") == .notHeld)
        #expect(
            wrong.output.text == """
                r/a.cases.jsonl:1:1: “Three” is met, but must not be (w)
                r/a.cases.jsonl:2:1: no correlation is met, but one must be (w)
                r/a.cases.jsonl:3:1: 'every' is 'soon' (w) (20s, 5m, 1h)
                r/a.cases.jsonl:4:1: 'sequence' is empty (w)
                r/a.cases.jsonl:5:1: there is no feed aws.cloudtail (did you mean aws.cloudtrail?)
                r/a.cases.jsonl:6:1: 'sequence' is a list of the vendor's records, JSON objects

                """)
    }

    @Test(
        "A correlation may stand in another file than its rules, and rules on OCSF events name the record's feed"
    )
    func references() async {
        let parts = Self.correlation.split(separator: "---\n").map(String.init)
        let record =
            #"{"eventName":"X","eventSource":"s","eventTime":"2026-03-02T08:00:00Z","who":"a","what":"{each}"}"#
        let entry = #"{"each":["1","2","3"],"record":\#(record)}"#
        let event = "title: E\nlogsource: {product: ocsf}\ndetection: {s: {api.operation: X}, condition: s}\n"
        let files = world([
            "r/a.yml": parts[0], "r/b.yml": parts[1], "r/c.yml": event,
            "r/a.cases.jsonl": #"{"expect":"hit","sequence":[\#(entry)]}"# + "\n"
                + #"{"expect":"miss","sequence":[\#(record)]}"#,
            "r/c.cases.jsonl": #"{"expect":"hit","feed":"aws.cloudtrail","record":\#(record)}"# + "\n"
                + #"{"expect":"miss","feed":"generic.json","record":\#(record)}"# + "\n"
                + #"{"expect":"miss","record":\#(record)}"#,
        ])
        #expect(await files.run("test", "r") == .notHeld)
        #expect(
            files.output.text
                == "r/c.cases.jsonl:3:1: the case does not say whose record this is (\"feed\":\"okta.system_log\")\n"
        )
    }

    @Test("A mapping's golden event that differs is told by path, expected and got")
    func mappings() async throws {
        let folder = try #require(VendorFolder.builtIn.first { $0.feed == "generic.json" })
        func text(_ file: VendorFolder.File) throws -> String {
            String(decoding: try #require(folder[file]), as: UTF8.self)
        }
        var files = [
            "v/acme/log/mapping.yaml": try text(.mapping), "v/acme/log/samples.jsonl": try text(.samples),
        ]
        files["v/acme/log/golden.jsonl"] = try text(.golden)
        let sound = world(files)
        #expect(await sound.run("test", "v") == .done, "\(sound.output.text)")
        files["v/acme/log/golden.jsonl"] = try text(.golden).replacing(
            "\"class_uid\":0", with: "\"class_uid\":7", maxReplacements: 1)
        let wrong = world(files)
        #expect(await wrong.run("test", "v/acme/log/mapping.yaml") == .notHeld)
        #expect(wrong.output.text == "v/acme/log/golden.jsonl:1:1: sample 1: class_uid: expected 7, got 0\n")
        files["v/acme/log/mapping.yaml"] = "class: nonsense\n"
        let broken = world(files)
        #expect(await broken.run("test", "v") == .notHeld)
        #expect(broken.output.text.hasPrefix("v/acme/log/mapping.yaml:1:"))
    }

    @Test("Records are replayed through a pipeline: filter, rules, exporters")
    func pipelines() async {
        let head = #"{"environment":{"LOGS":"/logs"}}"#
        let record = #""record":{"eventName":"X","kind":"signal","eventTime":"2026-03-02T01:00:00Z"}}"#
        let good = [
            head, #"{"expect":"event","findings":["Sound"],"exporters":["all","alerts"],"# + record,
            #"{"expect":"filtered","findings":[],"exporters":[],"record":{"kind":"noise"}}"#,
            #"{"expect":"refused","raw":"{\"cut"}"#,
            #"{"expect":"event","event":{"unmapped.kind":"other"},"exporters":["all"],"record":{"kind":"other"}}"#,
        ]
        let files = ["p.yaml": Self.pipeline, "r.yml": Self.rule]
        let sound = world(files.merging(["p.cases.jsonl": good.joined(separator: "\n")]) { $1 })
        #expect(await sound.run("test", "p.yaml") == .done, "\(sound.output.text)")
        #expect(sound.messages.text == "1 pipeline: 4 cases, all hold\n")
        let bad = [
            head, #"{"expect":"filtered","why":"quiet","findings":[],"exporters":["all"],"# + record,
            #"{"expect":"event","event":{"unmapped.kind":"x"},"record":{"kind":"other"}}"#,
            #"{"expect":"even","record":{}}"#, #"{"expect":"event","collector":"on","record":{}}"#, "{",
        ]
        let wrong = world(files.merging(["p.cases.jsonl": bad.joined(separator: "\n")]) { $1 })
        #expect(await wrong.run("test", "p.cases.jsonl") == .notHeld)
        #expect(
            wrong.output.text == """
                p.cases.jsonl:2:1: expected filtered, got event (quiet)
                p.cases.jsonl:2:1: findings: expected none, got Sound (quiet)
                p.cases.jsonl:2:1: exporters: expected all, got alerts, all (quiet)
                p.cases.jsonl:3:1: unmapped.kind: expected "x", got "other"
                p.cases.jsonl:4:1: 'expect' is 'even' (expected 'event', 'filtered' or 'refused')
                p.cases.jsonl:5:1: the pipeline has no collector “on” (did you mean “in”?)
                p.cases.jsonl:6:1: expected a case, got: a name in double quotes is expected here

                """)
    }

    @Test("A pipeline that is wrong, cases without a subject, a missing path and a strange file are told")
    func problems() async {
        let world = world([
            "p.yaml": Self.pipeline.replacing("filter", with: "filtr"), "p.cases.jsonl": "{}",
            "r.yml": Self.rule,
            "lone.cases.jsonl": "{}", "notes.txt": "x",
        ])
        #expect(await world.run("test", "p.yaml", "lone.cases.jsonl", "none", "notes.txt") == .notHeld)
        #expect(
            world.output.text.contains("p.yaml:3:1: a pipeline has no key “filtr” (did you mean “filter”?)"))
        #expect(
            world.output.text.contains(
                "lone.cases.jsonl:1:1: there is no rule or pipeline beside these cases"))
        #expect(world.output.text.contains("none:1:1: there is no such file or folder"))
        #expect(
            world.output.text.contains("notes.txt:1:1: this is no mapping, rule, pipeline or file of cases"))
        let empty = self.world(["d/notes.txt": "x"])
        #expect(await empty.run("test", "d") == .notHeld)
        #expect(empty.messages.text.contains("no cases were found"))
    }
}
