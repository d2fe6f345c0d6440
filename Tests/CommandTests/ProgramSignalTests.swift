import Foundation
import Testing

@testable import martlet

/// The built program, asked to stop as a shell and a supervisor ask.
@Suite struct ProgramSignalTests {
    @Test(
        "Waiting for a pipe that says nothing, ends on a signal with what it has",
        .enabled(if: Program.isBuilt, "needs the built program"), arguments: ["INT", "TERM"])
    func signal(name: String) async throws {
        let program = try Program()
        try program.write(InterruptTests.record(1) + "\n{", to: "in.json")
        let script = """
            cd '\(program.folder)'; mkfifo pipe; (cat in.json; exec sleep 60) > pipe & writer=$!
            timeout --preserve-status -s \(name) 6 "$@" < pipe > out; status=$?
            kill $writer; exit $status
            """
        let ran = try await program.run(
            "normalize", "--feed", "generic.json", "-", wrapper: ["/bin/bash", "-c", script, "bash"])
        #expect(ran.status == 130)
        #expect(ran.messages.contains("Interrupted: 1 events, 0 records refused"))
        #expect(try program.text(of: "out").split(separator: "\n").count == 1)
    }

    @Test(
        "Nobody asked to stop: a command that reads its input twice reads it to the end both times",
        .enabled(if: Program.isBuilt, "needs the built program"))
    func twice() async throws {
        let program = try Program()
        try program.write(AttributeCommandTests.log, to: "log.json")
        let ran = try await program.run(
            "normalize", "--attribute", "--feed", "aws.cloudtrail", "./log.json", wrapper: ["/usr/bin/env"])
        #expect(ran.status == 0 && ran.lines.count == 3, "\(ran.messages)")
    }
}
