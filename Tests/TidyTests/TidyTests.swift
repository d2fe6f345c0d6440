import Foundation
import Testing

/// The architecture as a test: who may import whom, what is banned where, and what must be complete.
@Suite struct TidyTests {
    /// Target → what its files may import. The picture in `docs/architecture.md` shows the same table.
    static let imports: [String: Set<String>] = [
        "Engine": ["CJSON", "CRegex", "CMaxMind"],
        "Ports": ["Engine"],
        "Codecs": ["Engine", "CZstd", "CISAL", "CDeflate", "CZlib", "CYAML", "COpenSSL"],
        "Credentials": ["Engine", "Ports", "Codecs"],
        "Collectors": ["Engine", "Ports", "Codecs", "Credentials"],
        "Exporters": ["Engine", "Ports", "Codecs", "Credentials"],
        "Store": ["Engine", "Ports", "Codecs", "Credentials", "CSQLite"],
        "Pipeline": [
            "Engine", "Ports", "Codecs", "Credentials", "Collectors", "Exporters", "Store", "CAssets",
        ],
        "Platform": [
            "Engine", "Ports", "CCurl", "CMicrohttpd", "CKafka", "Glibc", "Synchronization", "Dispatch",
        ],
        "Simulation": ["Engine", "Ports", "Codecs", "Synchronization"],
    ]

    /// Standard modules without I/O that any target may use.
    static let harmless: Set<String> = ["Synchronization"]

    @Test("Each target imports only what the house allows", arguments: imports.keys.sorted())
    func importTable(target: String) {
        let allowed = Self.imports[target, default: []].union(Self.harmless)
        for file in SourceTree.swift(of: target) {
            for (number, line) in file.code.enumerated() {
                let words = line.split(separator: " ").map(String.init)
                guard let at = words.firstIndex(of: "import"), words.count > at + 1,
                    words[..<at].allSatisfy({ $0.hasPrefix("@") || $0 == "package" || $0 == "internal" })
                else { continue }
                let module = words[at + 1].split(separator: ".").first.map(String.init) ?? ""
                #expect(allowed.contains(module), "\(file.path):\(number + 1) imports \(module)")
            }
        }
    }

    static let banned: [(text: String, instead: String)] = [
        ("Task {", "a task group: an unstructured task leaves the simulated executor"),
        ("Task.detached", "a task group"),
        ("DispatchQueue", "the executor that is handed in"),
        ("Thread.", "the executor that is handed in"),
        ("ContinuousClock", "TimeSource"),
        ("SuspendingClock", "TimeSource"),
        ("Date()", "TimeSource"),
        (".random(", "Entropy"),
        ("SystemRandomNumberGenerator", "Entropy"),
    ]

    @Test("Nothing outside Platform and Simulation goes round the four doors")
    func banList() {
        for target in Self.imports.keys.sorted() where target != "Platform" && target != "Simulation" {
            for file in SourceTree.swift(of: target) {
                for (number, line) in file.code.enumerated() {
                    for ban in Self.banned where Self.line(line, uses: ban.text) {
                        Issue.record("\(file.path):\(number + 1) has \(ban.text): use \(ban.instead)")
                    }
                }
            }
        }
    }

    /// Whether the text stands in the line as words of its own: `addTask {` is not `Task {`.
    private static func line(_ line: String, uses text: String) -> Bool {
        line.ranges(of: text).contains { range in
            range.lowerBound == line.startIndex
                || !(line[line.index(before: range.lowerBound)].isLetter && text.first?.isLetter == true)
        }
    }

    @Test("Nothing is public: the package is a program, not a library")
    func nothingPublic() {
        for file in SourceTree.files(in: "Sources", endings: ["swift"]) {
            for (number, line) in file.code.enumerated() {
                let words = line.split(separator: " ")
                // `open` is also a fine name for a variable.
                let isOpen = zip(words, words.dropFirst()).contains { word, next in
                    word == "open" && ["class", "func", "var", "subscript", "override"].contains(next)
                }
                #expect(!words.contains("public") && !isOpen, "\(file.path):\(number + 1) is public")
            }
        }
    }

    /// Where `unsafe` may stand: targets that wrap C, and the engine's per-event code.
    static let unsafePlaces = [
        "Sources/Platform/", "Sources/Codecs/", "Sources/Store/", "Sources/Engine/JSON/",
        "Sources/Engine/Mapping/",  // moves extents of the same buffer the index was made over
        "Sources/Engine/Columns/",  // takes texts out of the same buffer
        "Sources/Engine/Geo/GeoDatabase.swift",  // wraps the shim over libmaxminddb
        "Sources/Engine/Rules/",  // reads those extents, and wraps the regex shim
        "Sources/Engine/Values/Timestamp+ISO8601.swift",  // a String's bytes as a span
        "Sources/Simulation/Simulation.swift",  // an executor hands out unowned references to itself
        "Sources/Pipeline/Assets.swift",  // the embedded files are C arrays
        "Sources/Bench/",
    ]

    @Test("Unsafe code stands only where C or the hot path needs it")
    func unsafeCode() {
        for file in SourceTree.files(in: "Sources", endings: ["swift"])
        where !Self.unsafePlaces.contains(where: file.path.hasPrefix) {
            for (number, line) in file.code.enumerated() {
                let words = line.split(whereSeparator: { !$0.isLetter && $0 != "@" })
                #expect(!words.contains("unsafe"), "\(file.path):\(number + 1) is unsafe")
            }
        }
    }

    @Test("No name says nothing: Manager, Helper, Util, Base, Impl, Default…")
    func names() {
        let empty = ["Manager", "Helper", "Helpers", "Util", "Utils", "Impl"]
        for file in SourceTree.files(in: "Sources", endings: ["swift"]) {
            let name = String(file.path.split(separator: "/").last ?? "").replacing(".swift", with: "")
            #expect(!empty.contains { name.hasSuffix($0) }, "\(file.path): the name says nothing")
        }
    }

    @Test("Each vendor folder is complete")
    func vendorFolders() throws {
        let vendors = SourceTree.root.appendingPathComponent("schemas/vendors")
        for vendor in try FileManager.default.contentsOfDirectory(atPath: vendors.path)
        where !vendor.hasPrefix(".") {
            let folder = vendors.appendingPathComponent(vendor)
            for feed in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                func has(_ name: String) -> Bool {
                    FileManager.default.fileExists(
                        atPath: folder.appendingPathComponent(feed).appendingPathComponent(name).path)
                }
                #expect(
                    has("feed.yaml") || has("mapping.yaml"),
                    "\(vendor)/\(feed) is neither collected nor mapped")
                for name in ["samples.jsonl", "golden.jsonl"] where has("mapping.yaml") {
                    #expect(has(name), "missing \(vendor)/\(feed)/\(name)")
                }
            }
        }
    }

    @Test("Change fragments carry their kind in the file's name")
    func changeFragments() throws {
        let kinds: Set<String> = ["added", "changed", "fixed", "removed"]
        let folder = SourceTree.root.appendingPathComponent("docs/changes")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name != "README.md"
        {
            let parts = name.split(separator: ".").map(String.init)
            #expect(
                parts.count == 3 && kinds.contains(parts[1]) && parts[2] == "md",
                "docs/changes/\(name) is not <slug>.<added|changed|fixed|removed>.md")
        }
    }

    @Test("Each exporter has a page that says what order its receiver sees")
    func orders() {
        let pages = SourceTree.files(in: "docs/exporters", endings: ["md"])
        func text(_ page: String) -> String {
            pages.first { $0.path == "docs/exporters/\(page)" }?.text ?? ""
        }
        let rows = text("README.md").split(separator: "\n").filter { $0.hasPrefix("| ") }
        let declared = SourceTree.files(in: "schemas/receivers", endings: ["yaml"]).map {
            String($0.path.split(separator: "/").last?.dropLast(5) ?? "")
        }
        let own = [
            "splunk_hec", "http", "file", "syslog", "kafka", "elasticsearch", "s3", "security_lake", "gcs",
            "azure_blob", "email",
        ]
        #expect(!declared.isEmpty)
        for name in own + declared {
            let row = rows.first { $0.contains("`\(name)`") } ?? ""
            let link = row.split(separator: "](").dropFirst().first ?? ""
            let page = String(link.prefix { $0 != ")" && $0 != "#" })
            #expect(
                text(page).contains("**Order") || text(page).contains("**Key and order"),
                "the page of \(name) (\(page)) says nothing of order")
        }
    }

    @Test("Links between the project's own pages lead somewhere")
    func links() {
        for file in SourceTree.files(in: ".", endings: ["md"]) where !file.path.hasPrefix(".") {
            let folder = SourceTree.root.appendingPathComponent(file.path).deletingLastPathComponent()
            for match in file.text.matches(of: /\]\(([^)#\s]+)(#[^)]*)?\)/) {
                let target = String(match.output.1)
                if target.contains("://") || target.hasPrefix("mailto:") { continue }
                let path = folder.appendingPathComponent(target).path
                #expect(FileManager.default.fileExists(atPath: path), "\(file.path): no \(target)")
            }
        }
    }

    @Test("The project speaks of itself alone")
    func noWorkplace() {
        let words = ["/wo" + "rk/", "../sha" + "red/DESIGN", ".libr" + "ary/", "/tmp/b" + "in"]
        let files =
            SourceTree.files(in: "Sources", endings: ["swift", "c", "cpp", "h"])
            + SourceTree.files(in: "docs", endings: ["md", "json"])
            + SourceTree.files(in: "Tests", endings: ["swift", "py"])
        for file in files {
            for word in words where file.text.contains(word) { Issue.record("\(file.path) names \(word)") }
        }
    }
}
