import CMicrohttpd
import Glibc
import Ports
import Synchronization

/// One request and its answer, on the server's thread; a handler's task only leaves the answer.
@safe final class ServerExchange: @unchecked Sendable {
    private enum Stage { case headers, body, handling, refused }

    private let core: ServerCore
    private var stage = Stage.headers
    private var request: HTTPRequest
    private var isTooLarge = false
    /// Whether all bodies together have become too many.
    private var isCrowded = false
    /// Bytes of the body that count among all bodies.
    private var taken = 0
    private let answer = Mutex<HTTPResponse?>(nil)

    init(_ core: ServerCore, _ uri: String) {
        self.core = core
        request = HTTPRequest(.GET, uri)
    }

    deinit { giveBack() }

    /// The body no longer counts among all bodies.
    private func giveBack() {
        core.giveBack(taken)
        taken = 0
    }

    static func callbacks() -> martlet_httpd_callbacks {
        unsafe martlet_httpd_callbacks(
            begin: { context, uri in
                guard let context = unsafe context, let uri = unsafe uri else { return nil }
                let core = unsafe Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
                return unsafe Unmanaged.passRetained(ServerExchange(core, String(cString: uri))).toOpaque()
            },
            proceed: { _, exchange, connection, method, bytes, count in
                guard let exchange = unsafe exchange, let connection = unsafe connection,
                    let method = unsafe method
                else { return 0 }
                let body = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
                let isWell = unsafe Unmanaged<ServerExchange>.fromOpaque(exchange).takeUnretainedValue()
                    .proceed(
                        connection, method: String(cString: method), body)
                return isWell ? 1 : 0
            },
            end: { exchange in
                guard let exchange = unsafe exchange else { return }
                unsafe Unmanaged<ServerExchange>.fromOpaque(exchange).release()
            })
    }

    /// `false` drops the connection.
    private func proceed(_ connection: OpaquePointer, method: String, _ bytes: UnsafeRawBufferPointer) -> Bool
    {
        switch stage {
        case .headers:
            stage = .body
            unsafe readHeaders(connection)
            if core.options.clientAuthorities != nil {
                request.sender = unsafe Self.sender(on: connection)
            }
            guard let refusal = refusal(method: method) else { return true }
            stage = .refused
            return unsafe send(refusal, on: connection)
        case .body where bytes.count > 0:
            if isTooLarge || request.body.count + bytes.count > core.options.bodyBytesMax {
                isTooLarge = true
                request.body = []
            } else if isCrowded || !core.take(bytes.count) {
                isCrowded = true
                request.body = []
            } else {
                taken += bytes.count
                unsafe request.body.append(contentsOf: bytes)
            }
            return true
        case .body:
            if isTooLarge {
                stage = .refused
                return unsafe send(
                    Self.text(413, "the body is larger than \(core.options.bodyBytesMax) bytes"),
                    on: connection)
            }
            if isCrowded {
                stage = .refused
                var busy = Self.text(503, "too many requests are in work")
                busy.headers["Retry-After"] = "1"
                return unsafe send(busy, on: connection)
            }
            stage = .handling
            // Suspended first: the answer may be there before this returns.
            unsafe martlet_httpd_suspend(connection)
            let address = UInt(bitPattern: connection)
            core.handle(request) { [self] response in
                answer.withLock { $0 = response }
                unsafe martlet_httpd_resume(OpaquePointer(bitPattern: address))
            }
            request.body = []
            return true
        case .handling:
            guard let response = answer.withLock({ $0 }) else { return true }
            giveBack()
            return unsafe send(response, on: connection)
        case .refused: return true
        }
    }

    private func readHeaders(_ connection: OpaquePointer) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe martlet_httpd_headers(
            connection,
            { context, name, value in
                guard let context = unsafe context, let name = unsafe name, let value = unsafe value else {
                    return
                }
                let exchange = unsafe Unmanaged<ServerExchange>.fromOpaque(context).takeUnretainedValue()
                unsafe exchange.request.headers.fields.append(
                    .init(name: String(cString: name), value: String(cString: value)))
            }, context)
    }

    /// `nil` without a certificate that holds; a longer name than a certificate's may be is none.
    private static func sender(on connection: OpaquePointer) -> String? {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe martlet_httpd_client(connection, &name, name.count) != 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What can be refused before the body is read.
    private func refusal(method: String) -> HTTPResponse? {
        if core.isStopping { return Self.text(503, "stopping") }
        guard let known = HTTPRequest.Method(rawValue: method) else {
            return Self.text(405, "unknown method")
        }
        request.method = known
        if core.options.clientAuthorities != nil, request.sender == nil {
            return Self.text(403, "a certificate of an authority that is trusted here is needed")
        }
        if let token = core.options.bearerToken,
            !Self.equalInConstantTime(request.headers["authorization"] ?? "", "Bearer \(token)")
        {
            var response = Self.text(401, "a bearer token is needed")
            response.headers["WWW-Authenticate"] = "Bearer"
            return response
        }
        if let length = request.headers["content-length"].flatMap(Int.init),
            length > core.options.bodyBytesMax
        {
            return Self.text(413, "the body is larger than \(core.options.bodyBytesMax) bytes")
        }
        return core.gate?(request)
    }

    private static func text(_ status: Int, _ message: String) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["Content-Type": "text/plain; charset=utf-8"],
            body: Array("\(message)\n".utf8))
    }

    private static func equalInConstantTime(_ a: String, _ b: String) -> Bool {
        let (a, b) = (Array(a.utf8), Array(b.utf8))
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func send(_ response: HTTPResponse, on connection: OpaquePointer) -> Bool {
        let texts = unsafe response.headers.fields
            // The server writes these itself.
            .filter { !["content-length", "connection", "transfer-encoding"].contains($0.name.lowercased()) }
            .flatMap { unsafe [strdup($0.name), strdup($0.value)] }
        defer { unsafe texts.forEach { unsafe free($0) } }
        let pairs = unsafe texts.map { unsafe UnsafePointer<CChar>($0) }
        return unsafe martlet_httpd_answer(
            connection, UInt32(clamping: response.status), pairs, pairs.count / 2, response.body,
            response.body.count) == 1
    }
}
