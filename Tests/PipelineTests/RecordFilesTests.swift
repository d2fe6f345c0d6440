import Codecs
import Ports
import Simulation
import Testing

@testable import Pipeline

/// The files of what stages remember: whole records, in order, whatever was cut, and nothing that was replaced.
@Suite struct RecordFilesTests {
    private static func files(_ volume: SimulatedVolume, version: UInt32 = 1) -> RecordFiles {
        RecordFiles(.init(folder: "notes", ending: "mn", magic: "MARTLETN", version: version), in: volume)
    }

    private static func read(_ volume: SimulatedVolume) async throws(Fault) -> [String] {
        var texts: [String] = []
        try await files(volume).open { record in
            if let text = try? record.payload.string() { texts.append("\(record.kind) \(text)") }
        }
        return texts
    }

    private static func append(_ texts: [String], to files: RecordFiles) async throws(Fault) {
        try await files.append { () async throws(Fault) in
            for text in texts { try await files.write(1) { $0.put(text) } }
        }
    }

    private static func replace(_ files: RecordFiles, with text: String) async throws(Fault) {
        try await files.replace { () async throws(Fault) in try await files.write(2) { $0.put(text) } }
    }

    @Test("What was appended is read in order; a file that was cut is read as far as it is whole")
    func cuts() throws {
        let world = Simulation(seed: 1)
        let volume = SimulatedVolume(world)
        try world.run {
            let files = Self.files(volume)
            try await Self.append(["one", "two"], to: files)
            try await Self.append(["three"], to: files)
            #expect(try await Self.read(volume) == ["1 one", "1 two", "1 three"])
            #expect(volume.paths.count == 1)
        }
        let path = try #require(volume.paths.first)
        let bytes = try #require(volume[path])
        for length in 0..<bytes.count {
            try world.run {
                let cut = SimulatedVolume(world)
                _ = try await cut.append(Array(bytes[..<length]), to: path)
                let read = try await Self.read(cut)
                #expect(["1 one", "1 two", "1 three"].starts(with: read) && read.count < 3)
                // What is written after it stands in a file of its own.
                let files = Self.files(cut)
                try await files.open { _ in }
                try await Self.append(["more"], to: files)
                #expect(try await Self.read(cut) == read + ["1 more"])
            }
        }
    }

    @Test("What could not be removed when all was written anew is removed the next time")
    func replacing() throws {
        let world = Simulation(seed: 2)
        let volume = SimulatedVolume(world)
        try world.run {
            let files = Self.files(volume)
            try await Self.append(["one"], to: files)
            volume.faults.remove = 1
            await #expect(throws: Fault.self) { try await Self.replace(files, with: "first") }
            #expect(volume.paths.count == 2)
            volume.faults.remove = 0
            volume.faults.append = 1
            await #expect(throws: Fault.self) { try await Self.replace(files, with: "lost") }
            volume.faults.append = 0
            try await Self.replace(files, with: "second")
            #expect(try await Self.read(volume) == ["2 second"])
            #expect(volume.paths.count == 1 && files.bytes == volume.bytesHeld)
        }
    }

    @Test("A newer format is refused, with what to do")
    func newer() throws {
        let world = Simulation(seed: 3)
        let volume = SimulatedVolume(world)
        try world.run {
            try await Self.append(["one"], to: Self.files(volume, version: 2))
            do throws(Fault) {
                _ = try await Self.read(volume)
                Issue.record("it was read")
            } catch {
                #expect(error.kind == .denied)
                #expect(error.message.contains("notes/") && error.message.contains("Run the newer version"))
            }
        }
    }
}
