import Dispatch
import Glibc
import Synchronization

/// A program that shows text page by page on the terminal, such as `less`.
package final class Pager: Sendable {
    private let process: pid_t
    /// Where the text goes; -1 once the program reads no more.
    private let input: Mutex<Int32>

    /// Starts `command`, as a shell would understand it; `nil` stands for `less`.
    ///
    /// - Returns: `nil` where there is no such program.
    package init?(_ command: String?, environment: [String: String]) {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var environment = environment
        // What fits on one screen is left there, colours are shown, and the screen is not cleared.
        if environment["LESS"] == nil { environment["LESS"] = "FRX" }
        let words = command.map { ["/bin/sh", "-c", $0] } ?? ["less"]
        let started = Self.spawn(words, environment, input: ends[0])
        close(ends[0])
        guard let started else {
            close(ends[1])
            return nil
        }
        process = started
        input = Mutex(ends[1])
    }

    private static func spawn(_ words: [String], _ environment: [String: String], input: Int32) -> pid_t? {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // What our process ignores or blocks would be inherited.
        var defaults = sigset_t()
        unsafe sigemptyset(&defaults)
        for signal in [SIGPIPE, SIGINT, SIGTERM] { unsafe sigaddset(&defaults, signal) }
        unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
        var nothing = sigset_t()
        unsafe sigemptyset(&nothing)
        unsafe posix_spawnattr_setsigmask(&attributes, &nothing)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        let variables = unsafe environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
        defer {
            unsafe arguments.forEach { unsafe free($0) }
            unsafe variables.forEach { unsafe free($0) }
        }
        var process: pid_t = 0
        let code = unsafe posix_spawnp(&process, words[0], &actions, &attributes, arguments, variables)
        return code == 0 ? process : nil
    }

    /// Hands text on, at the pace at which it is read; false once nobody reads it any more.
    package func write(_ bytes: [UInt8]) -> Bool {
        input.withLock { descriptor in
            var done = 0
            while descriptor >= 0, done < bytes.count {
                let end = descriptor
                let written = unsafe bytes.withUnsafeBytes {
                    unsafe Glibc.write(
                        end, UnsafeRawBufferPointer(rebasing: $0[done...]).baseAddress, $0.count - done)
                }
                if written >= 0 {
                    done += written
                } else if errno != EINTR {
                    close(descriptor)
                    descriptor = -1
                }
            }
            return descriptor >= 0
        }
    }

    /// Waits until the user has seen enough.
    package func finish() async {
        input.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            DispatchQueue.global().async { [process] in
                var status: Int32 = 0
                while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
                continuation.resume()
            }
        }
    }
}
