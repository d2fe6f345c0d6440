import Dispatch
import Glibc

/// Where the handler writes a signal's number: a handler may do next to nothing else.
nonisolated(unsafe) private var pipeEnd: Int32 = -1

/// SIGINT and SIGTERM as values in a stream, and SIGPIPE ignored.
///
/// A second SIGINT ends the process at once: somebody is waiting. Handlers, unlike blocked signals, are reset in
/// child processes, so that these can still be stopped.
package enum StopSignals {
    package enum Kind: Sendable { case interrupt, terminate }

    /// Once per process.
    package static func listen() -> AsyncStream<Kind> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Kind.self, bufferingPolicy: .bufferingNewest(4))
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { return stream }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let readEnd = ends[0]
        unsafe pipeEnd = ends[1]
        _ = signal(SIGPIPE, SIG_IGN)
        for number in [SIGINT, SIGTERM] {
            _ = signal(number) { number in
                var byte = UInt8(truncatingIfNeeded: number)
                unsafe _ = write(pipeEnd, &byte, 1)
            }
        }
        DispatchQueue(label: "martlet.stop-signals").async {
            var isInterrupted = false
            var byte: UInt8 = 0
            while unsafe read(readEnd, &byte, 1) == 1 {
                let isInterrupt = Int32(byte) == SIGINT
                if isInterrupt, isInterrupted { _exit(130) }
                isInterrupted = isInterrupted || isInterrupt
                continuation.yield(isInterrupt ? .interrupt : .terminate)
            }
        }
        return stream
    }
}
