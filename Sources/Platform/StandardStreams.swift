import Dispatch
import Glibc
package import Ports
import Synchronization

/// The process's own three streams.
package enum StandardStreams {
    /// Writes all of it. Where the reader has gone the process ends, quietly, as users of `| head` expect.
    package static func write(_ bytes: [UInt8], toErrors: Bool = false) {
        let descriptor: Int32 = toErrors ? STDERR_FILENO : STDOUT_FILENO
        var done = 0
        while done < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
                return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if written > 0 {
                done += written
            } else if errno == EPIPE, !toErrors {
                exit(0)
            } else if errno != EINTR, errno != EAGAIN {
                return
            }
        }
    }

    /// Columns of the terminal on standard output, where it is one.
    package static var outputWidth: Int? {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// The next bytes of standard input, at most 1 MiB; `nil` at the end. A task that is cancelled while nothing comes
    /// gets a `cancelled` fault, and no byte is lost.
    package static func read() async throws(Fault) -> [UInt8]? {
        let isCancelled = Mutex(false)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                inputQueue.async {
                    continuation.resume(returning: readNow { isCancelled.withLock { $0 } })
                }
            }
        } onCancel: {
            isCancelled.withLock { $0 = true }
        }
        return try result.get()
    }

    /// Waiting in the kernel would hold one of the few threads that everything else shares.
    private static let inputQueue = DispatchQueue(label: "martlet.standard-input")
    /// How often a wait for input looks whether somebody still wants it: milliseconds.
    private static let inputWait: Int32 = 100

    private static func readNow(_ isCancelled: () -> Bool) -> Result<[UInt8]?, Fault> {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            if isCancelled() { return .failure(Fault(.cancelled, "standard input is no longer wanted")) }
            var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            if unsafe poll(&waiting, 1, inputWait) <= 0 { continue }
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count)
            }
            if count == 0 { return .success(nil) }
            if count > 0 {
                bytes.removeLast(bytes.count - count)
                return .success(bytes)
            }
            if errno != EINTR, errno != EAGAIN {
                return .failure(Fault(.malformed, "standard input cannot be read (error \(errno))"))
            }
        }
    }

    package static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    package static var errorsAreTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Absolute.
    package static var currentFolder: String {
        guard let path = unsafe getcwd(nil, 0) else { return "/" }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }

    /// The environment at the start; later changes are not seen.
    package static let environment: [String: String] = {
        var values: [String: String] = [:]
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            let text = unsafe String(cString: entry)
            if let mark = text.firstIndex(of: "=") {
                values[String(text[..<mark])] = String(text[text.index(after: mark)...])
            }
            unsafe next += 1
        }
        return values
    }()
}
