import CMicrohttpd
import Glibc
package import Ports
import Synchronization

/// An HTTP/1.1 server whose every answer is a value computed from a request; the console's, and the tests'.
///
/// Listens on loopback unless told otherwise. A handler runs as a task; it is cancelled when the server stops.
@safe package final class HTTPServer: Sendable {
    package struct Options: Sendable {
        /// An IPv4 or IPv6 address.
        package var address = "127.0.0.1"
        /// 0 takes any free one.
        package var port: UInt16 = 0
        /// A larger body is answered with 413: bytes.
        package var bodyBytesMax = 16 << 20
        /// Bodies held at once; while there are more, requests are answered with 503: bytes.
        package var bufferedBytesMax = 256 << 20
        /// The request line and all header fields; more is answered with 431: bytes.
        package var headerBytesMax = 64 << 10
        package var connectionsMax = 256
        /// A request whose header fields have not all come after this is given up, however steadily they drip.
        package var headerSeconds = 30
        /// Connections on which nothing happens are closed after this.
        package var idleSeconds = 60
        /// Asked of every request as `Authorization: Bearer …`; others get 401.
        package var bearerToken: String?
        /// PEM texts; without them the server speaks plain HTTP.
        package var certificate: String?
        package var key: String?
        /// PEM texts of authorities; requests of who has no certificate of theirs get 403.
        package var clientAuthorities: String?

        package init() {}
    }

    /// `request.url` is the path with its query, as sent.
    package typealias Handler = @Sendable (HTTPRequest) async -> HTTPResponse

    /// Refuses a request before its body is taken in.
    package typealias Gate = @Sendable (HTTPRequest) -> HTTPResponse?

    private let core: ServerCore
    private let daemon: Mutex<UInt?>
    private let sweeper = Mutex<Task<Void, Never>?>(nil)
    package let port: UInt16

    package init(
        _ options: Options = Options(), gate: Gate? = nil, _ handler: @escaping Handler
    ) throws(Fault) {
        _ = signal(SIGPIPE, SIG_IGN)
        core = ServerCore(options, gate, handler)
        var port = options.port
        let context = unsafe Unmanaged.passRetained(core).toOpaque()
        let started = unsafe martlet_httpd_start(
            options.address, &port, UInt32(clamping: options.connectionsMax),
            UInt32(clamping: options.idleSeconds),
            options.headerBytesMax, options.certificate, options.key, options.clientAuthorities,
            ServerExchange.callbacks(), context)
        guard let started = unsafe started else {
            let reason = unsafe String(cString: strerror(errno)).lowercased()
            unsafe Unmanaged<ServerCore>.fromOpaque(context).release()
            throw Fault(.denied, "cannot listen on \(options.address):\(options.port): \(reason)")
        }
        self.port = port
        daemon = Mutex(UInt(bitPattern: started))
        sweeper.withLock { $0 = Task { await self.sweep() } }
    }

    /// Closes connections whose headers do not come, until it is cancelled.
    private func sweep() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            daemon.withLock { address in
                guard let address else { return }
                unsafe martlet_httpd_sweep(
                    OpaquePointer(bitPattern: address), UInt32(clamping: core.options.headerSeconds))
            }
        }
    }

    package var url: String {
        let options = core.options
        let host = options.address.contains(":") ? "[\(options.address)]" : options.address
        return "\(options.certificate == nil ? "http" : "https")://\(host):\(port)"
    }

    /// Stops listening, cancels the handlers that run, and returns once none does. Without it the server goes on.
    package func stop() async {
        await core.drain()
        sweeper.withLock { $0?.cancel() }
        let address = daemon.withLock { daemon in
            defer { daemon = nil }
            return daemon
        }
        guard let address else { return }
        unsafe martlet_httpd_stop(OpaquePointer(bitPattern: address))
        unsafe Unmanaged.passUnretained(core).release()
    }
}

/// What the server's thread and the handlers share; libmicrohttpd holds it until the server has stopped.
final class ServerCore: Sendable {
    private struct Running {
        var isStopping = false
        var lastID = 0
        var tasks: [Int: Task<Void, Never>] = [:]
    }

    let options: HTTPServer.Options
    let gate: HTTPServer.Gate?
    private let handler: HTTPServer.Handler
    private let running = Mutex(Running())
    /// Bytes of bodies that are being taken in or worked on.
    private let buffered = Mutex(0)

    init(
        _ options: HTTPServer.Options, _ gate: HTTPServer.Gate?, _ handler: @escaping HTTPServer.Handler
    ) {
        self.options = options
        self.gate = gate
        self.handler = handler
    }

    /// Takes so many bytes out of what all bodies together may take; `false` where there are not so many.
    func take(_ bytes: Int) -> Bool {
        buffered.withLock { buffered in
            guard buffered + bytes <= options.bufferedBytesMax else { return false }
            buffered += bytes
            return true
        }
    }

    func giveBack(_ bytes: Int) { buffered.withLock { $0 -= bytes } }

    var isStopping: Bool { running.withLock { $0.isStopping } }

    /// Runs the handler as a task, then `done`.
    func handle(_ request: HTTPRequest, then done: @escaping @Sendable (HTTPResponse) -> Void) {
        running.withLock { running in
            running.lastID += 1
            let id = running.lastID
            running.tasks[id] = Task {
                done(await self.handler(request))
                self.running.withLock { $0.tasks[id] = nil }
            }
            if running.isStopping { running.tasks[id]?.cancel() }
        }
    }

    func drain() async {
        running.withLock { $0.isStopping = true }
        while true {
            let tasks = running.withLock { Array($0.tasks.values) }
            if tasks.isEmpty { return }
            for task in tasks { task.cancel() }
            for task in tasks { await task.value }
        }
    }
}
