import Glibc
import Platform
import Ports

/// A folder that is gone when the test is over.
@safe final class TemporaryFolder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/martlet-test-XXXXXX".utf8CString)
        path = unsafe mkdtemp(&template).map { unsafe String(cString: $0) } ?? "/tmp"
    }

    deinit {
        guard path.hasPrefix("/tmp/martlet-test-") else { return }
        var process: pid_t = 0
        let arguments = unsafe ["rm", "-rf", path].map { (word: String) in unsafe strdup(word) } + [nil]
        if unsafe posix_spawnp(&process, "rm", nil, nil, arguments, environ) == 0 {
            waitpid(process, nil, 0)
        }
        unsafe arguments.forEach { unsafe free($0) }
    }

    func write(_ text: String, to name: String) async throws {
        _ = try await SpawnedProcess().run(Self.command(["tee", "\(path)/\(name)"], input: text))
    }

    static func command(_ arguments: [String], input: String = "") -> ChildCommand {
        var command = ChildCommand(arguments)
        command.input = Array(input.utf8)
        return command
    }
}
