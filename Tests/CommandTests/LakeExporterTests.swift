import Codecs
import Engine
import Foundation
import Platform
import Ports
import Simulation
import Testing

/// Events written to a bucket as a pipeline runs, and compared with the ledger afterwards.
@Suite(.enabled(if: Program.isBuilt, "needs the built program"))
struct LakeExporterTests {
    private func pipeline(_ program: Program, _ endpoint: String) throws {
        try program.write(
            """
            name: p
            state: state
            rules: []
            store: {enabled: false}
            collectors: {in: {from: files, feed: aws.cloudtrail, paths: logs}}
            exporters:
              lines: {to: s3, bucket: lake, prefix: martlet, region: us-east-1, endpoint: "\(endpoint)", compression: gzip}
              columns: {to: s3, bucket: lake, prefix: martlet, region: us-east-1, endpoint: "\(endpoint)", format: parquet}

            """, to: "p.yaml")
    }

    private static let keys = [
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "us-east-1",
    ]

    private func serve(_ store: ObjectStore) throws -> HTTPServer {
        let clock = SystemClock()
        var options = HTTPServer.Options()
        options.address = "127.0.0.1"
        return try HTTPServer(options) { request in store.answer(request, at: clock.now) }
    }

    @Test("Every event is in an object once, by day; the ledger says so, and says what is missing")
    func objects() async throws {
        let store = ObjectStore(buckets: ["lake"])
        let server = try serve(store)
        let program = try Program()
        try pipeline(program, server.url)
        for count in [60, 90] {
            try program.write(StoreCommandTests.records(count), to: "logs/\(count).json")
            let ran = try await program.run("run", "./p.yaml", "--once", environment: Self.keys)
            #expect(ran.status == 0, "\(ran.messages)")
        }
        let keys = store.keys(in: "lake")
        var uids: [String: Int] = [:]
        for key in keys where key.contains("/p-lines-") {
            let text = try Inflater.inflate(store.bytes(of: key, in: "lake") ?? [], bytesMax: 1 << 24)
            for line in text.split(separator: UInt8(ascii: "\n")) {
                let event = try JSONReader.document(in: Array(line), file: key)
                uids[event["metadata"]?["uid"]?.string ?? "", default: 0] += 1
                let day = Timestamp(milliseconds: event["time"]?.integer ?? 0).iso8601.prefix(10)
                #expect(key.contains("/day=\(day)/"))
            }
        }
        #expect(uids.count == 90 && uids.values.allSatisfy { $0 == 1 })
        let columns = keys.filter { $0.contains("/p-columns-") }
        #expect(columns.count >= 4 && columns.allSatisfy { $0.hasSuffix(".parquet") })
        for key in columns {
            let bytes = store.bytes(of: key, in: "lake") ?? []
            #expect(bytes.starts(with: "PAR1".utf8) && bytes.suffix(4).elementsEqual("PAR1".utf8))
        }

        // The endpoint is in the pipeline's file.
        let environment = Self.keys
        let whole = try await program.run(
            "ledger", "--verify", "s3://lake/martlet", "./p.yaml", environment: environment)
        #expect(whole.status == 0, "\(whole.messages) \(whole.output)")
        #expect(
            whole.lines.count == 2 && whole.lines.allSatisfy { $0.hasSuffix("complete") }, "\(whole.output)")
        store.remove(try #require(columns.first), from: "lake")
        let torn = try await program.run(
            "ledger", "--verify", "s3://lake/martlet", "./p.yaml", environment: environment)
        #expect(torn.status == 1 && torn.output.contains("NOT COMPLETE"), "\(torn.output)")
        #expect(torn.output.contains("p lines: ") && torn.output.contains("missing"), "\(torn.output)")
        // A lake that has nothing of an exporter is not complete either.
        for key in columns { store.remove(key, from: "lake") }
        let emptied = try await program.run(
            "ledger", "--verify", "s3://lake/martlet", "./p.yaml", environment: environment)
        #expect(emptied.status == 1, "\(emptied.output)")
        #expect(emptied.output.contains("0 in 0 objects, 0 refused: NOT COMPLETE"), "\(emptied.output)")
        await server.stop()
    }

    @Test(
        "Moto takes what we sign, and refuses who may not write",
        .enabled(if: MotoServer.isInstalled, "needs scripts/bootstrap --with judges"))
    func moto() async throws {
        let moto = try MotoServer()
        let program = try Program()
        let writer = moto.environment(of: "exporter")
        let endpoint = try #require(writer["AWS_ENDPOINT_URL"] ?? writer["AWS_ENDPOINT_URL_S3"])
        try pipeline(program, endpoint)
        try program.write(StoreCommandTests.records(60), to: "logs/60.json")
        let denied = try await program.run(
            "run", "./p.yaml", "--once", "--patience", "1s", environment: moto.environment(of: "reader"))
        #expect(denied.status == 1 && denied.messages.contains("s3:PutObject"), "\(denied.messages)")
        let ran = try await program.run("run", "./p.yaml", "--once", environment: writer)
        #expect(ran.status == 0, "\(ran.messages)")
        let verified = try await program.run(
            "ledger", "--verify", "s3://lake/martlet", "./p.yaml",
            environment: moto.environment(of: "reader"))
        #expect(verified.status == 0 && verified.lines.count == 2, "\(verified.output)\(verified.messages)")
    }

    @Test("The kinds of exporters are listed with what counts as accepted")
    func kinds() async throws {
        let program = try Program()
        let json = try await program.run("exporters", "--format", "json")
        let names = try json.lines.map {
            try JSONReader.document(in: Array($0.utf8), file: "x")["to"]?.string ?? ""
        }
        #expect(
            names == names.sorted() && Set(["s3", "elasticsearch", "loki", "syslog"]).isSubset(of: names))
        let table = try await program.run("exporters")
        #expect(table.output.contains("sentinel") && table.output.contains("status 204"), "\(table.output)")
    }
}
