import Glibc
package import Ports

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

    /// The next bytes of standard input, at most 1 MiB; `nil` at the end. Blocks its thread while it waits.
    package static func read() throws(Fault) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count)
            }
            if count == 0 { return nil }
            if count > 0 {
                bytes.removeLast(bytes.count - count)
                return bytes
            }
            if errno != EINTR { throw Fault(.malformed, "standard input cannot be read (error \(errno))") }
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
