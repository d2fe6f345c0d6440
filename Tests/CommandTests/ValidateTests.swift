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

    @Test(
        "What is wrong with an api collector is told with its place and the nearest name",
        arguments: [
            (
                "feed: okta.system_lgo",
                "p.yaml:4:11: there is no feed okta.system_lgo (did you mean okta.system_log?)"
            ),
            ("feed: vault.audit", "p.yaml:4:11: vault.audit has no API that it is collected from"),
            (
                "feed: okta.system_log\n    parameters: {hots: acme.okta.com}",
                "p.yaml:5:18: okta.system_log has no parameter “hots” (did you mean “host”?)"
            ),
            ("feed: okta.system_log", "p.yaml:4:11: okta.system_log needs the parameter “host”"),
            (
                "feed: okta.system_log\n    parameters: {host: acme.okta.com}",
                "okta.system_log needs “auth” of the kind okta or api_token (allowed okta.logs.read)"
            ),
            (
                "feed: okta.system_log\n    parameters: {host: 'acme.okta.com/?x'}",
                "host: “acme.okta.com/?x” cannot stand in a URL as it is"
            ),
            (
                "feed: okta.system_log\n    auth: {kind: basic, user: a, password: b}",
                "okta.system_log does not take auth of the kind basic (it takes okta, api_token)"
            ),
            ("feed: okta.system_log\n    since: soon", "since: “soon” is no time"),
            (
                "feed: okta.system_log\n    endpoint: http://proxy.example.com",
                "plain HTTP to proxy.example.com"
            ),
        ])
    func api(collector: String, message: String) async {
        let text = "name: p\ncollectors:\n  in: {from: api}\n".replacing(
            "{from: api}", with: "\n    \(collector)\n    from: api")
        let world = CommandWorld(files: ["/home/ada/p.yaml": text])
        #expect(await world.run("validate", "p.yaml") == .usage)
        #expect(world.messages.text.contains(message), "\(world.messages.text)")
    }
}
