import Glibc

/// A TCP server on loopback that says exactly these bytes to whoever connects, after reading what was sent, and
/// then closes, resets or stays silent: what no well-behaved server does.
@safe final class RawServer: Sendable {
    enum End: Sendable { case close, reset, silence }

    let port: UInt16
    private let listener: Int32

    init(saying bytes: String, then end: End) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = unsafe bind(listener, $0, length)
                _ = unsafe getsockname(listener, $0, &length)
            }
        }
        listen(listener, 16)
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        var thread = pthread_t()
        let loop = Loop(listener: listener, bytes: Array(bytes.utf8), end: end)
        let context = unsafe Unmanaged.passRetained(loop).toOpaque()
        _ = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Loop>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        pthread_detach(thread)
    }

    deinit {
        // Wakes the thread, which then closes it.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private final class Loop: Sendable {
        let listener: Int32
        let bytes: [UInt8]
        let end: End

        init(listener: Int32, bytes: [UInt8], end: End) {
            self.listener = listener
            self.bytes = bytes
            self.end = end
        }

        func run() {
            var kept: [Int32] = []
            while true {
                let peer = accept(listener, nil, nil)
                guard peer >= 0 else { break }
                var buffer = [UInt8](repeating: 0, count: 4_096)
                _ = unsafe recv(peer, &buffer, buffer.count, 0)
                _ = unsafe send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                switch end {
                case .close: close(peer)
                case .reset:
                    var hard = linger(l_onoff: 1, l_linger: 0)
                    unsafe setsockopt(
                        peer, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
                    close(peer)
                case .silence: kept.append(peer)
                }
            }
            for peer in kept { close(peer) }
            close(listener)
        }
    }
}
