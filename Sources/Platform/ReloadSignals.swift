import Dispatch
import Glibc
package import Ports

/// Where the handler writes: it may do next to nothing else.
nonisolated(unsafe) private var reloadPipeEnd: Int32 = -1

/// SIGHUP as a pulse. Until somebody listens the signal ends the process, as it does when a terminal is closed.
package enum ReloadSignals {
    /// The process's one pulse; listening begins with the first use.
    package static let pulse: Pulse = {
        let pulse = Pulse()
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { return pulse }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let readEnd = ends[0]
        unsafe reloadPipeEnd = ends[1]
        _ = signal(SIGHUP) { _ in
            var byte: UInt8 = 1
            unsafe _ = write(reloadPipeEnd, &byte, 1)
        }
        DispatchQueue(label: "martlet.reload-signals").async {
            var byte: UInt8 = 0
            while unsafe read(readEnd, &byte, 1) == 1 { pulse.beat() }
        }
        return pulse
    }()
}
