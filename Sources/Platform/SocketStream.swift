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
    var hasEnded: Bool {
        var buffer = [UInt8](repeating: 0, count: 1_024)
        while true {
            var count = 0
            let result = unsafe curl_easy_recv(easy, &buffer, buffer.count, &count)
            if result == CURLE_AGAIN { return false }
            if result != CURLE_OK || count == 0 { return true }
        }
    }

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
