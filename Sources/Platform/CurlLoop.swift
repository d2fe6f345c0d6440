import CCurl
import Glibc
import Ports
import Synchronization

/// The thread that owns all of libcurl's handles; everybody else only leaves it notes.
@safe final class CurlLoop: Sendable {
    private struct Inbox {
        var submitted: [CurlExchange] = []
        var cancelled: [UInt64] = []
        var isStopping = false
        var lastID: UInt64 = 0
    }

    /// libcurl must be initialized once, before any thread uses it.
    private static let library: Void = {
        _ = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
        // OpenSSL writes without MSG_NOSIGNAL: a peer that is gone must be a fault, not our end.
        _ = signal(SIGPIPE, SIG_IGN)
    }()

    /// Connections kept open for later, over all hosts.
    private static let connectionsKept = 64
    /// Idle transfer handles kept for reuse.
    private static let handlesKept = 64
    /// The longest a lost wake-up could delay a request: milliseconds.
    private static let pollMilliseconds: Int32 = 1_000

    private let inbox = Mutex(Inbox())
    private let options: TransportOptions
    nonisolated(unsafe) private let multi: UnsafeMutableRawPointer

    init(_ options: TransportOptions) {
        _ = Self.library
        self.options = options
        guard let multi = unsafe curl_multi_init() else { fatalError("no memory for libcurl") }
        unsafe self.multi = unsafe multi
        _ = unsafe martlet_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.connectionsKept)
        _ = unsafe martlet_curl_multi_set_long(
            multi, CURLMOPT_MAX_HOST_CONNECTIONS, max(1, options.connectionsPerHostMax))
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let status = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        precondition(status == 0, "no thread for the network (error \(status))")
        pthread_detach(thread)
    }

    deinit { _ = unsafe curl_multi_cleanup(multi) }

    func nextID() -> UInt64 {
        inbox.withLock {
            $0.lastID += 1
            return $0.lastID
        }
    }

    func submit(_ exchange: CurlExchange) {
        inbox.withLock { $0.submitted.append(exchange) }
        _ = unsafe curl_multi_wakeup(multi)
    }

    func cancel(_ id: UInt64) {
        inbox.withLock { $0.cancelled.append(id) }
        _ = unsafe curl_multi_wakeup(multi)
    }

    /// What is under way is cancelled.
    func stop() {
        inbox.withLock { $0.isStopping = true }
        _ = unsafe curl_multi_wakeup(multi)
    }

    private func run() {
        var active: [UInt64: CurlExchange] = [:]
        var idle: [UnsafeMutableRawPointer] = unsafe []
        while true {
            let (submitted, cancelled, isStopping) = inbox.withLock { inbox in
                defer {
                    inbox.submitted = []
                    inbox.cancelled = []
                }
                return (inbox.submitted, inbox.cancelled, inbox.isStopping)
            }
            for exchange in submitted {
                guard let easy = unsafe idle.popLast() ?? curl_easy_init() else {
                    exchange.finish(.failure(Fault(.transient, "no memory for a request")))
                    continue
                }
                unsafe exchange.start(on: easy, options)
                guard unsafe curl_multi_add_handle(multi, easy) == CURLM_OK else {
                    exchange.finish(.failure(Fault(.transient, "no memory for a request")))
                    unsafe curl_easy_cleanup(easy)
                    continue
                }
                active[exchange.id] = exchange
            }
            for id in isStopping ? Array(active.keys) : cancelled {
                guard let exchange = active.removeValue(forKey: id), let easy = unsafe exchange.easy else {
                    continue
                }
                _ = unsafe curl_multi_remove_handle(multi, easy)
                unsafe curl_easy_cleanup(easy)
                exchange.finish(.failure(Fault(.cancelled, "the request to \(exchange.host) was cancelled")))
            }
            if isStopping { break }
            var running: Int32 = 0
            _ = unsafe curl_multi_perform(multi, &running)
            var result = CURLE_OK
            while let easy = unsafe martlet_curl_multi_finished(multi, &result) {
                _ = unsafe curl_multi_remove_handle(multi, easy)
                if let exchange = active.removeValue(forKey: unsafe CurlExchange.id(of: easy)) {
                    exchange.complete(result)
                }
                if unsafe idle.count < Self.handlesKept {
                    unsafe curl_easy_reset(easy)
                    unsafe idle.append(easy)
                } else {
                    unsafe curl_easy_cleanup(easy)
                }
            }
            _ = unsafe curl_multi_poll(multi, nil, 0, Self.pollMilliseconds, nil)
        }
        unsafe idle.forEach { unsafe curl_easy_cleanup($0) }
    }
}
