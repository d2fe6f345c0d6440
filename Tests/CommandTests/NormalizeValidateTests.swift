import Testing

@testable import martlet

/// `normalize --validate`: events that their OCSF version does not allow are told, once for each kind.
@Suite struct NormalizeValidateTests {
    private static let mapping = """
        product: {name: Door, vendor_name: Example}
        record: {time: at}
        class: {otherwise: authentication/logon}
        fields:
          src_endpoint.ip: address
          user.name: who
          service.name: {value: door}
        """

    private func run(_ records: String) async -> (status: martlet.ExitStatus, world: CommandWorld) {
        let world = CommandWorld(files: [
            "/home/ada/own/example/door/mapping.yaml": Self.mapping, "/home/ada/in.ndjson": records,
        ])
        let status = await world.run(
            "normalize", "--feed", "example.door", "--vendors", "own", "--validate", "in.ndjson")
        return (status, world)
    }

    @Test("A sign-in without anybody who signed in is not valid, and the commonest wrong stands first")
    func invalid() async {
        let (status, world) = await run(
            """
            {"at":"2026-01-31T08:00:00Z","address":"192.0.2.7"}
            {"at":"2026-01-31T08:00:01Z","address":"192.0.2.7"}
            """)
        #expect(status == .notHeld)
        let lines = world.messages.text.split(separator: "\n").map(String.init)
        #expect(lines.first?.hasPrefix("2\tmissingRequired user") == true, "\(lines)")
        #expect(lines.contains { $0.contains("first: in.ndjson, record 1") })
        #expect(lines.contains("2 events checked, 2 of them not valid OCSF"))
        #expect(world.output.text.split(separator: "\n").count == 2)
    }

    @Test("Valid events end with status 0")
    func valid() async {
        let (status, world) = await run(
            #"{"at":"2026-01-31T08:00:00Z","address":"192.0.2.7","who":"ada@example.com"}"#)
        #expect(world.messages.text.contains("1 events checked, 0 of them not valid OCSF"))
        #expect(status == .done)
    }
}
