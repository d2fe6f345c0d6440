import Engine
import Foundation
import Pipeline
import Platform
import Ports
import Simulation
import Testing

@testable import martlet

/// The demo and the generator on the real doors: loopback servers, curl, files.
@Suite struct DemoTests {
    private static func context(
        _ output: WrittenBytes, _ messages: WrittenBytes = WrittenBytes(),
        stoppedBy stops: AsyncStream<StopSignals.Kind> = AsyncStream { _ in }
    ) -> CommandContext {
        var context = RealContext.make(stoppedBy: stops)
        context.output = Output { output.append($0) }
        context.messages = Output(isLineBuffered: true) { messages.append($0) }
        context.outputIsTerminal = false
        context.messagesAreTerminal = false
        return context
    }

    private static var week: SyntheticTrail.Options {
        var options = SyntheticTrail.Options()
        options.seed = 11
        options.days = 1
        options.identities = 10
        options.mebibytes = 1
        return Demo.lately(options, before: SystemClock().now)
    }

    /// A folder of its own for a test, gone after it.
    private static func inFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "demo-\(UUID().uuidString)"
        ).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private static func write(_ text: String, to path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    /// Runs the demo over a user's files.
    private static func run(over input: String, in folder: String) async throws -> (
        status: martlet.ExitStatus, text: String
    ) {
        let output = WrittenBytes()
        let demo = Demo(
            folder: folder, input: input, week: week, isServing: false, context: context(output))
        return (try await demo.run(), output.text)
    }

    /// How many storylines the summary says were found.
    private static func found(in summary: String) throws -> Int {
        let line = try #require(summary.split(separator: "\n").first { $0.contains(" storylines found.") })
        return try #require(Int(line.split(separator: " ")[0]))
    }

    @Test(
        "A generated day goes through store, queue, pipeline and receiver, and is accounted for to the last record"
    )
    func generated() async throws {
        try await Self.inFolder { folder in
            var trail = SyntheticTrail(Self.week)
            var account = (folder: "", records: 0)
            var feeds = SyntheticFeeds(seed: Self.week.seed, identities: Self.week.identities)
            while let file = trail.next() {
                for moment in trail.takeMoments() { feeds.play(moment) }
                let parts = file.key.split(separator: "/")
                guard parts[2] == "888899990000" else { continue }
                account.folder = parts[1...2].joined(separator: "/")
                account.records += file.records
            }
            for moment in trail.takeMoments() { feeds.play(moment) }
            let unique = trail.recordsWritten
            let inventory = SyntheticInventory(
                seed: Self.week.seed, identities: Self.week.identities, at: Self.week.start)
            let all = unique + feeds.records + inventory.file.records

            let (stops, stopping) = AsyncStream.makeStream(of: StopSignals.Kind.self)
            let (output, messages) = (WrittenBytes(), WrittenBytes())
            let demo = Demo(
                folder: "\(folder)/a", input: nil, week: Self.week, isServing: true,
                context: Self.context(output, messages, stoppedBy: stops))
            let running = Task { try await demo.run() }
            for _ in 0..<3_000 where !messages.text.contains("Splunk HEC   http://") {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(messages.text.contains("The servers stay up until Ctrl-C"))
            var other = Self.context(WrittenBytes())
            other.surroundings.environment = [
                "AWS_ACCESS_KEY_ID": DemoLoopback.accessKey, "AWS_SECRET_ACCESS_KEY": DemoLoopback.secretKey,
            ]
            let again = ["run", "--once", "--state", "\(folder)/again", "\(folder)/a/pipeline.yaml"]
            #expect(await Dispatch.run(again, in: other) == .done)
            let report = WrittenBytes()
            let rows = ["ledger", "--state", "\(folder)/again", "--format", "json"]
            #expect(await Dispatch.run(rows, in: Self.context(report)) == .done)
            #expect(try Self.events(in: report.text) == unique)
            stopping.yield(.interrupt)
            #expect(try await running.value == .done)
            #expect(output.text.contains("It balances."))
            #expect(output.text.contains("+ \(grouped(unique)) events"))
            #expect(output.text.contains("Received   \(grouped(all)) events"))
            #expect(output.text.contains("Attacks hidden in it  12 storylines"))
            #expect(try Self.found(in: output.text) >= 9)
            #expect(!output.text.contains("\u{1B}"))
            try await Self.tellsOfAccess(in: "\(folder)/a/state")

            // An account of it, now as somebody's folder, with what lies beside logs in folders.
            let logs = "\(folder)/a/cloudtrail/AWSLogs/\(account.folder)"
            try Self.write("MIT License\n\nCopyright\n", to: "\(logs)/LICENSE")
            try Self.write(#"{"note":"mine","list":[1,2]}"#, to: "\(logs)/labels.json")
            let own = try await Self.run(over: logs, in: "\(folder)/b")
            #expect(own.status == .done)
            #expect(own.text.contains("Collected  \(grouped(account.records)) records"))
            #expect(!own.text.contains("Attacks hidden"))
            #expect(own.text.contains("Skipped, not CloudTrail  2 files"))
            #expect(own.text.contains("LICENSE: text, not JSON"))
            #expect(own.text.contains("labels.json: JSON without CloudTrail records"))
        }
    }

    /// What an attack gave itself stands above what the week's releases gave, with what it allows by the snapshot.
    private static func tellsOfAccess(in state: String) async throws {
        let report = WrittenBytes()
        #expect(
            await Dispatch.run(["drift", "--state", state, "--format", "md"], in: context(report)) == .done)
        let text = report.text
        let attack = try #require(
            text.range(of: "**user/ops-legacy** (AWS 555566667777): it was put into administrators"))
        #expect(
            text[attack.upperBound...].hasPrefix(" (widened: permissions)\n  - user/ops-legacy can now do ")
        )
        let routine = try #require(text.range(of: "changes that give no power over access:"))
        #expect(attack.lowerBound < routine.lowerBound)
        #expect(!text.contains("No snapshot was read"))
    }

    @Test("Broken CloudTrail among whole files is refused with its reason, and the status says so")
    func broken() async throws {
        try await Self.inFolder { folder in
            let record = """
                {"eventVersion":"1.08","eventTime":"2026-03-02T09:15:00Z","eventSource":"s3.amazonaws.com",\
                "eventName":"ListBuckets","eventID":"00000000-0000-4000-8000-000000000001","awsRegion":"us-east-1"}
                """
            try Self.write("{\"Records\":[\(record)]}", to: "\(folder)/logs/whole.json")
            try Self.write("{\"Records\":[\(record.prefix(120))", to: "\(folder)/logs/cut.json")
            let name = "1_CloudTrail_us-east-1_20260302T0915Z_x.json.gz"
            try Self.write("\u{1F}\u{8B}", to: "\(folder)/logs/\(name)")
            let (status, text) = try await Self.run(over: "\(folder)/logs", in: "\(folder)/demo")
            #expect(status == .refused)
            #expect(text.contains("Refused  2 "))
            #expect(text.contains("cut.json"))
            #expect(text.contains("deadletter list"))
            #expect(text.contains("It balances."))
        }
    }

    @Test("A folder without CloudTrail says so, names what stands there, and leaves an earlier demo alone")
    func nothing() async throws {
        try await Self.inFolder { folder in
            try Self.write("hello", to: "\(folder)/docs/README.md")
            try Self.write("name: demo\n", to: "\(folder)/demo/pipeline.yaml")
            await #expect(throws: CommandFailure.self) {
                try await Self.run(over: "\(folder)/docs", in: "\(folder)/demo")
            }
            #expect(FileManager.default.fileExists(atPath: "\(folder)/demo/pipeline.yaml"))
        }
    }

    @Test("A folder that holds anything but a demo is left as it is")
    func foreignFolder() async throws {
        try await Self.inFolder { folder in
            try Self.write("precious", to: "\(folder)/notes.txt")
            let demo = Demo(
                folder: folder, input: nil, week: Self.week, isServing: false,
                context: Self.context(WrittenBytes()))
            await #expect(throws: CommandFailure.self) { try await demo.run() }
            #expect(try String(contentsOfFile: "\(folder)/notes.txt", encoding: .utf8) == "precious")
        }
    }

    @Test("generate writes the same bytes for the same seed, and every record of them becomes an event")
    func generate() async throws {
        try await Self.inFolder { folder in
            let messages = WrittenBytes()
            let options = ["--seed", "5", "--days", "1", "--identities", "10", "--mib", "2"]
            for name in ["a", "b"] {
                let status = await Dispatch.run(
                    ["generate", "--out", "\(folder)/\(name)"] + options,
                    in: Self.context(WrittenBytes(), messages))
                #expect(status == .done, "\(messages.text)")
            }
            let first = try Self.contents(of: "\(folder)/a")
            #expect(first == (try Self.contents(of: "\(folder)/b")))
            #expect(first.keys.contains("labels.jsonl"))

            let events = WrittenBytes()
            let status = await Dispatch.run(
                [
                    "normalize", "--feed", "aws.cloudtrail", "--rejects", "\(folder)/rejects.ndjson",
                    "\(folder)/a/cloudtrail",
                ],
                in: Self.context(events, messages))
            #expect(status == .done, "\(messages.text)")
            var options2 = SyntheticTrail.Options()
            (options2.seed, options2.days, options2.identities, options2.mebibytes) = (5, 1, 10, 2)
            var trail = SyntheticTrail(options2)
            var records = 0
            while let file = trail.next() { records += file.records }
            #expect(events.text.split(separator: "\n").count == records)
        }
    }

    /// Events of a ledger's rows of CloudTrail.
    private static func events(in ledger: String) throws -> Int {
        try ledger.split(separator: "\n").reduce(0) { sum, line in
            let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let isTrail = row?["feed"] as? String == "aws.cloudtrail"
            return sum + (isTrail ? row?["events"] as? Int ?? 0 : 0)
        }
    }

    /// Every file under a folder, by its path from there.
    private static func contents(of folder: String) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            let url = URL(fileURLWithPath: "\(folder)/\(path)")
            if let isFile = try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile, isFile {
                contents[path] = try Data(contentsOf: url)
            }
        }
        return contents
    }
}
