import Engine
import Exporters
import Foundation
import Pipeline
import Ports
import Simulation
import Synchronization
import Testing

@testable import martlet

/// `normalize` and `detect` on a terminal, and asked to stop under way.
@Suite struct InterruptTests {
    static func record(_ number: Int) -> String {
        #"{"eventName":"X","eventTime":"2026-03-02T01:00:00Z","eventID":"\#(number)"}"#
    }

    /// Standard input that gives its pieces, then asks to stop and has nothing more to say.
    final class Tap: Sendable {
        let stop = Pulse()
        /// Beats when whoever listens for the request has been told of it.
        let heard = Pulse()
        private let pieces: Mutex<[String]>

        init(_ pieces: String...) { self.pieces = Mutex(pieces.reversed()) }

        func next() async throws(Fault) -> [UInt8]? {
            if let piece = pieces.withLock({ $0.popLast() }) { return Array(piece.utf8) }
            stop.beat()
            do {
                try await Pulse().wait(after: 0)
                return nil
            } catch {
                throw Fault(.cancelled, "nobody waits any more")
            }
        }

        func stopping(_ world: CommandWorld, _ how: CommandContext.StopRequest) -> CommandWorld {
            var world = world
            world.context.readInput = { () async throws(Fault) in try await self.next() }
            world.context.stopRequest = {
                try? await self.stop.wait(after: 0)
                self.heard.beat()
                return how
            }
            return world
        }
    }

    @Test(
        "Stopped while standard input waits, normalize writes what is whole, says so, and ends with 130",
        arguments: [CommandContext.StopRequest.interrupt, .terminate])
    func normalize(how: CommandContext.StopRequest) async {
        let tap = Tap(
            Self.record(1) + "\n" + Self.record(2) + "\n", Self.record(3) + "\n" + #"{"eventName":"#)
        let world = tap.stopping(CommandWorld(), how)
        #expect(await world.run("normalize", "--feed", "generic.json", "-", "never.json") == .interrupted)
        #expect(world.output.text.split(separator: "\n").count == 3)
        #expect(
            world.messages.text
                == "Interrupted: 3 events, 0 records refused, 0 inputs not read to their end\n")
    }

    @Test("Stopped while standard input waits, detect gives out what it found, and ends with 130")
    func detect() async {
        let tap = Tap(Self.record(1) + "\n" + Self.record(2) + "\n")
        let world = tap.stopping(
            CommandWorld(files: ["/home/ada/r.yml": DetectCommandTests.rule]), .interrupt)
        #expect(
            await world.run("detect", "--feed", "generic.json", "--rules", "r.yml", "-") == .interrupted)
        #expect(world.output.text.split(separator: "\n").count == 2)
        #expect(world.messages.text == "Interrupted: 2 records in 1 files, 1 rules, 2 findings\n")
    }

    @Test("Stopped between two files, what follows is not opened, and nothing is refused")
    func files() async {
        let tap = Tap()
        let line = Self.record(1) + "\n"
        let large = String(repeating: line, count: (1 << 20) / line.utf8.count)
        var world = tap.stopping(
            CommandWorld(files: ["/home/ada/a.json": line, "/home/ada/b.json": large]), .interrupt)
        let files = StoppingFiles(files: world.files, after: 3, tap: tap)
        world.context.surroundings.files = files
        #expect(
            await world.run("normalize", "--feed", "generic.json", "a.json", "b.json", "c.json")
                == .interrupted)
        let events = world.output.text.split(separator: "\n").count
        #expect(events > 0 && events < (1 << 20) / line.utf8.count)
        #expect(world.output.text.hasSuffix("}\n"))
        #expect(
            world.messages.text
                == "Interrupted: \(events) events, 0 records refused, 0 inputs not read to their end\n")
    }

    /// Files behind which somebody asks to stop, and is heard, at the n-th reading.
    struct StoppingFiles: FileReader {
        let files: SimulatedFiles
        let after: Int
        let tap: Tap

        func entry(at path: String) async throws(Fault) -> FileEntry? { try await files.entry(at: path) }
        func entries(of folder: String) async throws(Fault) -> [FileEntry] {
            try await files.entries(of: folder)
        }
        func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] {
            let bytes = try await files.read(path, in: range)
            if files.readings.count == after + 1 {
                tap.stop.beat()
                try? await tap.heard.wait(after: 0)
                // What was heard is passed on at once; this is long enough for it on a busy machine.
                try? await Task.sleep(for: .milliseconds(500))
            }
            return bytes
        }
    }

    @Test("On a terminal one line shows share and counts, and is cleared; --quiet has none of it")
    func progress() async {
        let files = ["/home/ada/logs/a.json": Self.record(1) + "\n"]
        var world = CommandWorld(files: files)
        world.context.messagesAreTerminal = true
        #expect(await world.run("normalize", "--feed", "generic.json", "logs") == .done)
        let summary = "1 events, 0 records refused, 0 inputs not read to their end\n"
        #expect(
            world.messages.text.hasPrefix("\r\u{1B}[2KNormalizing  [====================] 100%  "))
        #expect(world.messages.text.hasSuffix("0 refused\r\u{1B}[2K" + summary))

        world = CommandWorld(files: files)
        world.context.messagesAreTerminal = true
        world.context.outputIsTerminal = true
        #expect(await world.run("normalize", "--feed", "generic.json", "logs") == .done)
        #expect(world.messages.text == summary)

        world = CommandWorld(files: files)
        world.context.messagesAreTerminal = true
        #expect(await world.run("normalize", "--quiet", "--feed", "generic.json", "logs") == .done)
        #expect(world.messages.text.isEmpty)

        world = CommandWorld(files: files)
        world.context.messagesAreTerminal = true
        #expect(await world.run("detect", "--feed", "generic.json", "logs") == .done)
        #expect(world.messages.text.contains("\r\u{1B}[2KDetecting  "))
    }
}
