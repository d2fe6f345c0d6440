import Foundation
import Ports
import Testing

@testable import martlet

/// `docs/adding-a-vendor.md`, followed to the letter: its files are taken from the page.
@Suite struct AddingAVendorTests {
    /// The page's fenced blocks that name a file.
    static func files() throws -> [(name: String, text: String)] {
        let page = try String(contentsOfFile: "\(Program.root)/docs/adding-a-vendor.md", encoding: .utf8)
        var files: [(name: String, text: String)] = []
        var name: String?
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                let words = line.dropFirst(3).split(separator: " ")
                if name == nil, words.count == 2 {
                    name = String(words[1])
                    files.append((String(words[1]), ""))
                } else {
                    name = nil
                }
            } else if name != nil {
                files[files.count - 1].text += line + "\n"
            }
        }
        return files
    }

    @Test("The folder of the page passes its tests, and is collected from its simulated vendor")
    func walk() async throws {
        let program = try Program()
        for file in try Self.files() { try program.write(file.text, to: file.name) }
        let golden = try await program.run(
            "normalize", "--feed", "acme.audit", "--vendors", "./vendors", "--validate",
            "./vendors/acme/audit/samples.jsonl")
        #expect(golden.status == 0, "\(golden.messages)")
        #expect(golden.lines.count == 3)
        try program.write(golden.output, to: "vendors/acme/audit/golden.jsonl")
        let tested = try await program.run("test", "./vendors")
        #expect(tested.status == 0, "\(tested.messages)")
        let record = try #require(
            golden.output.isEmpty ? nil : Self.files().first { $0.name.hasSuffix(".jsonl") })
        let first = record.text.split(separator: "\n")[0]
        try program.write(
            #"{"expect":"event","exporters":["out"],"record":\#(first)}"# + "\n", to: "pipeline.cases.jsonl")
        let replayed = try await program.run("test", "./pipeline.cases.jsonl")
        #expect(replayed.status == 0, "\(replayed.messages)")
        let listed = try await program.run("feeds", "--vendors", "./vendors", "--format", "json")
        #expect(
            listed.output.contains(#""feed":"acme.audit""#) && listed.output.contains(#""position":"window""#)
        )

        try await Self.withVendor("acme.audit", "\(program.folder)/vendors") { url in
            let pipeline = try program.text(of: "pipeline.yaml").replacing("http://127.0.0.1:8600", with: url)
            try program.write(pipeline, to: "pipeline.yaml")
            let valid = try await program.run("validate", "--connect", "./pipeline.yaml")
            #expect(valid.status == 0, "\(valid.messages)\(valid.output)")
            let ran = try await program.run("run", "--once", "./pipeline.yaml", "--state", "./state")
            #expect(ran.status == 0, "\(ran.messages)")
            let ledger = try await program.run("ledger", "--state", "./state", "--format", "json")
            #expect(ledger.status == 0)
            #expect(ledger.output.contains(#""events":120"#), "\(ledger.output)")
        }
    }

    /// Runs a simulated vendor beside `body`, which is told its URL.
    static func withVendor(
        _ feed: String, _ folder: String, _ body: @escaping @Sendable (String) async throws -> Void
    ) async throws {
        let (output, messages) = (WrittenBytes(), WrittenBytes())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var context = RealContext.make(stoppedBy: AsyncStream { _ in }, environment: [:])
                context.output = Output { output.append($0) }
                context.messages = Output { messages.append($0) }
                _ = await Dispatch.run(
                    [
                        "simulate-vendor", feed, "--vendors", folder, "--records", "120", "--every", "1h",
                        "--oddities",
                    ], in: context)
            }
            var url = ""
            for _ in 0..<500 where url.isEmpty {
                try await Task.sleep(for: .milliseconds(20))
                url = output.text.split(separator: "\n").first.map(String.init) ?? ""
            }
            try #require(!url.isEmpty, "\(messages.text)")
            try await body(url)
            group.cancelAll()
        }
    }
}
