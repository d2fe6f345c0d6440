import CCurl
import Engine
import Glibc
package import Ports

/// A TCP connection, with TLS unless told otherwise, made and verified by libcurl, on a thread of its own.
@safe package actor SocketStream: ByteStream {
    private let options: ByteStreamOptions
    private let executor = BlockingExecutor("martlet.stream")
    private var connection: Connection?

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    package init(_ options: ByteStreamOptions) { self.options = options }

    package nonisolated var origin: String { "\(options.host):\(options.port)" }

    package func send(_ bytes: [UInt8]) async throws(Fault) {
        // The other side may have closed an idle connection: what is written into it would be lost without a word.
        if let open = connection, open.hasEnded { connection = nil }
        let open: Connection
        if let known = connection {
            open = known
        } else {
            open = try Connection(options, origin)
            connection = open
        }
        do throws(Fault) {
            try open.send(bytes, within: options.timeout, origin)
            try open.settle(within: options.timeout, origin)
        } catch {
            connection = nil
            throw error
        }
    }

    package func close() async { connection = nil }
}

/// One connection of libcurl's, closed when nobody holds it any more.
@safe private final class Connection: @unchecked Sendable {
    private let easy: UnsafeMutableRawPointer
    private var socket: Int32 = -1

    init(_ options: ByteStreamOptions, _ origin: String) throws(Fault) {
        guard let easy = unsafe curl_easy_init() else { throw Fault(.transient, "no memory for libcurl") }
        unsafe self.easy = unsafe easy
        func set(_ option: CURLoption, _ value: Int) { _ = unsafe martlet_curl_set_long(easy, option, value) }
        func set(_ option: CURLoption, _ text: String?) {
            guard let text else { return }
            _ = unsafe text.withCString { unsafe martlet_curl_set_pointer(easy, option, $0) }
        }
        var words = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
        let host = options.host.contains(":") ? "[\(options.host)]" : options.host
        set(CURLOPT_URL, "\(options.usesTLS ? "https" : "http")://\(host):\(options.port)/")
        set(CURLOPT_CONNECT_ONLY, 1)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(options.timeout.nanoseconds / 1_000_000))
        set(CURLOPT_SSL_ENABLE_ALPN, 0)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_CAINFO, options.caFile)
        set(CURLOPT_SSLCERT, options.certificateFile)
        set(CURLOPT_SSLKEY, options.keyFile ?? options.certificateFile)
        // A stream of syslog goes through no HTTP proxy.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_TCP_KEEPALIVE, 1)
        let result = unsafe words.withUnsafeMutableBufferPointer { buffer in
            _ = unsafe martlet_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, buffer.baseAddress)
            let result = unsafe curl_easy_perform(easy)
            _ = unsafe martlet_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, nil)
            return result
        }
        guard result == CURLE_OK, unsafe martlet_curl_get_socket(easy, &socket) == CURLE_OK else {
            let detail = String(
                decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw Self.fault(result, origin, detail)
        }
        if options.usesTLS { try awaitRefusal(origin) }
    }

    deinit { unsafe curl_easy_cleanup(easy) }

    private static func fault(_ result: CURLcode, _ origin: String, _ detail: String) -> Fault {
        switch result {
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
            Fault(
                .denied,
                "the certificate of \(origin) cannot be trusted (\(detail)): set ca_file to its authority",
                mayHaveArrived: false)
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM:
            Fault(
                .denied, "a certificate file for \(origin) cannot be used (\(detail))", mayHaveArrived: false)
        default: Fault(.transient, "no connection to \(origin) (\(detail))", mayHaveArrived: false)
        }
    }

    /// Whether the other side has closed it. What it sends is of no interest and thrown away.
    var hasEnded: Bool { end != nil }

    /// How the other side has ended it, in libcurl's words.
    private var end: String? {
        var buffer = [UInt8](repeating: 0, count: 1_024)
        var words = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
        return unsafe words.withUnsafeMutableBufferPointer { words in
            _ = unsafe martlet_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, words.baseAddress)
            defer { _ = unsafe martlet_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, nil) }
            while true {
                var count = 0
                let result = unsafe curl_easy_recv(easy, &buffer, buffer.count, &count)
                if result == CURLE_AGAIN { return nil }
                guard result == CURLE_OK, count > 0 else {
                    let text = unsafe String(
                        decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                    return text.isEmpty ? "it closed the connection" : text
                }
            }
        }
    }

    /// Waits as long as a refusal may take. By TLS 1.3 a server says that our certificate is missing, or not to its liking,
    /// when we believe that all is well: what was sent until then is gone.
    private func awaitRefusal(_ origin: String) throws(Fault) {
        var microseconds: curl_off_t = 0
        _ = unsafe martlet_curl_get_offset(easy, CURLINFO_CONNECT_TIME_T, &microseconds)
        // The client's last word goes there, and the refusal comes back.
        let milliseconds =
            Self.refusalMilliseconds + min(2 * Int(microseconds) / 1_000, Self.refusalMilliseconds * 10)
        for _ in 0..<milliseconds / 10 {
            var look = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&look, 1, 10) > 0 else { continue }
            if let end {
                let isRefusal = end.contains("alert") && end.contains("certificate")
                throw Fault(
                    isRefusal ? .denied : .transient,
                    isRefusal
                        ? "\(origin) refuses our certificate (\(end))"
                        : "\(origin) ended the connection as soon as it stood, as one does that refuses a certificate (\(end))",
                    mayHaveArrived: false)
            }
        }
    }

    /// What a server needs to refuse a certificate, beside the way there and back.
    private static let refusalMilliseconds = 250

    /// Waits until the other side's system has acknowledged all that was sent: what is still in our own buffers when the
    /// connection breaks, or that machine stops, is lost without a word otherwise. That a program there has read it, no
    /// byte stream can say; but a connection that it has closed by now it may have closed without reading.
    func settle(within timeout: Duration, _ origin: String) throws(Fault) {
        var pause = Self.firstLook
        var waited: Int64 = 0
        while martlet_unacknowledged(socket) > 0 {
            guard waited < timeout.nanoseconds else {
                throw Fault(.transient, "\(origin) does not acknowledge what was sent")
            }
            usleep(UInt32(pause / 1_000))
            waited += pause
            pause = min(pause * 2, Self.longestLook)
        }
        if hasEnded { throw Fault(.transient, "\(origin) closed the connection at the end of a batch") }
    }

    /// Between two looks at what is not acknowledged yet: nanoseconds, doubled from look to look.
    private static let firstLook: Int64 = 20_000
    private static let longestLook: Int64 = 10_000_000

    func send(_ bytes: [UInt8], within timeout: Duration, _ origin: String) throws(Fault) {
        var at = 0
        while at < bytes.count {
            var count = 0
            let result = unsafe bytes.withUnsafeBytes { all in
                unsafe curl_easy_send(easy, all.baseAddress.map { unsafe $0 + at }, bytes.count - at, &count)
            }
            at += count
            switch result {
            case CURLE_OK: continue
            case CURLE_AGAIN:
                var look = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
                let ready = unsafe poll(&look, 1, Int32(clamping: timeout.nanoseconds / 1_000_000))
                if ready > 0 { continue }
                throw Fault(.transient, "\(origin) takes nothing any more", mayHaveArrived: at > 0)
            default:
                let words = unsafe String(cString: curl_easy_strerror(result))
                throw Fault(.transient, "the connection to \(origin) broke off (\(words))")
            }
        }
    }
}
