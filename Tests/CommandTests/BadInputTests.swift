import Codecs
import Engine
import Foundation
import Testing

/// What a user sees of input that is not as it should be: the status, where and why, and everything else delivered.
@Suite(.enabled(if: Program.isBuilt, "needs the built program"))
struct BadInputTests {
    struct BadFile: CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        /// The line that is told; 0 for a fault of the whole file.
        var line: Int
        /// What the reason says.
        var reason: String
        /// Good records beside the bad one.
        var good: Int
        var testDescription: String { name }

        init(_ name: String, _ bytes: [UInt8], line: Int, _ reason: String, good: Int = 2) {
            self.name = name
            self.bytes = bytes
            self.line = line
            self.reason = reason
            self.good = good
        }

        init(_ name: String, _ text: String, line: Int, _ reason: String, good: Int = 2) {
            self.init(name, Array(text.utf8), line: line, reason, good: good)
        }
    }

    static func good(_ number: Int) -> String { "{\"good\":\(number)}\n" }
    /// A bad line between two good ones.
    static func between(_ bad: [UInt8]) -> [UInt8] {
        Array(good(1).utf8) + bad + Array("\n".utf8) + Array(good(2).utf8)
    }
    static func between(_ bad: String) -> [UInt8] { between(Array(bad.utf8)) }

    static func packed(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var compressor = Compressor(.gzipFast)
        compressor.pack(bytes, into: &out)
        return out
    }

    static let many = Array((0..<5_000).map { good($0) }.joined().utf8)
    static let bomb: [UInt8] = {
        var text = Array("{\"good\":1}\n{\"a\":\"".utf8)
        text += [UInt8](repeating: UInt8(ascii: "x"), count: 48 << 20)
        return packed(text + Array("\"}\n{\"good\":2}\n".utf8))
    }()

    static let files: [BadFile] = [
        BadFile("truncated", "\(good(1))\(good(2)){\"a\":1,\"b\":", line: 3, "ends"),
        BadFile(
            "not-utf8", between([0x7B, 0x22, 0x61, 0x22, 0x3A, 0x22, 0xFF, 0xFE, 0x22, 0x7D]), line: 2,
            "UTF-8"),
        BadFile(
            "deep",
            between(
                "{\"a\":" + String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000) + "}"),
            line: 2, "deep"),
        BadFile("twice", between("{\"a\":{\"k\":1,\"k\":2}}"), line: 2, "twice"),
        BadFile("nul", between("{\"a\":\"x\u{0}y\"}"), line: 2, "control character"),
        BadFile("nul-bytes", between([UInt8](repeating: 0, count: 40)), line: 2, "neither a JSON object nor"),
        BadFile("bare-number", between("{\"a\":1e}"), line: 2, "number"),
        BadFile(
            "csv", "time,user,action\n2026-01-01,ada,login\n", line: 1, "neither a JSON object nor", good: 0),
        BadFile("scalars", "[1,2]\n", line: 1, "a record must be a JSON object", good: 0),
        BadFile(
            "png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48], line: 1,
            "neither a JSON object nor",
            good: 0),
        BadFile("cut.gz", Array(packed(many).dropLast(200)), line: 0, "ends", good: 0),
        BadFile(
            "damaged.gz",
            {
                var bytes = packed(many); bytes[bytes.count - 5] ^= 0xFF; return bytes
            }(), line: 0,
            "check sum", good: 5_000),
        BadFile("bomb.gz", bomb, line: 2, "larger"),
    ]

    @Test(
        "normalize tells file, line and reason, keeps the record in --rejects, and goes on", arguments: files)
    func normalize(file: BadFile) async throws {
        let program = try Program()
        try program.write(file.bytes, to: "logs/\(file.name)")
        try program.write(Self.good(3), to: "logs/~after")
        let ran = try await program.run(
            "normalize", "--feed", "generic.json", "--rejects", "./bad.ndjson", "./logs")
        #expect(ran.status == 3, "\(ran.messages)")
        let place = "\(program.folder)/logs/\(file.name)" + (file.line > 0 ? ":\(file.line): " : ": ")
        #expect(ran.messages.contains(place), "\(ran.messages.prefix(600))")
        if file.good > 0 { #expect(ran.lines.count == file.good + 1, "\(ran.messages.prefix(600))") }
        #expect(ran.lines.last?.contains("\"good\":3") == true)
        let rejects = try program.text(of: "bad.ndjson").split(separator: "\n").map {
            try JSONReader.document(in: Array($0.utf8), file: "bad.ndjson")
        }
        let entry = try #require(
            rejects.first { $0["line"]?.integer == Int64(file.line) },
            "\(rejects.map { $0["line"]?.integer })")
        #expect(entry["file"]?.string == "\(program.folder)/logs/\(file.name)")
        #expect(entry["feed"]?.string == "generic.json")
        #expect(entry["reason"]?.string?.contains(file.reason) == true, "\(entry["reason"]?.string ?? "")")
        if file.line > 0 { #expect(entry["raw"]?.string ?? entry["raw_base64"]?.string != "") }
    }

    @Test("detect keeps refused records in --rejects as normalize does")
    func detect() async throws {
        let program = try Program()
        try program.write(Self.between("{\"a\":tru}"), to: "logs/a.json")
        let ran = try await program.run(
            "detect", "--feed", "generic.json", "--rejects", "./bad.ndjson", "./logs", "./none")
        #expect(ran.status == 3, "\(ran.messages)")
        let rejects = try program.text(of: "bad.ndjson").split(separator: "\n").map {
            try JSONReader.document(in: Array($0.utf8), file: "bad.ndjson")
        }
        #expect(rejects.map { $0["line"]?.integer } == [2, 0])
        #expect(rejects.map { $0["raw"]?.string } == ["{\"a\":tru}", ""])
        #expect(rejects.last?["reason"]?.string == "there is no such file or folder")
        #expect(
            try await program.run("normalize", "--feed", "auto", "--rejects", "/dev/null", "./logs").status
                == 2)
    }

    @Test("run puts each into the dead letter with its reason, delivers the rest, and balances")
    func run() async throws {
        let program = try Program()
        try program.pipeline()
        for file in Self.files { try program.write(file.bytes, to: "logs/\(file.name)") }
        try program.write("{\"good\":\"last\"}\n", to: "logs/~after")
        let ran = try await program.run("run", "./p.yaml", "--once")
        #expect(ran.status == 3, "\(ran.messages)")
        #expect(ran.messages.contains("records were refused: martlet deadletter list"))
        #expect(try program.delivered().contains { $0.contains("\"good\":\"last\"") })

        let list = try await program.run("deadletter", "list", "./p.yaml")
        #expect(list.status == 0)
        let entries = try list.lines.map { try JSONReader.document(in: Array($0.utf8), file: "list") }
        for file in Self.files {
            let own = entries.filter { $0["file"]?.string == "\(program.folder)/logs/\(file.name)" }
            #expect(own.contains { $0["line"]?.integer == Int64(file.line) }, "\(file.name)")
            #expect(own.allSatisfy { $0["reason"]?.string?.isEmpty == false })
        }
        let ledger = try await program.run("ledger", "./p.yaml", "--format", "json")
        #expect(ledger.status == 0 && ledger.messages.contains("it balances"), "\(ledger.messages)")
        let rows = try ledger.lines.map { try JSONReader.document(in: Array($0.utf8), file: "ledger") }
        #expect(rows.reduce(0) { $0 + ($1["malformed"]?.integer ?? 0) } == Int64(entries.count))
    }

    @Test("Numbers and strings of any size go through as they are")
    func huge() async throws {
        let program = try Program()
        let digits = String(repeating: "9", count: 4_000)
        let long = String(repeating: "ä", count: 1 << 20)
        try program.write("{\"n\":\(digits),\"e\":1e999999,\"s\":\"\(long)\"}\n", to: "a.json")
        let ran = try await program.run("normalize", "--feed", "generic.json", "./a.json")
        #expect(ran.status == 0, "\(ran.messages)")
        #expect(ran.output.contains(digits) && ran.output.contains("1e999999") && ran.output.contains(long))
    }

    @Test("A folder and a file without permission are told by name, the rest goes on, and the status is 3")
    func permission() async throws {
        let program = try Program()
        try program.pipeline()
        try program.write(Self.good(1), to: "logs/a.json")
        try program.write(Self.good(2), to: "logs/closed/b.json")
        try program.write(Self.good(3), to: "logs/secret.json")
        let files = FileManager.default
        try files.setAttributes([.posixPermissions: 0], ofItemAtPath: "\(program.folder)/logs/closed")
        try files.setAttributes([.posixPermissions: 0], ofItemAtPath: "\(program.folder)/logs/secret.json")
        // Root may read everything: it hands its powers away.
        let wrapper =
            getuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
        let normalized = try await program.run(
            "normalize", "--feed", "generic.json", "./logs", wrapper: wrapper)
        #expect(normalized.status == 3)
        #expect(normalized.lines.count == 1)
        for name in ["closed", "secret.json"] {
            #expect(normalized.messages.contains("logs/\(name): "), "\(normalized.messages)")
        }
        #expect(normalized.messages.lowercased().contains("permission denied"))
        let ran = try await program.run("run", "./p.yaml", "--once", wrapper: wrapper)
        #expect(ran.status == 3, "\(ran.messages)")
        #expect(ran.messages.contains("logs/closed: ") && ran.messages.contains("2 things could not be read"))
        #expect(try await program.run("ledger", "./p.yaml").status == 0)
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(program.folder)/logs/closed")
    }

    @Test(
        "A feed that nobody knows is bad usage everywhere, with the nearest name",
        arguments: ["normalize", "detect"])
    func unknownFeed(command: String) async throws {
        let program = try Program()
        try program.write(Self.good(1), to: "a.json")
        let ran = try await program.run(command, "--feed", "aws.cloudtrial", "./a.json")
        #expect(ran.status == 2 && ran.output.isEmpty)
        #expect(ran.messages.contains("there is no feed aws.cloudtrial (did you mean aws.cloudtrail?)"))
        try program.pipeline(feed: "aws.cloudtrial")
        try program.write(Self.good(1), to: "logs/a.json")
        let validated = try await program.run("validate", "./p.yaml")
        #expect(validated.status == 2)
        #expect(
            validated.messages.contains("p.yaml:3:38: there is no feed aws.cloudtrial"),
            "\(validated.messages)")
    }

    @Test("On a full disk a run waits, says so, loses nothing, and goes on when there is room")
    func fullDisk() async throws {
        let program = try Program()
        try program.pipeline()
        try program.write(Self.many, to: "logs/a.json")
        let disk = "\(program.folder)/state"
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        let shell = ["unshare", "--mount", "sh", "-c"]
        func script(_ size: String) -> [String] {
            shell + ["mount -t tmpfs -o size=\(size) tmpfs \(disk) && exec \"$0\" \"$@\""]
        }
        let probe = try? await program.run("version", wrapper: script("1m"))
        guard probe?.status == 0 else {
            print("skipped: no small disk may be mounted here (unshare --mount, tmpfs)")
            return
        }
        let ran = try await program.run(
            "run", "./p.yaml", "--once", "--patience", "1s",
            wrapper: ["timeout", "-s", "INT", "15"] + script("64k"))
        #expect(ran.status != 0)
        #expect(ran.messages.contains("no space left"), "\(ran.messages)")
        #expect(try program.delivered().isEmpty)
        let again = try await program.run("run", "./p.yaml", "--once")
        #expect(again.status == 0, "\(again.messages)")
        #expect(try program.delivered().count == 5_000)
    }
}
