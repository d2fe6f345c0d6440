import Codecs
import Credentials
import Engine
import Exporters
import Ports
import Testing

@testable import Pipeline

/// Files that exist only in a test.
struct ScriptedFiles: FileReader {
    var files: [String: String]

    func entry(at path: String) async throws(Fault) -> FileEntry? {
        files[path].map { FileEntry(path: path, kind: .file, size: Int64($0.utf8.count)) }
    }
    func entries(of folder: String) async throws(Fault) -> [FileEntry] {
        files.keys.filter { Paths.folder(of: $0) == folder }.sorted().map { FileEntry(path: $0, kind: .file) }
    }
    func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] {
        guard let text = files[path] else { throw Fault(.rejected(rows: []), "\(path): no such file") }
        return Array(text.utf8.dropFirst(Int(range.lowerBound)).prefix(range.count))
    }
}

@Suite struct PipelineConfigTests {
    static let whole = """
        name: cloudtrail-to-splunk
        collectors:
          org-trail:
            feed: aws.cloudtrail
            from: s3_sqs
            queue: https://sqs.eu-central-1.amazonaws.com/111122223333/trail
            region: eu-central-1
            role_arn: arn:aws:iam::111122223333:role/reader
            endpoints: {sqs: http://127.0.0.1:5000}
          folder: {from: files, paths: [logs]}
        filter:
          - drop: {api.service.name: kms.amazonaws.com, api.operation: [Decrypt, Encrypt]}
        exporters:
          siem:
            to: splunk_hec
            url: https://siem.example.com:8088
            token: ${file:secrets/hec}
            index: ${env:INDEX}-main
            batch: {rows: 500, bytes: 512KiB, age: 2s}
            receives: [findings]
            tls: {ca_file: /etc/ca.pem}
        """

    func read(_ text: String, environment: [String: String] = [:], files: [String: String] = [:]) async throws
        -> PipelineFile
    {
        var all = files
        all["/etc/martlet/p.yaml"] = text
        return try await PipelineFile.read(
            ["/etc/martlet/p.yaml"], shownAs: ["p.yaml"], environment: environment, ScriptedFiles(files: all))[
                0]
    }

    func problems(_ text: String) async -> [String] {
        do {
            _ = try await read(text)
            return []
        } catch let problems as Problems {
            return problems.list.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    @Test("A whole file becomes typed values, with references filled in and defaults elsewhere")
    func decoding() async throws {
        let config = try await read(
            Self.whole, environment: ["INDEX": "cloud"], files: ["/etc/martlet/secrets/hec": "s3cret\n"]
        ).config
        #expect(config.name.value == "cloudtrail-to-splunk")
        #expect(config.collectors.entries.map(\.name) == ["org-trail", "folder"])
        guard case .queue(let queue) = config.collectors.entries[0].value,
            case .files(let files) = config.collectors.entries[1].value,
            case .splunkHEC(let siem) = config.exporters.entries[0].value
        else {
            Issue.record("other kinds than written")
            return
        }
        #expect(queue.aws.roleARN == "arn:aws:iam::111122223333:role/reader")
        #expect(queue.aws.awsEndpoints.overrides == ["sqs": "http://127.0.0.1:5000"])
        #expect(queue.visibility == .minutes(5))
        #expect(files.feed.value == "auto")
        #expect(siem.token.revealed == "s3cret")
        #expect(siem.index == "cloud-main")
        #expect(siem.delivery.batch.rows == 500 && siem.delivery.batch.bytes?.bytes == 512 << 10)
        #expect(siem.delivery.receives == [.findings])
        #expect(siem.connection.tls.caFile == "/etc/ca.pem")
        #expect(config.filter[0].drop.all.map(\.values) == [["kms.amazonaws.com"], ["Decrypt", "Encrypt"]])
    }

    @Test("How many go at once is for the user to bound, and not where the order is kept")
    func concurrency() async throws {
        func file(_ exporter: String) -> String {
            "name: p\ncollectors: {c: {from: files, paths: x}}\nexporters:\n  e: {\(exporter)}\n"
        }
        let http = "to: http, url: 'https://a.example.com', concurrency: "
        let config = try await read(file(http + "16")).config
        #expect(ExporterAssembly.limits(config.exporters.entries[0].value).concurrency == 16)
        #expect(await problems(file(http + "65")).contains { $0.contains("must be from 1 to 64") })
        for ordered in [
            "to: kafka, brokers: 'k.example.com:9093', topic: t", "to: file, path: x",
            "to: syslog, address: 'logs.example.com:6514'",
            "to: email, server: 'smtp.example.com:587', from: m@example.com, recipients: a@example.com",
        ] {
            let one = try await read(file(ordered + ", concurrency: 1")).config
            #expect(ExporterAssembly.limits(one.exporters.entries[0].value).concurrency == 1)
            #expect(
                await problems(file(ordered + ", concurrency: 2")).contains {
                    $0.contains("sends one batch after the other, in order")
                })
        }
    }

    @Test("Secrets never print")
    func secrets() async throws {
        let config = try await read(
            Self.whole, environment: ["INDEX": "x"], files: ["/etc/martlet/secrets/hec": "s3cret"]
        ).config
        var dumped = ""
        dump(config, to: &dumped)
        #expect(!dumped.contains("s3cret") && !"\(config)".contains("s3cret"))
    }

    @Test("All that is wrong is said at once, each with its place and the nearest valid name")
    func allProblems() async {
        let found = await problems(
            """
            name: a b
            collector: {}
            collectors:
              one: {from: s3_sqs, queue: not-a-url, region: eu-central-1, visibilty: 5m}
              two: {from: file, paths: x}
              three: {from: files, paths: x, interval: soon}
            exporters:
              siem: {to: splunk_hec, url: http://siem.example.com:8088, token: "${env:HEC_TOKN}"}
              out: {to: http, url: https://a.example.com, batch: {rows: many}}
            """)
        #expect(found.contains { $0.hasPrefix("p.yaml:1:7: ") && $0.contains("cannot be a name") })
        #expect(found.contains { $0.hasPrefix("p.yaml:2:1: ") && $0.contains("did you mean “collectors”?") })
        #expect(found.contains { $0.hasPrefix("p.yaml:4:30: ") && $0.contains("a URL is needed here") })
        #expect(found.contains { $0.contains("“visibilty”") && $0.contains("did you mean “visibility”?") })
        #expect(found.contains { $0.hasPrefix("p.yaml:5:15: ") && $0.contains("did you mean “files”?") })
        #expect(found.contains { $0.hasPrefix("p.yaml:6:44: ") && $0.contains("a duration is needed here") })
        #expect(found.contains { $0.contains("HEC_TOKN is not set") })
        #expect(found.contains { $0.contains("a whole number from 0 is needed here") })
        #expect(found.count == 8)
    }

    @Test("Plain HTTP is for this machine, unless the file says otherwise")
    func plainHTTP() async {
        func file(_ url: String, _ more: String = "") -> String {
            """
            name: p
            collectors: {in: {from: files, paths: x}}
            exporters: {out: {to: http, url: "\(url)"\(more)}}
            """
        }
        for loopback in [
            "http://127.0.0.1:1/x", "http://localhost/", "http://[::1]:8088", "http://127.9.9.9",
        ] {
            #expect(await problems(file(loopback)) == [])
        }
        for other in [
            "http://siem.example.com", "http://127.0.0.1.example.com", "http://10.0.0.1", "http://[::2]/",
        ] {
            #expect(await problems(file(other)).count == 1)
            #expect(await problems(file(other, ", allow_insecure: true")) == [])
        }
        #expect(await problems(file("https://user:pass@siem.example.com")).count == 1)
        #expect(await problems(file("ftp://siem.example.com")).count == 1)
    }

    @Test("A webhook is signed in either form, and Standard Webhooks names its own headers")
    func signatures() async throws {
        func file(_ hmac: String) -> String {
            """
            name: p
            collectors: {in: {from: files, paths: x}}
            exporters: {out: {to: http, url: "https://a.example.com", hmac: {secret: s\(hmac)}}}
            """
        }
        for (hmac, scheme) in [
            ("", SignatureScheme.sha256), (", scheme: sha256, header: X-Mine", .sha256),
            (", scheme: standard_webhooks", .standardWebhooks),
        ] {
            let config = try await read(file(hmac)).config
            guard case .http(let http) = config.exporters.entries[0].value else { return }
            #expect(http.hmac?.scheme == scheme)
        }
        #expect(await problems(file(", scheme: standard_webhook")).count == 1)
        let named = await problems(file(", scheme: standard_webhooks, header: X-Mine"))
        #expect(named.count == 1 && named[0].contains("names its own headers"))
    }

    @Test("A name given to two pipelines, a missing file and a missing part are refused")
    func structure() async {
        let text =
            "name: p\ncollectors: {in: {from: files, paths: x}}\nexporters: {out: {to: file, path: y}}\n"
        let files = ScriptedFiles(files: ["/a.yaml": text, "/b.yaml": text])
        await #expect {
            _ = try await PipelineFile.read(["/a.yaml", "/b.yaml", "/c.yaml"], environment: [:], files)
        } throws: { error in
            let list = (error as? Problems)?.list ?? []
            return list.count == 2 && list[0].message.contains("/c.yaml")
                && list[1].message.contains("already in")
        }
        #expect(await problems("name: p\n").count == 1)
        let kept = "name: p\ncollectors: {in: {from: files, paths: x}}\n"
        #expect(await problems(kept) == [])
        let none = kept + "store: {enabled: false}\n"
        #expect(await problems(none).contains { $0.contains("without a store") })
        let named = kept + "exporters: {store: {to: file, path: y}}\n"
        #expect(await problems(named).contains { $0.contains("is the event store's") })
        #expect(await problems("name: p\nname: q\n").contains { $0.contains("p.yaml:2:1") })
        #expect(await problems("- 1\n").count == 1)
        #expect(await problems("").count == 1)
    }

    @Test("Decoding never traps, whatever stands where", arguments: 0..<400)
    func hostile(cut: Int) async {
        let bytes = Array(Self.whole.utf8)
        let position = cut * bytes.count / 400
        var damaged = bytes
        damaged[position] = [0x5B, 0x7B, 0x3A, 0x24, 0x0A][cut % 5]
        _ = await problems(String(decoding: bytes[..<position], as: UTF8.self))
        _ = await problems(String(decoding: damaged, as: UTF8.self))
    }
}
