import CCurl
import Engine
import Glibc
package import Ports

/// SMTP by libcurl, a connection for each mail, on a thread of its own.
@safe package actor CurlMailer: Mailer {
    private let options: MailerOptions
    private let executor = BlockingExecutor("martlet.mail")

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    package init(_ options: MailerOptions) { self.options = options }

    package nonisolated var origin: String { "\(options.host):\(options.port)" }

    /// What libcurl reads the mail from.
    private final class Source {
        let bytes: [UInt8]
        var at = 0
        init(_ bytes: [UInt8]) { self.bytes = bytes }
    }

    package func send(_ message: MailMessage) async throws(Fault) {
        guard let easy = unsafe curl_easy_init() else { throw Fault(.transient, "no memory for libcurl") }
        defer { unsafe curl_easy_cleanup(easy) }
        func set(_ option: CURLoption, _ value: Int) { _ = unsafe martlet_curl_set_long(easy, option, value) }
        func set(_ option: CURLoption, _ text: String?) {
            guard let text else { return }
            _ = unsafe text.withCString { unsafe martlet_curl_set_pointer(easy, option, $0) }
        }
        let host = options.host.contains(":") ? "[\(options.host)]" : options.host
        set(CURLOPT_URL, "\(options.security == .tls ? "smtps" : "smtp")://\(host):\(options.port)")
        set(CURLOPT_USE_SSL, options.security == .startTLS ? Int(CURLUSESSL_ALL.rawValue) : 0)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_TIMEOUT_MS, Int(options.timeout.nanoseconds / 1_000_000))
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_CAINFO, options.caFile)
        set(CURLOPT_USERNAME, options.user)
        set(CURLOPT_PASSWORD, options.password)
        set(CURLOPT_PROXY, "")
        set(CURLOPT_UPLOAD, 1)
        set(CURLOPT_MAIL_FROM, "<\(message.from)>")
        var recipients: UnsafeMutablePointer<curl_slist>?
        defer { unsafe curl_slist_free_all(recipients) }
        for address in message.to { unsafe recipients = unsafe curl_slist_append(recipients, "<\(address)>") }
        _ = unsafe martlet_curl_set_pointer(easy, CURLOPT_MAIL_RCPT, recipients)
        let source = Source(message.text)
        let context = unsafe Unmanaged.passRetained(source).toOpaque()
        defer { unsafe Unmanaged<Source>.fromOpaque(context).release() }
        _ = unsafe martlet_curl_set_pointer(easy, CURLOPT_READDATA, context)
        _ = unsafe martlet_curl_set_sink(easy, CURLOPT_READFUNCTION) { target, size, count, context in
            guard let context = unsafe context, let target = unsafe target else { return 0 }
            let source = unsafe Unmanaged<Source>.fromOpaque(context).takeUnretainedValue()
            let taken = min(size * count, source.bytes.count - source.at)
            unsafe source.bytes.withUnsafeBytes { all in
                if taken > 0, let base = all.baseAddress {
                    unsafe memcpy(target, base + source.at, taken)
                }
            }
            source.at += taken
            return taken
        }
        var words = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
        let result = unsafe words.withUnsafeMutableBufferPointer { buffer in
            _ = unsafe martlet_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, buffer.baseAddress)
            return unsafe curl_easy_perform(easy)
        }
        if result == CURLE_OK { return }
        var status = 0
        _ = unsafe martlet_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        let detail = String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw fault(result, status, source.at, detail)
    }

    private func fault(_ result: CURLcode, _ status: Int, _ sent: Int, _ detail: String) -> Fault {
        // Until the mail's last byte is out, nobody has it.
        let mayHaveArrived = sent > 0 && status < 400
        switch result {
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
            return Fault(
                .denied,
                "the certificate of \(origin) cannot be trusted (\(detail)): set ca_file to its authority",
                mayHaveArrived: false)
        case CURLE_USE_SSL_FAILED:
            return Fault(
                .denied, "\(origin) offers no STARTTLS: use port 465 with security: tls",
                mayHaveArrived: false)
        case CURLE_LOGIN_DENIED:
            return Fault(
                .denied, "\(origin) refuses the user or the password (\(detail))", mayHaveArrived: false)
        default: break
        }
        switch status {
        case 552,
            554 where sent > 0:
            return Fault(.rejected(rows: []), "\(origin) will not take the mail (\(status): \(detail))")
        case 500...599:
            return Fault(.denied, "\(origin) refuses (\(status): \(detail))", mayHaveArrived: false)
        default:
            return Fault(.transient, "\(origin): \(detail) (\(status))", mayHaveArrived: mayHaveArrived)
        }
    }
}
