import Glibc
import Ports
import Synchronization
import Testing

@testable import Platform

/// A private authority, a server's and a client's certificate, made by the `openssl` tool.
private struct Authority {
    static let isPossible = unsafe access("/usr/bin/openssl", X_OK) == 0

    let folder = TemporaryFolder()

    init() async throws {
        try await make(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 2"
                + " -subj /CN=ca.example.com")
        try await make(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout other.key -out other.pem"
                + " -days 2 -subj /CN=other.example.com")
        try await folder.write("subjectAltName=IP:127.0.0.1\n", to: "names")
        for name in ["server", "client"] {
            try await make(
                "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout \(name).key -out \(name).csr"
                    + " -subj /CN=\(name).example.com")
            try await make(
                "x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -CAcreateserial -out \(name).pem -days 2"
                    + " -extfile names")
        }
    }

    private func make(_ arguments: String) async throws {
        let files =
            ["ca", "other", "server", "client"].flatMap { name in
                ["key", "pem", "csr"].map { "\(name).\($0)" }
            } + ["names"]
        let words = arguments.split(separator: " ").map { word in
            files.contains(String(word)) ? "\(folder.path)/\(word)" : String(word)
        }
        let result = try await SpawnedProcess().run(ChildCommand(["openssl"] + words))
        #expect(result.status == 0, "\(String(decoding: result.errorOutput, as: UTF8.self))")
    }

    /// A certificate's digest, as the tool prints it.
    func fingerprint(_ name: String, _ digest: String) async throws -> String {
        let result = try await SpawnedProcess().run(
            ChildCommand([
                "openssl", "x509", "-in", "\(folder.path)/\(name).pem", "-noout", "-fingerprint",
                "-\(digest)",
            ]))
        let text = String(decoding: result.output, as: UTF8.self)
        return String(text.split(separator: "=").last?.prefix { $0 != "\n" } ?? "")
    }

    /// What a server, in another language, has read of one connection when the client has closed it.
    func reading(_ body: (UInt16) async throws -> Void) async throws -> [UInt8] {
        let script = """
            import socket, ssl, sys
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[2], sys.argv[3])
            listener = socket.create_server(("127.0.0.1", 0))
            with open(sys.argv[1], "w") as file:
                print(f"ACCEPT 127.0.0.1:{listener.getsockname()[1]}", file=file)
            peer = context.wrap_socket(listener.accept()[0], server_side=True)
            while data := peer.recv(65536):
                sys.stdout.buffer.write(data)
            """
        let server = Serving(
            ["python3", "-c", script, said, "\(folder.path)/server.pem", "\(folder.path)/server.key"])
        defer { server.process.cancel() }
        try await body(try await server.port(saidIn: said))
        return try await server.process.value.output
    }

    /// OpenSSL's own test server, which is no relative of the library under test's client code path.
    func serving(_ arguments: [String], _ body: (Int) async throws -> Void) async throws {
        let server = Serving(
            [
                "sh", "-c", "exec \"$0\" \"$@\" > \(said)", "openssl", "s_server", "-accept", "127.0.0.1:0",
                "-www", "-cert", "\(folder.path)/server.pem", "-key", "\(folder.path)/server.key",
            ] + arguments)
        defer { server.process.cancel() }
        try await body(Int(try await server.port(saidIn: said)))
    }

    /// The file in which a server says where it listens.
    private var said: String { "\(folder.path)/said" }
}

/// A server in a process of its own, on a port that the system chose: one that we chose may be somebody else's.
private struct Serving {
    private final class End: Sendable { let isReached = Atomic(false) }

    let process: Task<ChildResult, any Error>
    private let end = End()

    init(_ arguments: [String]) {
        // It ends with the tests, even where those are killed.
        var command = ChildCommand(["setpriv", "--pdeathsig", "KILL"] + arguments)
        command.timeout = .seconds(120)
        process = Task { [command, end] in
            defer { end.isReached.store(true, ordering: .relaxed) }
            return try await SpawnedProcess().run(command)
        }
    }

    func port(saidIn file: String) async throws -> UInt16 {
        let says = "ACCEPT 127.0.0.1:"
        while !end.isReached.load(ordering: .relaxed) {
            let text = (try? await SystemFiles().read(file, bytesMax: 4_096)) ?? []
            // The last line is still being written.
            let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            for line in lines.map({ String(decoding: $0, as: UTF8.self) }) where line.hasPrefix(says) {
                if let port = UInt16(line.dropFirst(says.count)) { return port }
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        let words = String(decoding: try await process.value.errorOutput, as: UTF8.self)
        throw Fault(.transient, "a server ended before it listened: \(words)")
    }
}

extension Result where Failure == any Error {
    fileprivate init(catching body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

@Suite(.enabled(if: Authority.isPossible, "needs the openssl tool")) struct TLSTests {
    private func status(_ port: Int, _ options: TransportOptions) async -> Int? {
        try? await send(port, options).get().status
    }

    private func send(_ port: Int, _ options: TransportOptions) async -> Result<HTTPResponse, any Error> {
        await Result {
            try await CurlTransport(options).send(HTTPRequest(.GET, "https://127.0.0.1:\(port)/"))
        }
    }

    private func options(_ authority: Authority, ca: String?, client: String? = nil) -> TransportOptions {
        var options = TransportOptions()
        options.caFile = ca.map { "\(authority.folder.path)/\($0).pem" }
        options.certificateFile = client.map { "\(authority.folder.path)/\($0).pem" }
        options.keyFile = client.map { "\(authority.folder.path)/\($0).key" }
        return options
    }

    private func denial(_ result: Result<HTTPResponse, any Error>) -> String? {
        guard case .failure(let error) = result, let fault = error as? Fault, fault.kind == .denied else {
            return nil
        }
        return fault.message
    }

    @Test("A server is trusted by the authority that is set, and by no other")
    func trust() async throws {
        let authority = try await Authority()
        try await authority.serving([]) { port in
            #expect(await status(port, options(authority, ca: "ca")) == 200)
            #expect(denial(await send(port, options(authority, ca: "other")))?.contains("ca_file") == true)
            #expect(denial(await send(port, options(authority, ca: nil)))?.contains("ca_file") == true)
            #expect(denial(await send(port, options(authority, ca: "missing"))) != nil)
            let name = await Result {
                try await CurlTransport(options(authority, ca: "ca")).send(
                    HTTPRequest(.GET, "https://localhost:\(port)/"))
            }
            #expect(denial(name)?.contains("cannot be trusted") == true)
        }
    }

    @Test(
        "A thumbprint vouches for one certificate, whoever signed it, and for no other, whoever vouches for that"
    )
    func thumbprint() async throws {
        let authority = try await Authority()
        let (right, long) = (
            try await authority.fingerprint("server", "sha1"),
            try await authority.fingerprint("server", "sha256")
        )
        let other = try await authority.fingerprint("other", "sha1")
        try await authority.serving([]) { port in
            let url = "https://localhost:\(port)/"
            // One transport: no connection and no session may be shared by those who trust differently.
            let transport = CurlTransport(options(authority, ca: "ca"))
            func ask(_ thumbprint: String?) async -> Result<HTTPResponse, any Error> {
                var request = HTTPRequest(.GET, url)
                request.thumbprint = thumbprint
                return await Result { try await transport.send(request) }
            }
            for thumbprint in [right, right.replacing(":", with: "").lowercased(), long] {
                let answer = try await ask(thumbprint).get()
                #expect(answer.status == 200)
            }
            // The authority vouches for this certificate, and it is not the one.
            #expect(denial(await ask(other))?.contains("shows another certificate") == true)
            #expect(denial(await ask(String(repeating: "0", count: 64))) != nil)
            #expect(denial(await ask("A0B1"))?.contains("neither SHA-1 nor SHA-256") == true)
            // Its name is not in it, and without a thumbprint that counts, as ever.
            #expect(denial(await ask(nil))?.contains("cannot be trusted") == true)
            var plain = HTTPRequest(.GET, "http://localhost:\(port)/")
            plain.thumbprint = right
            let refused = await Result { [plain] in try await transport.send(plain) }
            #expect(denial(refused)?.contains("only https") == true)
        }
    }

    @Test("Mutual TLS works with our certificate and key, and without them the server refuses us")
    func mutual() async throws {
        let authority = try await Authority()
        let asks = ["-Verify", "1", "-verify_return_error", "-CAfile", "\(authority.folder.path)/ca.pem"]
        try await authority.serving(asks) { port in
            #expect(await status(port, options(authority, ca: "ca", client: "client")) == 200)
            #expect(
                denial(await send(port, options(authority, ca: "ca")))?.contains("refuses our certificate")
                    == true)
            #expect(denial(await send(port, options(authority, ca: "ca", client: "nobody"))) != nil)
        }
    }

    /// What our own server needs to speak TLS as this authority's.
    private func serverOptions(_ authority: Authority) async throws -> HTTPServer.Options {
        let volume = try FileVolume(authority.folder.path)
        func text(_ name: String) async throws -> String {
            String(decoding: try await volume.read(name, in: 0..<10_000), as: UTF8.self)
        }
        var options = HTTPServer.Options()
        options.certificate = try await text("server.pem")
        options.key = try await text("server.key")
        options.clientAuthorities = try await text("ca.pem")
        return options
    }

    @Test("Our own server takes requests of those alone that an authority vouches for, and knows their names")
    func clients() async throws {
        let authority = try await Authority()
        let server = try HTTPServer(try await serverOptions(authority)) { request in
            HTTPResponse(status: 200, body: Array((request.sender ?? "nobody").utf8))
        }
        let port = Int(server.port)
        let known = try await send(port, options(authority, ca: "ca", client: "client")).get()
        #expect(known.status == 200 && known.body == Array("client.example.com".utf8))
        #expect(await status(port, options(authority, ca: "ca")) == 403)
        // It signed itself, and is in its own eyes an authority.
        #expect(await status(port, options(authority, ca: "ca", client: "other")) == 403)
        await server.stop()
    }

    @Test("Our own server speaks TLS with its certificate")
    func server() async throws {
        let authority = try await Authority()
        var serverOptions = try await serverOptions(authority)
        serverOptions.clientAuthorities = nil
        let server = try HTTPServer(serverOptions) { _ in HTTPResponse(status: 201) }
        #expect(await status(Int(server.port), options(authority, ca: "ca")) == 201)
        #expect(denial(await send(Int(server.port), options(authority, ca: "other"))) != nil)
        await server.stop()
    }

    @Test("A stream of bytes is verified, arrives whole and in order, and a closed one is opened anew")
    func stream() async throws {
        let authority = try await Authority()
        let lines = (0..<20_000).map { "line \($0)\n" }
        let read = try await authority.reading { port in
            var options = ByteStreamOptions(host: "127.0.0.1", port: port)
            options.caFile = "\(authority.folder.path)/ca.pem"
            let stream = SocketStream(options)
            try await stream.send(Array(lines[..<10_000].joined().utf8))
            try await stream.send(Array(lines[10_000...].joined().utf8))
            await stream.close()
        }
        #expect(read == Array(lines.joined().utf8))
    }

    @Test(
        "A stream to a server that wants a certificate is refused before a byte leaves, by TLS 1.3, too",
        arguments: ["-tls1_2", "-tls1_3"])
    func refusedStream(version: String) async throws {
        let authority = try await Authority()
        let asks = [
            version, "-Verify", "1", "-verify_return_error", "-CAfile", "\(authority.folder.path)/ca.pem",
        ]
        try await authority.serving(asks) { port in
            var options = ByteStreamOptions(host: "127.0.0.1", port: UInt16(port))
            options.caFile = "\(authority.folder.path)/ca.pem"
            for client in [nil, "other"] as [String?] {
                options.certificateFile = client.map { "\(authority.folder.path)/\($0).pem" }
                options.keyFile = client.map { "\(authority.folder.path)/\($0).key" }
                let stream = SocketStream(options)
                let fault = await #expect(throws: Fault.self) { try await stream.send([1]) }
                #expect(fault?.mayHaveArrived == false, "\(String(describing: fault))")
            }
        }
    }

    @Test("A stream to a server whose certificate nobody vouches for is refused before a byte leaves")
    func untrustedStream() async throws {
        let authority = try await Authority()
        try await authority.serving([]) { port in
            var options = ByteStreamOptions(host: "127.0.0.1", port: UInt16(port))
            options.caFile = "\(authority.folder.path)/other.pem"
            let fault = await #expect(throws: Fault.self) { try await SocketStream(options).send([1]) }
            #expect(fault?.kind == .denied && fault?.mayHaveArrived == false)
            #expect(fault?.message.contains("cannot be trusted") == true)
        }
    }
}
