import Codecs
import Engine
import Pipeline
import Simulation
import Testing

@testable import martlet

/// The fault lab, as a user runs it.
@Suite struct ChaosTests {
    private static let examples = Assets.names(under: "pipelines/").filter {
        $0.hasSuffix(".yaml") && !$0.contains("/rules/")
    }

    /// What the examples' `${env:…}` stand for.
    private static let environment = [
        "CLOUDTRAIL_FOLDER": "/srv/cloudtrail", "MARTLET_OUT": "/srv/out", "AWS_REGION": "eu-central-1",
        "TRAIL_QUEUE": "https://sqs.eu-central-1.amazonaws.com/111122223333/trail",
        "HEC_URL": "https://siem.example.com:8088", "HEC_TOKEN": "secret",
        "WEBHOOK_URL": "https://hooks.example.com/martlet", "WEBHOOK_SECRET": "whsec_c2VjcmV0",
        "ENTRA_TENANT": "contoso.onmicrosoft.com", "ENTRA_CLIENT": "00000000-0000-0000-0000-0000000000c1",
        "ENTRA_SECRET": "s", "KAFKA_PASSWORD": "s",
        "EVENT_HUB":
            "Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=m;SharedAccessKey=c2VjcmV0",
        "AUDIT_SUBSCRIPTION": "projects/example/subscriptions/martlet",
        "AUDIT_ROLE": "arn:aws:iam::111122223333:role/martlet-audit",
    ]

    private static func world(_ files: [String: String] = [:]) -> CommandWorld {
        var files = files
        for name in examples { files["/" + name] = String(decoding: Assets.bytes(name) ?? [], as: UTF8.self) }
        return CommandWorld(environment: environment, files: files)
    }

    @Test("Every example pipeline holds through seeds of everything that fails", arguments: examples)
    func endures(name: String) async {
        let world = Self.world()
        let status = await world.run("chaos", "/" + name, "--seed", "11", "--seeds", "2", "--minutes", "6")
        #expect(status == .done, "\(world.messages.text)\(world.output.text)")
    }

    @Test("Every kind of exporter holds, and what is not as in the file is said")
    func everyExporter() async {
        let kinds = Set(ExporterConfig.kinds.map(\.tag))
        #expect(
            kinds.allSatisfy { EveryExporter.text.contains("to: \($0)") }, "one is missing in the lab's file")
        let world = Self.world()
        let status = await world.run("chaos", "--every-exporter", "--seed", "5", "--minutes", "4")
        #expect(status == .done, "\(world.messages.text)\(world.output.text)")
        for said in [
            "exporter http: OCSF is sent in place of ecs",
            "collector bucket: digests are not verified",
        ] {
            #expect(world.messages.text.contains(said))
        }
        // Events without the findings' own receivers, and the books below.
        for kind in kinds {
            #expect(world.output.text.contains(" \(kind) "), "\(kind) is not in the table")
        }
        #expect(world.output.text.contains("aws.cloudtrail"))
    }

    /// What the project promises: a SIEM, a lake of Parquet and a webhook.
    private static let promise = """
        name: promise
        collectors:
          trail: {from: s3, bucket: trail, region: eu-central-1, verify_digests: false, interval: 5m}
          audit: {from: api, feed: github.audit, parameters: {scope: orgs/acme}, auth: {kind: api_token, token: t}}
        exporters:
          siem: {to: elasticsearch, url: 'https://es.example.com', stream: logs-martlet-default, api_key: k}
          lake: {to: s3, bucket: lake, region: eu-central-1, format: parquet, batch: {age: 10m}}
          hook:
            to: http
            url: https://hooks.example.com/martlet
            hmac: {secret: whsec_c2VjcmV0, scheme: standard_webhooks}
        """

    @Test(
        "The SIEM down for a day, the machine killed a hundred times, the disk full once, the clock set: nothing is lost",
        arguments: [1])
    func promise(seed: Int) async throws {
        let world = Self.world(["/promise.yaml": Self.promise])
        let status = await world.run(
            "chaos", "/promise.yaml", "--seed", "\(seed)", "--minutes", "1560", "--crashes", "100", "--down",
            "siem", "--full-disks", "--clock", "--format", "json")
        #expect(status == .done, "\(world.messages.text)\(world.output.text)")
        let verdict = try JSONReader.document(in: Array(world.output.text.utf8), file: "verdict")
        #expect(verdict["crashes"]?.integer == 100)
        #expect((verdict["clock_jumps"]?.integer ?? 0) > 0 && (verdict["disk_faults"]?.integer ?? 0) > 0)
        let exporters = try #require(verdict["exporters"])
        for name in ["siem", "lake", "hook", "store"] {
            let line = try #require(exporters[name])
            #expect((line["expected"]?.integer ?? 0) > 500 && line["lost"]?.integer == 0)
            // Only a webhook cannot tell what it has.
            #expect(name == "hook" || line["repeated"]?.integer == 0)
            #expect((line["repeated"]?.integer ?? 0) <= (line["resent"]?.integer ?? 0))
        }
        #expect((exporters["siem"]?["faults"]?.integer ?? 0) > 0)
    }

    @Test("The seeds in which the event store once had events twice hold", arguments: [219, 386, 713, 851])
    func storedOnce(seed: Int) async {
        let world = Self.world()
        let status = await world.run(
            "chaos", "/pipelines/cloudtrail-to-splunk.yaml", "--seed", "\(seed)", "--minutes", "10")
        #expect(status == .done, "\(world.messages.text)\(world.output.text)")
    }

    @Test("What a receiver has that no run without faults would give it is told by what it is")
    func more() async throws {
        let files = SimulatedFiles(["/promise.yaml": Self.promise])
        let file = try await PipelineFile.read(["/promise.yaml"], environment: [:], files)[0]
        var outcome = FaultLab.Outcome()
        outcome.hasEnded = true
        outcome.taken = ["lake": ["a": 1, "b": 1, "c": 1, "d": 1, "e": 1]]
        outcome.findings = [
            "b": LabFinding(title: "Early", isTakenBack: true),
            "c": LabFinding(title: "Early", isTakenBack: true),
            "d": LabFinding(title: "Sound", isTakenBack: false),
        ]
        let verdict = LabVerdict(
            seed: 1, outcome, expected: ["lake": ["a": 1]], of: LabPipeline(file, try .builtIn()))
        #expect(verdict.holds && verdict.json.contains(#""taken":5,"more":4,"#))
        let lines = verdict.text.split(separator: "\n").filter { $0.contains("more than without faults") }
        #expect(lines.count == 3 && verdict.text.contains(" more "))
        #expect(lines.first?.hasPrefix("2 more") == true && lines.first?.contains("taken back") == true)
        #expect(lines.first?.hasSuffix("(2 “Early”)") == true)
        #expect(lines.dropFirst().first?.hasSuffix("findings (1 “Sound”)") == true)
        #expect(lines.last?.hasSuffix("faults (e)") == true)
    }

    @Test(
        "A receiver that loses what it has acknowledged is found, with the events and the way to see it again",
        arguments: ["siem": "cloudtrail-to-splunk", "webhook": "cloudtrail-api-to-webhook"])
    func lying(exporter: String, pipeline: String) async {
        let world = Self.world()
        let status = await world.run(
            "chaos", "/pipelines/\(pipeline).yaml", "--seed", "3", "--minutes", "8", "--lying", exporter)
        #expect(status == .notHeld)
        #expect(world.output.text.contains("\(exporter): lost "))
        #expect(world.output.text.contains("it was acknowledged, or never queued, and is not there"))
        #expect(world.messages.text.contains("Again: martlet chaos /pipelines/\(pipeline).yaml --seed 3"))
    }

    @Test("One seed gives one run, to the last number")
    func repeats() async {
        var texts: [String] = []
        for _ in 0..<2 {
            let world = Self.world()
            _ = await world.run(
                "chaos", "/pipelines/cloudtrail-to-splunk.yaml", "--seed", "9", "--minutes", "8", "--format",
                "json")
            texts.append(world.output.text)
        }
        #expect(texts[0] == texts[1] && texts[0].hasPrefix("{\"seed\":9,\"holds\":true,"))
    }

    @Test(
        "What it cannot do is said before anything is played",
        arguments: [
            (["--lying", "siam"], "the pipeline has no exporter “siam” (did you mean “siem”?)"),
            (["--minutes", "0"], "--minutes"),
        ])
    func refused(words: [String], message: String) async {
        let world = Self.world()
        let status = await Dispatch.run(
            ["chaos", "/pipelines/cloudtrail-to-splunk.yaml"] + words, in: world.context)
        #expect(status == .usage)
        #expect(world.messages.text.contains(message), "\(world.messages.text)")
    }

    @Test("Files acknowledge nothing, so they cannot lie")
    func files() async {
        let world = Self.world()
        let status = await world.run("chaos", "/pipelines/cloudtrail-files.yaml", "--lying", "events")
        #expect(status == .usage && world.messages.text.contains("events writes files"))
    }
}
