import Foundation
import Glibc
import Platform
import Ports
import Synchronization

/// A daemon of Debian's, as `scripts/bootstrap` unpacks it: nothing of it is installed, and it runs in a test alone.
///
/// It runs in the foreground, and ends when the tests end, however they do.
final class PeerDaemon: Sendable {
    private static let root = "\(Program.root)/.tools/peers"
    private static let sharedObjects: String = {
        #if arch(arm64)
            "usr/lib/aarch64-linux-gnu"
        #else
            "usr/lib/x86_64-linux-gnu"
        #endif
    }()
    /// Where the daemons' own modules are.
    static let modules = (
        rsyslog: "\(root)/\(sharedObjects)/rsyslog",
        syslogNG: "\(root)/usr/lib/syslog-ng/3.38"
    )

    /// Becomes the daemon, in the folder `$0`. The thread that started it waits for it: when that is gone, so are the tests.
    private static let starter = """
        cd "$0"; echo $$ >daemon.pid; exec setpriv --pdeathsig KILL "$@" >>daemon.log 2>&1
        """

    static func path(_ name: String) -> String { "\(root)/usr/sbin/\(name)" }

    static func isUnpacked(_ names: String...) -> Bool {
        Program.isBuilt && names.allSatisfy { FileManager.default.isExecutableFile(atPath: path($0)) }
    }

    let port: UInt16
    private let folder: String
    private let words: [String]
    /// Its task, and whether that is over.
    private let running = Mutex<(task: Task<ChildResult, any Error>, end: End)?>(nil)

    private final class End: Sendable {
        let isReached = Atomic(false)
    }

    private init(_ words: [String], in folder: String, port: UInt16) {
        self.words = words
        self.folder = folder
        self.port = port
    }

    deinit { running.withLock { $0?.task.cancel() } }

    /// Starts a daemon on a free port and waits until it is the one that listens there.
    ///
    /// - Parameter configure: writes its configuration for a port, and says how it is started.
    static func start(
        _ name: String, in folder: String, configure: (UInt16) throws -> [String]
    ) async throws -> PeerDaemon {
        var failure: any Error = Fault(.transient, "")
        for _ in 0..<5 {
            // Between its end and the daemon's start somebody else may get the port: then another one is tried.
            let free = try HTTPServer(HTTPServer.Options()) { _ in HTTPResponse(status: 404) }
            let port = free.port
            await free.stop()
            let daemon = PeerDaemon([path(name)] + (try configure(port)), in: folder, port: port)
            do {
                try await daemon.start()
                return daemon
            } catch {
                failure = error
                await daemon.stop(SIGKILL)
            }
        }
        throw failure
    }

    func start() async throws {
        try? FileManager.default.removeItem(atPath: "\(folder)/daemon.pid")
        var command = ChildCommand(["/bin/sh", "-c", Self.starter, folder] + words)
        let libraries = [Self.sharedObjects, String(Self.sharedObjects.dropFirst(4)), "usr/lib/syslog-ng"]
        command.environment = [
            "PATH": "/usr/bin:/bin",
            "LD_LIBRARY_PATH": libraries.map { "\(Self.root)/\($0)" }.joined(separator: ":"),
        ]
        command.timeout = .seconds(300)
        let end = End()
        let task = Task { [command] in
            defer { end.isReached.store(true, ordering: .relaxed) }
            return try await SpawnedProcess().run(command)
        }
        running.withLock { $0 = (task, end) }
        for _ in 0..<1_000 where !end.isReached.load(ordering: .relaxed) {
            if listens { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        let log = (try? String(contentsOfFile: "\(folder)/daemon.log", encoding: .utf8)) ?? ""
        throw Fault(.transient, "\(words[0]) does not listen on \(port): \(log.suffix(2_000))")
    }

    /// Ends it by a signal, and returns when it has ended.
    func stop(_ signal: Int32 = SIGTERM) async {
        guard let (task, end) = running.withLock({ $0 }) else { return }
        running.withLock { $0 = nil }
        if let identifier, !end.isReached.load(ordering: .relaxed) { kill(identifier, signal) }
        for _ in 0..<1_000 where !end.isReached.load(ordering: .relaxed) {
            try? await Task.sleep(for: .milliseconds(10))
        }
        // Whoever has not ended when he was asked to is ended now.
        task.cancel()
        _ = try? await task.value
    }

    private var identifier: pid_t? {
        let text = try? String(contentsOfFile: "\(folder)/daemon.pid", encoding: .utf8)
        return text.flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// Whether this process, and nobody else, has the port.
    private var listens: Bool {
        guard let identifier else { return false }
        let descriptors = "/proc/\(identifier)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: descriptors)) ?? []
        let held = Set(
            names.compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "\(descriptors)/\($0)")
            })
        let address = "0100007F:" + String(format: "%04X", Int(port))
        let table = (try? String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)) ?? ""
        return table.split(separator: "\n").contains { line in
            let fields = line.split(separator: " ")
            return fields.count > 9 && fields[1] == address && fields[3] == "0A"
                && held.contains("socket:[\(fields[9])]")
        }
    }
}

/// A private authority, and certificates of a server, a client and a stranger, in the folder `tls`.
enum PeerAuthority {
    private static let script = """
        set -e; mkdir -p "$0/tls"; cd "$0/tls"; echo subjectAltName=IP:127.0.0.1 >names
        for ca in ca other; do
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout $ca.key -out $ca.pem \\
                -days 2 -subj /CN=$ca.example.com
        done
        for pair in server:ca client:ca stranger:other; do
            name=${pair%:*}; ca=${pair#*:}
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout $name.key -out $name.csr \\
                -subj /CN=$name.example.com
            openssl x509 -req -in $name.csr -CA $ca.pem -CAkey $ca.key -CAcreateserial -out $name.pem -days 2 \\
                -extfile names
        done
        """

    static func make(in program: Program) async throws {
        let result = try await SpawnedProcess().run(ChildCommand(["/bin/sh", "-c", script, program.folder]))
        guard result.status == 0 else {
            throw Fault(.denied, "openssl: \(String(decoding: result.errorOutput, as: UTF8.self))")
        }
    }

    /// What an exporter's `tls` says, as this client.
    static func tls(_ client: String? = "client") -> String {
        let own = client.map { ", client_certificate: tls/\($0).pem, client_key: tls/\($0).key" } ?? ""
        return "{ca_file: tls/ca.pem\(own)}"
    }
}
