import Codecs
import Engine
import Foundation
import Platform
import Ports
import Testing

/// A store copied to a folder and to S3, asked there, and taken back.
@Suite(.enabled(if: Program.isBuilt, "needs the built program"))
struct StoreLakeTests {
    private func filled(_ count: Int = 60) async throws -> Program {
        let program = try Program()
        try program.write(
            """
            name: p
            state: state
            collectors: {in: {from: files, feed: aws.cloudtrail, paths: logs}}

            """, to: "p.yaml")
        try await add(count, to: program)
        return program
    }

    private func add(_ count: Int, to program: Program) async throws {
        try program.write(StoreCommandTests.records(count), to: "logs/\(count).json")
        let ran = try await program.run("run", "./p.yaml", "--once")
        #expect(ran.status == 0, "\(ran.messages)")
    }

    private func files(_ program: Program, _ folder: String) -> [String] {
        (FileManager.default.enumerator(atPath: "\(program.folder)/\(folder)")?.compactMap { $0 as? String }
            ?? [])
            .filter { $0.hasSuffix(".parquet") }.sorted()
    }

    private func uids(_ ran: Program.Ran) throws -> [String] {
        try ran.lines.map { line in
            try #require(
                JSONReader.document(in: Array(line.utf8), file: "x")["metadata"]?["uid"]?.string)
        }
    }

    @Test("An export to a folder has every row once, however often it is run and whatever was merged since")
    func folder() async throws {
        let program = try await filled()
        let first = try await program.run("store", "export", "--state", "./state", "./lake")
        #expect(first.status == 0 && first.messages.contains("exported 3 segments"), "\(first.messages)")
        let names = files(program, "lake")
        #expect(names.count == 3 && names.allSatisfy { $0.contains("-") }, "\(names)")
        let again = try await program.run("store", "export", "--state", "./state", "./lake")
        #expect(again.status == 0 && again.messages.contains("exported 0 segments"), "\(again.messages)")
        #expect(files(program, "lake") == names)

        try await add(90, to: program)
        #expect(try await program.run("store", "export", "--state", "./state", "./lake").status == 0)
        #expect(try await program.run("store", "compact", "--state", "./state").status == 0)
        let merged = try await program.run("store", "export", "--state", "./state", "./lake")
        #expect(merged.status == 0 && merged.messages.contains("were replaced"), "\(merged.messages)")
        #expect(files(program, "lake").count == files(program, "state/p/store").count)

        let own = try await program.run("query", "--state", "./state")
        let copy = try await program.run("query", "--lake", "./lake")
        #expect(own.lines.count == 90 && copy.output == own.output)
        #expect(try await program.run("query", "--store", "./lake").output == own.output)
        #expect(try await program.run("store", "verify", "--store", "./lake").status == 0)

        // Back into a store of its own, twice, and into the one that it came from.
        for _ in 0..<2 {
            let taken = try await program.run("store", "import", "./lake", "--store", "./case")
            #expect(taken.status == 0, "\(taken.messages)")
            #expect(try await program.run("query", "--store", "./case").output == own.output)
            #expect(try await program.run("store", "compact", "--store", "./case").status == 0)
        }
        let home = try await program.run("store", "import", "./lake", "--state", "./state")
        #expect(home.status == 0 && home.messages.contains("imported 0 segments"), "\(home.messages)")
        // What an import merged is not exported again beside what it was merged of.
        let back = try await program.run("store", "export", "--store", "./case", "./lake")
        #expect(back.status == 0)
        #expect(try await program.run("query", "--lake", "./lake").output == own.output, "\(back.messages)")
    }

    @Test("A damaged segment is not taken in, and a lake from a newer version is refused")
    func damaged() async throws {
        let program = try await filled(40)
        #expect(try await program.run("store", "export", "--state", "./state", "./lake").status == 0)
        let name = "lake/\(try #require(files(program, "lake").first { $0.hasPrefix("events") }))"
        var bytes = try [UInt8](Data(contentsOf: URL(filePath: "\(program.folder)/\(name)")))
        bytes[bytes.count / 3] ^= 16
        try program.write(bytes, to: name)
        let taken = try await program.run("store", "import", "./lake", "--store", "./case")
        #expect(taken.status == 3 && taken.messages.contains("events/day="), "\(taken.messages)")
        #expect(try await program.run("store", "verify", "--store", "./case").status == 0)
        let json = Array(#"{"v":9,"id":"a","next":1,"batches":[],"segments":0}"#.utf8)
        try program.write(
            Array("\(String(CRC32C.of(json), radix: 16)) ".utf8) + json + [10],
            to: "newer/catalog/00000001.log")
        let newer = try await program.run("query", "--lake", "./newer")
        #expect(newer.status == 1 && newer.messages.contains("use the newer martlet"), "\(newer.messages)")
        let nowhere = try await program.run("query", "--lake", "gs://bucket/x")
        #expect(nowhere.status != 0 && nowhere.messages.contains("s3://BUCKET/PREFIX"), "\(nowhere.messages)")
    }

    @Test(
        "A lake in S3 is written once, asked through a bounded cache, and refuses whom IAM refuses",
        .enabled(if: MotoServer.isInstalled, "needs scripts/bootstrap --with judges"))
    func bucket() async throws {
        let moto = try MotoServer()
        let program = try await filled()
        let writer = moto.environment(of: "exporter")
        let reader = moto.environment(of: "reader").merging(["MARTLET_DUCKDB": DuckDB.path ?? ""]) { $1 }
        func export(_ environment: [String: String]) async throws -> Program.Ran {
            try await program.run(
                "store", "export", "--state", "./state", "s3://lake/martlet", environment: environment)
        }
        let denied = try await export(moto.environment(of: "reader"))
        #expect(denied.status == 1 && denied.messages.contains("s3:PutObject"), "\(denied.messages)")
        let stranger = try await program.run(
            "query", "--lake", "s3://lake/martlet", environment: moto.environment(of: "stranger"))
        #expect(stranger.status == 1 && stranger.messages.contains("s3:ListBucket"), "\(stranger.messages)")
        let nothing = try await program.run("query", "--lake", "s3://lake/martlet", environment: reader)
        #expect(nothing.status == 1 && nothing.messages.contains("store export"), "\(nothing.messages)")

        let first = try await export(writer)
        #expect(first.status == 0 && first.messages.contains("exported 3 segments"), "\(first.messages)")
        let again = try await export(writer)
        #expect(again.status == 0 && again.messages.contains("exported 0 segments"), "\(again.messages)")
        // Forty more exports: the catalog is written whole now and then.
        for round in 0..<40 {
            try program.write(StoreCommandTests.records(61 + round), to: "logs/more-\(round).json")
            #expect(try await program.run("run", "./p.yaml", "--once").status == 0)
            if round % 10 == 9 {
                #expect(try await program.run("store", "compact", "--state", "./state").status == 0)
            }
            let ran = try await export(writer)
            #expect(ran.status == 0, "\(ran.messages)")
        }
        let own = try await program.run("query", "--state", "./state")
        let lake = try await program.run("query", "--lake", "s3://lake/martlet", environment: reader)
        #expect(own.lines.count == 100 && lake.status == 0, "\(lake.messages)")
        #expect(try uids(lake) == uids(own))
        for words in [
            ["--entity", "ana", "--from", "2026-10-21"], ["--ip", "192.0.2.7"], ["--entity", "nobody"],
        ] {
            let mine = try await program.run(["query", "--state", "./state"] + words)
            let theirs = try await program.run(
                ["query", "--lake", "s3://lake/martlet"] + words, environment: reader)
            #expect(theirs.status == 0 && theirs.output == mine.output, "\(words)")
        }
        try await self.cache(program, reader)
        let taken = try await program.run(
            "store", "import", "s3://lake/martlet", "--store", "./case", environment: reader)
        #expect(taken.status == 0, "\(taken.messages)")
        #expect(try uids(try await program.run("query", "--store", "./case")) == uids(own))
    }

    private func cache(_ program: Program, _ reader: [String: String]) async throws {
        let cached = files(program, ".cache/martlet-lake")
        #expect(!cached.isEmpty)
        let total = try cached.reduce(0) { sum, name in
            let path = "\(program.folder)/.cache/martlet-lake/\(name)"
            return sum + (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0)
        }
        // A smaller allowance: what is not used goes, and the answer is the same.
        let less = try await program.run(
            "query", "--lake", "s3://lake/martlet", "--cache", "\(total * 3 / 4)", environment: reader)
        #expect(less.status == 0 && less.lines.count == 100, "\(less.messages)")
        #expect(files(program, ".cache/martlet-lake").count < cached.count)
        guard DuckDB.path != nil else { return }
        let count = try await program.run(
            "query", "SELECT count(*) AS n FROM events", "--lake", "s3://lake/martlet", environment: reader)
        #expect(count.output == "{\"n\":100}\n", "\(count.messages)")
        let narrow = try await program.run(
            "query", "SELECT count(*) AS n FROM events", "--lake", "s3://lake/martlet", "--cache", "1KiB",
            environment: reader)
        #expect(narrow.status == 1 && narrow.messages.contains("--cache allows"), "\(narrow.messages)")
    }
}

/// moto with IAM authentication on, for the program's own use.
final class MotoServer: Sendable {
    private static let python = "\(Program.root)/.tools/bin/python"
    static let isInstalled = FileManager.default.fileExists(atPath: "\(Program.root)/.tools/bin/moto_server")

    private let process = Process()
    private let input = Pipe()
    private let facts: Document

    init() throws {
        process.executableURL = URL(filePath: Self.python)
        process.arguments = ["\(Program.root)/Tests/Support/moto_world.py"]
        process.standardInput = input
        process.standardError = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var text = Data()
        while !text.contains(0x0A) {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            text += more
        }
        facts = try JSONReader.document(in: Array(text), file: "moto")
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.terminate()
        process.waitUntilExit()
    }

    /// What the AWS tools would be told to be this user there.
    func environment(of user: String) -> [String: String] {
        [
            "AWS_ACCESS_KEY_ID": facts[user]?["id"]?.string ?? "",
            "AWS_SECRET_ACCESS_KEY": facts[user]?["secret"]?.string ?? "",
            "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": facts["endpoint"]?.string ?? "",
        ]
    }
}
