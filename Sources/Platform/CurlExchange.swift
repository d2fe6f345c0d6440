import CCurl
import Engine
import Ports

/// One request under way. Made by the sender, then touched by the loop's thread only.
@safe final class CurlExchange: @unchecked Sendable {
    let id: UInt64
    private let request: HTTPRequest
    private let endpoint: Endpoint
    private var continuation: CheckedContinuation<Result<HTTPResponse, Fault>, Never>?
    private(set) var easy: UnsafeMutableRawPointer?
    private var fields: UnsafeMutablePointer<curl_slist>?
    /// Where libcurl looks for it when the connection is made.
    private var thumbprint: UnsafeMutablePointer<martlet_thumbprint>?
    private let errorText: UnsafeMutablePointer<CChar>
    private var headers = HTTPHeaders()
    private var headerBytes = 0
    private var body: [UInt8] = []
    private var isTooLarge = false
    /// All of an answer's header lines: bytes. More is refused.
    private static let headerBytesMax = 256 << 10

    init(
        id: UInt64, _ request: HTTPRequest, to endpoint: Endpoint,
        _ continuation: CheckedContinuation<Result<HTTPResponse, Fault>, Never>
    ) {
        self.id = id
        self.request = request
        self.endpoint = endpoint
        self.continuation = continuation
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        unsafe curl_slist_free_all(fields)
        unsafe thumbprint?.deallocate()
        unsafe errorText.deallocate()
    }

    var host: String { endpoint.host }

    static func id(of easy: UnsafeMutableRawPointer) -> UInt64 {
        var context: UnsafeMutableRawPointer?
        _ = unsafe martlet_curl_get_pointer(easy, CURLINFO_PRIVATE, &context)
        return unsafe context.map { unsafe Unmanaged<CurlExchange>.fromOpaque($0).takeUnretainedValue().id }
            ?? 0
    }

    func finish(_ result: Result<HTTPResponse, Fault>) {
        continuation?.resume(returning: result)
        continuation = nil
        unsafe easy = nil
    }

    func start(on easy: UnsafeMutableRawPointer, _ options: TransportOptions) {
        unsafe self.easy = unsafe easy
        func set(_ option: CURLoption, _ value: Int) { _ = unsafe martlet_curl_set_long(easy, option, value) }
        func set(_ option: CURLoption, _ text: String?) {
            guard let text else { return }
            _ = unsafe text.withCString { unsafe martlet_curl_set_pointer(easy, option, $0) }
        }
        set(CURLOPT_URL, request.url)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        set(CURLOPT_TIMEOUT_MS, milliseconds(options.timeout ?? request.timeout))
        set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(options.connectTimeout))
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_USERAGENT, options.userAgent)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_CAINFO, options.caFile)
        set(CURLOPT_SSLCERT, options.certificateFile)
        set(CURLOPT_SSLKEY, options.keyFile ?? options.certificateFile)
        unsafe setThumbprint(on: easy)
        let isDirect =
            endpoint.isLoopback || endpoint.isCredentialService || request.thumbprint != nil
        set(
            CURLOPT_PROXY, isDirect ? "" : (endpoint.isPlain ? options.proxy.http : options.proxy.https) ?? ""
        )
        set(CURLOPT_NOPROXY, options.proxy.except.joined(separator: ","))
        unsafe setMethod(set, on: easy)
        setFields()
        _ = unsafe martlet_curl_set_pointer(easy, CURLOPT_HTTPHEADER, fields)
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        _ = unsafe martlet_curl_set_pointer(easy, CURLOPT_PRIVATE, context)
        _ = unsafe martlet_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
        _ = unsafe martlet_curl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        _ = unsafe martlet_curl_set_sink(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            unsafe CurlExchange.from(context).takeBody(
                UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        _ = unsafe martlet_curl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        _ = unsafe martlet_curl_set_sink(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            unsafe CurlExchange.from(context).takeHeader(
                UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> CurlExchange {
        guard let context = unsafe context else { fatalError("libcurl lost its context") }
        return unsafe Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue()
    }

    private func milliseconds(_ span: Duration) -> Int {
        Int(max(1, min(span.nanoseconds / 1_000_000, Int64(Int32.max))))
    }

    private func setMethod(_ set: (CURLoption, Int) -> Void, on easy: UnsafeMutableRawPointer) {
        switch request.method {
        case .GET: set(CURLOPT_HTTPGET, 1)
        case .HEAD: set(CURLOPT_NOBODY, 1)
        case .POST: set(CURLOPT_POST, 1)
        case .PUT, .DELETE, .PATCH:
            if !request.body.isEmpty || request.method != .DELETE { set(CURLOPT_POST, 1) }
            _ = unsafe request.method.rawValue.withCString {
                unsafe martlet_curl_set_pointer(easy, CURLOPT_CUSTOMREQUEST, $0)
            }
        }
        let hasBody = request.method != .GET && request.method != .HEAD
        guard hasBody, !request.body.isEmpty || request.method != .DELETE else { return }
        _ = unsafe martlet_curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
        // libcurl copies: our array may move.
        _ = unsafe request.body.withUnsafeBytes {
            unsafe martlet_curl_set_pointer(
                easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress ?? UnsafeRawPointer(errorText))
        }
    }

    /// Where this cannot be had the authorities are asked, as ever, and refuse a certificate that signed itself.
    private func setThumbprint(on easy: UnsafeMutableRawPointer) {
        guard let digest = request.thumbprint.flatMap(Thumbprint.init)?.digest else { return }
        let place = UnsafeMutablePointer<martlet_thumbprint>.allocate(capacity: 1)
        unsafe place.initialize(to: martlet_thumbprint())
        unsafe place.pointee.count = UInt32(digest.count)
        unsafe withUnsafeMutableBytes(of: &place.pointee.digest) { unsafe $0.copyBytes(from: digest) }
        unsafe thumbprint = place
        _ = unsafe martlet_curl_trust_only(easy, place)
    }

    private func setFields() {
        var names: Set<String> = []
        func append(_ line: String) { unsafe fields = unsafe curl_slist_append(fields, line) }
        for field in request.headers.fields {
            names.insert(field.name.lowercased())
            // An empty value is written `Name;`: `Name:` would remove the field.
            append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        // What libcurl would add by itself and no vendor wants.
        for name in ["Expect", "Content-Type", "Accept"] where !names.contains(name.lowercased()) {
            append("\(name):")
        }
    }

    private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        if body.count + bytes.count > request.responseBytesMax {
            isTooLarge = true
            return 0
        }
        unsafe body.append(contentsOf: bytes)
        return bytes.count
    }

    private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        headerBytes += bytes.count
        if headerBytes > Self.headerBytesMax {
            isTooLarge = true
            return 0
        }
        let line = unsafe bytes.prefix { $0 != 0x0d && $0 != 0x0a }
        if unsafe line.starts(with: "HTTP/".utf8) {
            // The answer itself, after an interim one (1xx).
            headers = HTTPHeaders()
        } else if let colon = unsafe line.firstIndex(of: UInt8(ascii: ":")) {
            let name = unsafe String(decoding: line[..<colon], as: UTF8.self)
            let value = unsafe line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
            var text = unsafe String(decoding: value, as: UTF8.self)
            while text.last == " " || text.last == "\t" { text.removeLast() }
            headers.fields.append(.init(name: name, value: text))
        }
        return bytes.count
    }

    func complete(_ result: CURLcode) {
        guard result == CURLE_OK, let easy = unsafe easy else {
            finish(.failure(fault(result)))
            return
        }
        var status = 0
        _ = unsafe martlet_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        finish(.success(HTTPResponse(status: status, headers: headers, body: body)))
    }

    private func fault(_ result: CURLcode) -> Fault {
        let host = endpoint.host
        if isTooLarge || result == CURLE_FILESIZE_EXCEEDED {
            return Fault(.malformed, "\(host) answered with more than \(request.responseBytesMax) bytes")
        }
        var detail = unsafe String(cString: errorText)
        if detail.isEmpty { detail = unsafe String(cString: curl_easy_strerror(result)) }
        var proxyStatus = 0
        if let easy = unsafe easy {
            _ = unsafe martlet_curl_get_long(easy, CURLINFO_HTTP_CONNECTCODE, &proxyStatus)
        }
        if proxyStatus == 407 || proxyStatus == 403 {
            return Fault(
                .denied,
                "the proxy refused to connect to \(host) (\(proxyStatus)): check the proxy's settings")
        }
        // Before a connection stood nobody can have seen the request.
        var connected: curl_off_t = 0
        if let easy = unsafe easy {
            _ = unsafe martlet_curl_get_offset(easy, CURLINFO_PRETRANSFER_TIME_T, &connected)
        }
        var fault = fault(result, detail)
        fault.mayHaveArrived = connected > 0
        return fault
    }

    private func fault(_ result: CURLcode, _ detail: String) -> Fault {
        let host = endpoint.host
        switch result {
        case CURLE_PEER_FAILED_VERIFICATION where request.thumbprint != nil:
            return Fault(
                .denied,
                "\(host) shows another certificate than the one with the thumbprint \(request.thumbprint ?? "") (\(detail))"
            )
        case CURLE_PEER_FAILED_VERIFICATION:
            return Fault(
                .denied,
                "the certificate of \(host) cannot be trusted (\(detail)): set ca_file to its authority")
        case CURLE_SSL_CACERT_BADFILE:
            return Fault(.denied, "the file of trusted authorities for \(host) cannot be read: check ca_file")
        case CURLE_SSL_CERTPROBLEM:
            return Fault(.denied, "our certificate or key for \(host) cannot be used (\(detail))")
        case CURLE_OPERATION_TIMEDOUT:
            return Fault(.transient, "\(host) did not answer in time (\(detail))")
        case CURLE_COULDNT_RESOLVE_HOST: return Fault(.transient, "the name \(host) cannot be resolved")
        case CURLE_COULDNT_RESOLVE_PROXY:
            return Fault(.transient, "the proxy's name cannot be resolved (for \(host))")
        case CURLE_COULDNT_CONNECT: return Fault(.transient, "no connection to \(host) (\(detail))")
        // TLS 1.3 servers refuse a client's certificate after the handshake, in the first read.
        case _ where detail.contains("alert") && detail.contains("certificate"):
            return Fault(.denied, "\(host) refuses our certificate (\(detail))")
        default: return Fault(.transient, "the exchange with \(host) broke off (\(detail))")
        }
    }
}
