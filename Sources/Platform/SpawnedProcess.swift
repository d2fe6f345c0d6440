import Dispatch
import Engine
import Glibc
package import Ports
import Synchronization

/// Runs programs in a process group of their own, so that a timeout ends what they started, too.
package struct SpawnedProcess: ChildProcess {
    /// What is kept of a program's standard error: bytes.
    private static let errorBytesMax = 64 << 10

    package init() {}

    package func run(_ command: ChildCommand) async throws(Fault) -> ChildResult {
        let child = Child(command)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    continuation.resume(returning: Result { () throws(Fault) in try child.run() })
                }
            }
        } onCancel: {
            child.cancel()
        }
        return try result.get()
    }

    /// One run, on a thread of its own from start to end; only `cancel` comes from elsewhere.
    private final class Child: Sendable {
        /// One start at a time: a pipe without its close-on-exec flag must not leak into another child.
        private static let starting = Mutex(())

        private let command: ChildCommand
        private let isCancelled = Atomic(false)

        init(_ command: ChildCommand) { self.command = command }

        func cancel() { isCancelled.store(true, ordering: .relaxed) }

        func run() throws(Fault) -> ChildResult {
            guard let name = command.arguments.first, !name.isEmpty else {
                throw Fault(.denied, "no program is named")
            }
            var pipes = [Int32](repeating: -1, count: 6)
            defer { for end in pipes where end >= 0 { close(end) } }
            let process = try Self.starting.withLock { _ throws(Fault) in
                for index in 0..<3 {
                    var ends: [Int32] = [0, 0]
                    guard unsafe pipe(&ends) == 0 else { throw Fault(.transient, "no pipe for \(name)") }
                    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
                    pipes[2 * index] = ends[0]
                    pipes[2 * index + 1] = ends[1]
                }
                return try spawn(name, pipes)
            }
            for end in [0, 3, 5] {
                close(pipes[end])
                pipes[end] = -1
            }
            let outcome = exchange(name, process, &pipes)
            if case .failure = outcome { kill(-process, SIGKILL) }
            var status: Int32 = 0
            while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
            var result = try outcome.get()
            result.status = status & 0x7f == 0 ? Int(status >> 8 & 0xff) : -Int(status & 0x7f)
            return result
        }

        private func spawn(_ name: String, _ pipes: [Int32]) throws(Fault) -> pid_t {
            var actions = unsafe posix_spawn_file_actions_t()
            unsafe posix_spawn_file_actions_init(&actions)
            defer { unsafe posix_spawn_file_actions_destroy(&actions) }
            unsafe posix_spawn_file_actions_adddup2(&actions, pipes[0], 0)
            unsafe posix_spawn_file_actions_adddup2(&actions, pipes[3], 1)
            unsafe posix_spawn_file_actions_adddup2(&actions, pipes[5], 2)
            var attributes = posix_spawnattr_t()
            unsafe posix_spawnattr_init(&attributes)
            defer { unsafe posix_spawnattr_destroy(&attributes) }
            // SIGPIPE is ignored in our process, and that would be inherited.
            var defaults = sigset_t()
            unsafe sigemptyset(&defaults)
            unsafe sigaddset(&defaults, SIGPIPE)
            unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
            // Dispatch's threads block signals, and that would be inherited, too: nobody could end the child.
            var nothing = sigset_t()
            unsafe sigemptyset(&nothing)
            unsafe posix_spawnattr_setsigmask(&attributes, &nothing)
            unsafe posix_spawnattr_setflags(
                &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
            unsafe posix_spawnattr_setpgroup(&attributes, 0)
            let arguments = unsafe command.arguments.map { unsafe strdup($0) } + [nil]
            let environment = unsafe command.environment?.map { unsafe strdup("\($0)=\($1)") }
            defer {
                unsafe arguments.forEach { unsafe free($0) }
                unsafe environment?.forEach { unsafe free($0) }
            }
            var process: pid_t = 0
            let code: Int32
            if let environment = unsafe environment {
                code = unsafe posix_spawnp(
                    &process, name, &actions, &attributes, arguments, environment + [nil])
            } else {
                code = unsafe posix_spawnp(&process, name, &actions, &attributes, arguments, environ)
            }
            guard code == 0 else {
                throw Fault(
                    .denied,
                    "\(name) cannot be started: \(unsafe String(cString: strerror(code)).lowercased())")
            }
            return process
        }

        /// Writes the input and reads both outputs until they end, in whatever order the program likes.
        private func exchange(_ name: String, _ process: pid_t, _ pipes: inout [Int32]) -> Result<
            ChildResult, Fault
        > {
            var result = ChildResult(status: 0, output: [])
            var sent = 0
            let deadline = Self.now() + max(0, command.timeout.nanoseconds)
            for end in [1, 2, 4] { _ = fcntl(pipes[end], F_SETFL, O_NONBLOCK) }
            while pipes[2] >= 0 || pipes[4] >= 0 {
                if isCancelled.load(ordering: .relaxed) {
                    return .failure(Fault(.cancelled, "\(name) was cancelled"))
                }
                let left = deadline - Self.now()
                if left <= 0 {
                    return .failure(Fault(.transient, "\(name) ran longer than \(command.timeout)"))
                }
                if sent == command.input.count, pipes[1] >= 0 {
                    close(pipes[1])
                    pipes[1] = -1
                }
                var polled = [
                    pollfd(fd: pipes[1], events: Int16(POLLOUT), revents: 0),
                    pollfd(fd: pipes[2], events: Int16(POLLIN), revents: 0),
                    pollfd(fd: pipes[4], events: Int16(POLLIN), revents: 0),
                ]
                // At least every 100 ms, for a cancellation.
                unsafe poll(&polled, 3, Int32(min(100, left / 1_000_000 + 1)))
                if polled[0].revents != 0 { send(&sent, &pipes[1]) }
                if polled[1].revents != 0 { Self.take(&pipes[2], into: &result.output, keeping: .max) }
                if polled[2].revents != 0 {
                    Self.take(&pipes[4], into: &result.errorOutput, keeping: SpawnedProcess.errorBytesMax)
                }
                if result.output.count > command.outputBytesMax {
                    return .failure(
                        Fault(.rejected(rows: []), "\(name) wrote more than \(command.outputBytesMax) bytes"))
                }
            }
            return .success(result)
        }

        private func send(_ sent: inout Int, _ end: inout Int32) {
            let offset = sent
            let descriptor = end
            let count = unsafe command.input.withUnsafeBytes {
                unsafe write(
                    descriptor, UnsafeRawBufferPointer(rebasing: $0[offset...]).baseAddress, $0.count - offset
                )
            }
            if count > 0 {
                sent += count
            } else if errno != EAGAIN, errno != EINTR {
                // A program need not read its input.
                close(end)
                end = -1
            }
        }

        private static func take(_ end: inout Int32, into bytes: inout [UInt8], keeping: Int) {
            var piece = [UInt8](repeating: 0, count: 64 << 10)
            let count = unsafe read(end, &piece, piece.count)
            if count > 0 {
                bytes += piece[..<min(count, max(0, keeping - bytes.count))]
            } else if count == 0 || errno != EAGAIN && errno != EINTR {
                close(end)
                end = -1
            }
        }

        private static func now() -> Int64 {
            var time = timespec()
            unsafe clock_gettime(CLOCK_MONOTONIC, &time)
            return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        }
    }
}
