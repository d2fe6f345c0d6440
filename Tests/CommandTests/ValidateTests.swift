import Engine
import Testing

@testable import martlet

@Suite struct ValidateTests {
    static let good = """
        name: p
        collectors: {in: {from: files, paths: logs}}
        exporters: {out: {to: splunk_hec, url: "https://siem.example.com:8088", token: "${env:TOKEN}"}}
        """

    @Test("A valid file is said to be valid, and nothing goes to standard output")
    func valid() async {
        let world = CommandWorld(
            environment: ["TOKEN": "t"],
            files: ["/home/ada/p.yaml": Self.good, "/home/ada/logs/a.json": "{}"])
        #expect(await world.run("validate", "p.yaml") == .done)
        #expect(world.messages.text == "1 pipeline is valid\n")
        #expect(world.output.text.isEmpty)
    }

    @Test("A missing secret, a missing folder and a missing file are each told with their place")
    func missing() async {
        let files = ["/home/ada/p.yaml": Self.good]
        let unset = CommandWorld(environment: ["TOKN": "t"], files: files)
        #expect(await unset.run("validate", "p.yaml") == .usage)
        #expect(
            unset.messages.text.contains(
                "p.yaml:3:80: the environment variable TOKEN is not set (did you mean TOKN?)"))
        let unread = CommandWorld(environment: ["TOKEN": "t"], files: files)
        #expect(await unread.run("validate", "p.yaml") == .usage)
        #expect(
            unread.messages.text.contains("p.yaml:2:39: paths: there is no file or folder /home/ada/logs"))
        #expect(await unread.run("validate", "q.yaml") == .usage)
        #expect(unread.messages.text.contains("q.yaml"))
    }
}
