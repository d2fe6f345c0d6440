import Codecs
import Engine
import Ports
import Simulation
import Testing

@testable import martlet

/// What the demo takes of a user's folder, and what it leaves out by name.
@Suite struct DemoInputTests {
    private static let record =
        #"{"eventVersion":"1.08","userIdentity":{"type":"Root"},"eventTime":"2026-03-02T09:15:00Z","#
        + #""eventSource":"s3.amazonaws.com","eventName":"ListBuckets","eventID":"e1"}"#

    private static func survey(_ files: SimulatedFiles, except own: String = "/elsewhere/martlet-demo")
        async throws
        -> DemoInput
    {
        try await DemoInput.survey("/logs", except: own, files) { _ in }
    }

    @Test("CloudTrail is known in every layout, packed or not; a folder of nothing else is taken as a whole")
    func layouts() async throws {
        let files = SimulatedFiles([
            "/logs/a/file.json": "{\"Records\":[\(Self.record)]}",
            "/logs/a/lines.ndjson": "\(Self.record)\n\(Self.record)\n",
            "/logs/b/pretty.json": "\n{\n  \"Records\": [\n    \(Self.record)\n  ]\n}",
            "/logs/b/none.json": #"{"Records":[]}"#,
            "/logs/b/empty.json": "",
            "/logs/c/lookup.json":
                #"{"Events":[{"EventId":"e1","CloudTrailEvent":"{\"eventName\":\"ListBuckets\"}"}]}"#,
            "/logs/c/insight.json":
                #"{"Records":[{"eventType":"AwsCloudTrailInsight","insightDetails":{"state":"Start"}}]}"#,
        ])
        var packed: [UInt8] = []
        var compressor = Compressor(.gzipFast)
        compressor.pack(Array("{\"Records\":[\(Self.record)]}".utf8), into: &packed)
        files["/logs/c/packed"] = packed
        let input = try await Self.survey(files)
        #expect(input.paths == ["/logs"])
        #expect(input.files == 8 && input.skipped.isEmpty && input.unreadable.isEmpty)
    }

    @Test("What is no CloudTrail is named with the reason, and the folders without it stay whole")
    func others() async throws {
        let files = SimulatedFiles([
            "/logs/AWSLogs/1/x.json": "{\"Records\":[\(Self.record)]}",
            "/logs/AWSLogs/2/x.json": Self.record,
            "/logs/.git/config": "[core]",
            "/logs/LICENSE": "MIT License\n",
            "/logs/labels.json": #"{"note":"mine","techniques":[{"event_ids":["e1"]}]}"#,
            "/logs/mixed/a.json": Self.record,
            "/logs/mixed/digest.json": #"{"awsAccountId":"1","digestStartTime":"2026-03-02T09:15:00Z"}"#,
        ])
        files["/logs/picture.png"] = [0x89, 0x50, 0x4E, 0x47, 0, 0, 0, 1]
        let input = try await Self.survey(files)
        #expect(input.paths == ["/logs/AWSLogs", "/logs/mixed/a.json"])
        #expect(
            input.skipped == [
                .init(path: "/logs/LICENSE", reason: "text, not JSON"),
                .init(path: "/logs/labels.json", reason: "JSON without CloudTrail records"),
                .init(
                    path: "/logs/mixed/digest.json",
                    reason: "a CloudTrail digest: it signs log files and holds no records"),
                .init(path: "/logs/picture.png", reason: "neither JSON nor text"),
            ])
    }

    @Test("Broken CloudTrail is left to the pipeline to refuse; what cannot be opened is told")
    func broken() async throws {
        let files = SimulatedFiles([
            "/logs/cut.json": String("{\"Records\":[\(Self.record)".prefix(90)),
            "/logs/1_CloudTrail_us-east-1_20260302T0915Z_x.json.gz": "nonsense",
            "/logs/secret.json": Self.record,
            "/logs/closed/x.json": Self.record,
        ])
        files["/logs/torn.gz"] = [0x1F, 0x8B, 8, 0, 0xFF, 0xFF]
        files.forbid(file: "/logs/secret.json")
        files.forbid(folder: "/logs/closed")
        let input = try await Self.survey(files)
        #expect(
            input.paths == [
                "/logs/1_CloudTrail_us-east-1_20260302T0915Z_x.json.gz", "/logs/cut.json", "/logs/torn.gz",
            ])
        #expect(input.skipped.isEmpty)
        #expect(input.unreadable.map(\.path) == ["/logs/closed", "/logs/secret.json"])
    }

    @Test("The demo's own folder inside the user's is not read, whether it is there yet or not")
    func ownFolder() async throws {
        let files = SimulatedFiles(["/logs/a.json": Self.record, "/logs/b/c.json": Self.record])
        #expect(
            try await Self.survey(files, except: "/logs/martlet-demo").paths == ["/logs/a.json", "/logs/b"])
        files["/logs/martlet-demo/cloudtrail/x.json"] = Array(Self.record.utf8)
        #expect(
            try await Self.survey(files, except: "/logs/martlet-demo").paths == ["/logs/a.json", "/logs/b"])
    }
}
