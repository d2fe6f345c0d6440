import Engine
import Glibc
import Ports
import Testing

@testable import Platform

@Suite struct FileVolumeTests {
    private let folder = TemporaryFolder()

    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        unsafe stat(path, &status)
        return status.st_mode & 0o777
    }

    @Test("Appends, reads ranges, tells lengths, and creates everything private")
    func files() async throws {
        let volume = try FileVolume(folder.path + "/state/deep")
        #expect(try await volume.append(Array("hello ".utf8), to: "a/b/c") == 6)
        #expect(try await volume.append(Array("world".utf8), to: "a/b/c") == 11)
        try await volume.synchronize("a/b/c")
        try await volume.synchronize("a/b/c")
        #expect(try await volume.read("a/b/c", in: 6..<100) == Array("world".utf8))
        #expect(try await volume.read("a/b/c", in: 50..<100) == [])
        #expect(try await volume.length(of: "a/b/c") == 11)
        #expect(try await volume.length(of: "a/nothing") == nil)
        #expect(try await volume.length(of: "a/b/c/under") == nil)
        #expect(mode(folder.path + "/state/deep/a/b/c") == 0o600)
        #expect(mode(folder.path + "/state/deep/a/b") == 0o700)
        #expect(mode(folder.path + "/state") == 0o700)
    }

    @Test("Renaming replaces, removing forgives, listing is sorted by bytes and never shows the lock")
    func names() async throws {
        let volume = try FileVolume(folder.path)
        for name in ["s/b", "s/a-1", "s/a/x", "t/z", "s.1"] { _ = try await volume.append([1], to: name) }
        #expect(try await volume.files(under: "s") == ["s/a-1", "s/a/x", "s/b"])
        #expect(try await volume.files(under: "") == ["s.1", "s/a-1", "s/a/x", "s/b", "t/z"])
        #expect(try await volume.files(under: "missing") == [])
        _ = try await volume.append([2], to: "t/new")
        try await volume.rename("t/new", to: "s/b")
        #expect(try await volume.read("s/b", in: 0..<9) == [2])
        // What is appended after a rename goes to the new file of that name, not to the old descriptor.
        _ = try await volume.append([3], to: "t/new")
        #expect(try await volume.read("s/b", in: 0..<9) == [2])
        try await volume.remove("s/b")
        try await volume.remove("s/b")
        #expect(try await volume.length(of: "s/b") == nil)
        _ = try await volume.append([4], to: "s/b")
        #expect(try await volume.read("s/b", in: 0..<9) == [4])
    }

    @Test("More files than are held open at once all grow")
    func manyFiles() async throws {
        let volume = try FileVolume(folder.path)
        for round in 1...2 {
            for index in 0..<150 { #expect(try await volume.append([1], to: "f/\(index)") == Int64(round)) }
        }
    }

    @Test(
        "A path that leads out of the folder, or to the lock, is refused",
        arguments: ["", "/etc/passwd", "../x", "a/../../x", "a//b", ".", "a/.", "a\u{0}b", ".lock", "a/"])
    func traversal(path: String) async throws {
        let volume = try FileVolume(folder.path)
        await #expect(throws: Fault.self) { try await volume.append([1], to: path) }
        await #expect(throws: Fault.self) { try await volume.read(path, in: 0..<1) }
        await #expect(throws: Fault.self) { try await volume.remove(path) }
    }

    @Test("A symbolic link is not followed out of the folder")
    func links() async throws {
        let volume = try FileVolume(folder.path)
        unsafe symlink("/etc/passwd", folder.path + "/link")
        await #expect(throws: Fault.self) { try await volume.read("link", in: 0..<10) }
        await #expect(throws: Fault.self) { try await volume.append([1], to: "link") }
        #expect(try await volume.files(under: "") == [])
    }

    @Test("A second owner is refused with the first one's process id; a reader is not, and changes nothing")
    func lock() async throws {
        var first: FileVolume? = try FileVolume(folder.path)
        _ = try await first?.append([1], to: "a")
        let refused = #expect(throws: Fault.self) { try FileVolume(folder.path) }
        #expect(refused?.kind == .denied)
        #expect(refused?.message.contains("process \(getpid())") == true)
        let reader = try FileVolume(folder.path, .reading)
        #expect(try await reader.read("a", in: 0..<9) == [1])
        await #expect(throws: Fault.self) { try await reader.append([1], to: "a") }
        first = nil
        _ = try FileVolume(folder.path)
    }

    @Test("What the disk refuses is a fault that names the path and the reason")
    func faults() async throws {
        let volume = try FileVolume(folder.path)
        await #expect(throws: Fault(.malformed, "\(folder.path)/a: no such file")) {
            try await volume.read("a", in: 0..<1)
        }
        await #expect(throws: Fault(.malformed, "\(folder.path)/a: no such file")) {
            try await volume.synchronize("a")
        }
        _ = try await volume.append([1], to: "file")
        await #expect(throws: Fault.self) { try await volume.append([1], to: "file/under") }
        // /dev/full is a disk that is always full.
        let full = #expect(throws: Fault.self) { try FileVolume("/proc/nothing/here") }
        #expect(full?.message.hasPrefix("/proc/nothing") == true)
    }
}

@Suite struct SpawnedProcessTests {
    @Test("Input, outputs and status pass through; no shell comes between")
    func runs() async throws {
        let result = try await SpawnedProcess().run(
            TemporaryFolder.command(["sh", "-c", "cat; echo \"$0\" >&2; exit 7", "a $b"], input: "in"))
        #expect(result == ChildResult(status: 7, output: Array("in".utf8), errorOutput: Array("a $b\n".utf8)))
    }

    @Test("A large input and output cross without waiting for each other")
    func large() async throws {
        let text = String(repeating: "0123456789abcdef", count: 40_000)
        var command = TemporaryFolder.command(["cat"], input: text)
        command.outputBytesMax = 1 << 20
        #expect(try await SpawnedProcess().run(command).output.count == text.utf8.count)
        command.outputBytesMax = 1_000
        let fault = await #expect(throws: Fault.self) { try await SpawnedProcess().run(command) }
        #expect(fault?.kind == .rejected(rows: []))
    }

    @Test("An environment that is given is the whole environment")
    func environment() async throws {
        var command = ChildCommand(["/usr/bin/env"])
        command.environment = ["ONLY": "this"]
        #expect(try await SpawnedProcess().run(command).output == Array("ONLY=this\n".utf8))
    }

    @Test("A program that runs too long, or whose task is cancelled, is killed with its children")
    func timeout() async throws {
        var command = ChildCommand(["sh", "-c", "sleep 600 & sleep 600"])
        command.timeout = .milliseconds(50)
        let late = await #expect(throws: Fault.self) { try await SpawnedProcess().run(command) }
        #expect(late?.kind == .transient)
        command.timeout = .seconds(60)
        let task = Task { [command] in try await SpawnedProcess().run(command) }
        task.cancel()
        let cancelled = await #expect(throws: Fault.self) { try await task.value }
        #expect(cancelled?.kind == .cancelled)
    }

    @Test("A program that is not there, or dies of a signal, is told apart from one that fails")
    func absent() async throws {
        let fault = await #expect(throws: Fault.self) {
            try await SpawnedProcess().run(ChildCommand(["/nonexistent/program"]))
        }
        #expect(fault?.kind == .denied)
        #expect(try await SpawnedProcess().run(ChildCommand(["sh", "-c", "kill -9 $$"])).status == -9)
    }
}

@Suite struct SystemDoorTests {
    @Test("The clock is this century's, and a deadline that has passed is not waited for")
    func clock() async throws {
        let clock = SystemClock()
        #expect(clock.now.iso8601 > "2024")
        try await clock.sleep(until: clock.now - .seconds(5))
        let task = Task { try await clock.sleep(until: clock.now + .seconds(600)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("Two numbers of chance differ")
    func entropy() { #expect(SystemEntropy().next() != SystemEntropy().next()) }
}
