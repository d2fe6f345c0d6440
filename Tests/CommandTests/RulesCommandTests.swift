import Engine
import Testing

@testable import martlet

@Suite struct RulesCommandTests {
    static let sound = """
        title: Sound
        id: 6f0d8a5e-0000-4000-8000-000000000001
        level: high
        logsource: {product: aws, service: cloudtrail}
        detection: {s: {eventName: X}, condition: s}
        """
    static let broken = """
        title: Broken
        logsource: {product: aws, service: cloudtrail}
        detection: {s: {eventName|contain: X}, condition: s}
        """

    @Test("check says of each rule that is not loaded why, ends with the counts, and exits with 1")
    func check() async {
        let world = CommandWorld(files: [
            "/home/ada/r/a.yml": Self.sound, "/home/ada/r/sub/b.yaml": Self.broken,
            "/home/ada/r/notes.txt": "no rule",
            "/home/ada/r/c.yml": "title: [",
        ])
        #expect(await world.run("rules", "check", "r") == .notHeld)
        let lines = world.output.text.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("r/c.yml:2:"))
        #expect(lines[1] == "r/sub/b.yaml:3:17: unknown modifier 'contain' (did you mean 'contains'?)")
        #expect(lines[2] == "1 rules loaded, 2 not loaded")
    }

    @Test("check of sound rules exits with 0, and of a folder that is not there with 1 and its name")
    func checkSound() async {
        let world = CommandWorld(files: ["/home/ada/a.yml": Self.sound])
        #expect(await world.run("rules", "check", "a.yml") == .done)
        #expect(world.output.text == "1 rules loaded, 0 not loaded\n")
        let missing = CommandWorld()
        #expect(await missing.run("rules", "check", "nowhere") == .notHeld)
        #expect(missing.output.text.hasPrefix("nowhere:1:1: there is no such file or folder\n"))
    }

    @Test("list shows id, level, logsource and title; by default of the rules in the binary")
    func list() async {
        let world = CommandWorld(files: ["/home/ada/a.yml": Self.sound])
        #expect(await world.run("rules", "list", "a.yml") == .done)
        #expect(world.output.text == "6f0d8a5e-0000-4000-8000-000000000001\thigh\taws/cloudtrail\tSound\n")
        let builtin = CommandWorld()
        #expect(await builtin.run("rules", "list") == .done)
        #expect(builtin.output.text.split(separator: "\n").count >= 25)
    }

    @Test("placeholders come from a file")
    func placeholders() async {
        let rule = Self.sound.replacing("eventName: X", with: "'eventName|expand': '%names%'")
        let world = CommandWorld(files: ["/home/ada/a.yml": rule, "/home/ada/p.yaml": "names: [X, Y]"])
        #expect(await world.run("rules", "check", "a.yml") == .notHeld)
        #expect(await world.run("rules", "check", "a.yml", "--placeholders", "p.yaml") == .done)
    }
}
