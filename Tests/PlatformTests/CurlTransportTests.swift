import Engine
import Ports
import Synchronization
import Testing

@testable import Platform

/// Serves one handler for the length of `body`.
private func serving<R: Sendable>(
    _ handler: @escaping HTTPServer.Handler, options: HTTPServer.Options = .init(),
    _ body: (HTTPServer) async throws -> R
) async throws -> R {
    let server = try HTTPServer(options, handler)
    do {
        let result = try await body(server)
        await server.stop()
        return result
    } catch {
        await server.stop()
        throw error
    }
}

private func fault(_ body: () async throws -> Void) async -> Fault? {
    do {
        try await body()
        return nil
    } catch {
        return error as? Fault
    }
}

@Suite struct CurlTransportTests {
    private let echo: HTTPServer.Handler = { request in
        HTTPResponse(
            status: 200, headers: ["X-Method": request.method.rawValue, "X-Path": request.url, "X-One": "1"],
            body: request.body)
    }

    @Test(
        "Sends every method with its headers and body, and brings back the answer whole",
        arguments: [HTTPRequest.Method.GET, .POST, .PUT, .PATCH, .DELETE, .HEAD])
    func methods(method: HTTPRequest.Method) async throws {
        try await serving(echo) { server in
            let transport = CurlTransport()
            let sent = method == .GET || method == .HEAD ? [] : [UInt8](repeating: 7, count: 300_000)
            let answer = try await transport.send(
                HTTPRequest(method, server.url + "/a%20b?x=1&y=%2F", headers: ["X-Empty": ""], body: sent))
            #expect(answer.status == 200)
            #expect(answer.headers["x-method"] == method.rawValue)
            #expect(answer.headers["x-path"] == "/a%20b?x=1&y=%2F")
            #expect(answer.body == sent)
        }
    }

    @Test("Adds nothing that was not asked for, beside a host, a length and its name")
    func headers() async throws {
        let seen = Mutex<[HTTPHeaders.Field]>([])
        let handler: HTTPServer.Handler = { request in
            seen.withLock { $0 = request.headers.fields }
            return HTTPResponse(status: 204)
        }
        try await serving(handler) { server in
            let answer = try await CurlTransport().send(
                HTTPRequest(
                    .POST, server.url, headers: ["X-Empty": "", "Authorization": "Splunk t"], body: [1]))
            #expect(answer.status == 204)
            let names = seen.withLock { $0.map(\.name) }.sorted()
            #expect(names == ["Authorization", "Content-Length", "Host", "User-Agent", "X-Empty"])
        }
    }

    @Test("A thousand requests at once all come back, each with its own answer")
    func many() async throws {
        try await serving(echo) { server in
            let transport = CurlTransport()
            let bodies = await withTaskGroup(of: [UInt8]?.self) { group in
                for index in 0..<1_000 {
                    group.addTask {
                        try? await transport.send(
                            HTTPRequest(.POST, server.url, body: Array("\(index)".utf8))
                        ).body
                    }
                }
                return await group.reduce(into: Set<String>()) { set, body in
                    set.insert(String(decoding: body ?? [], as: UTF8.self))
                }
            }
            #expect(bodies == Set((0..<1_000).map(String.init)))
        }
    }

    @Test("An error status and a redirect are answers, and a redirect is not followed")
    func statuses() async throws {
        let handler: HTTPServer.Handler = { request in
            request.url == "/moved"
                ? HTTPResponse(status: 302, headers: ["Location": "/elsewhere"]) : HTTPResponse(status: 503)
        }
        try await serving(handler) { server in
            let transport = CurlTransport()
            let moved = try await transport.send(HTTPRequest(.GET, server.url + "/moved"))
            #expect(moved.status == 302)
            #expect(moved.headers["location"] == "/elsewhere")
            #expect(try await transport.send(HTTPRequest(.GET, server.url)).status == 503)
        }
    }

    @Test("An answer over the limit is refused, whether its length was announced or not")
    func tooLarge() async throws {
        let handler: HTTPServer.Handler = { _ in
            HTTPResponse(status: 200, body: [UInt8](repeating: 1, count: 5_000))
        }
        try await serving(handler) { server in
            var request = HTTPRequest(.GET, server.url)
            request.responseBytesMax = 4_999
            let fault = await fault { _ = try await CurlTransport().send(request) }
            #expect(fault?.kind == .malformed)
            request.responseBytesMax = 5_000
            let whole = try await CurlTransport().send(request)
            #expect(whole.body.count == 5_000)
        }
    }

    @Test("A server that breaks off, says nothing or is not there is a transient fault that names the host")
    func broken() async throws {
        let cases: [(RawServer, String)] = [
            (
                RawServer(saying: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart", then: .close),
                "broke off"
            ),
            (
                RawServer(saying: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart", then: .reset),
                "broke off"
            ),
            (RawServer(saying: "", then: .close), "broke off"),
            (RawServer(saying: "", then: .reset), "broke off"),
            (
                RawServer(saying: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart", then: .silence),
                "in time"
            ),
        ]
        for (server, text) in cases {
            var request = HTTPRequest(.POST, "http://127.0.0.1:\(server.port)/secret?token=abc", body: [1])
            request.timeout = .milliseconds(300)
            let fault = await fault { _ = try await CurlTransport().send(request) }
            #expect(fault?.kind == .transient)
            #expect(fault?.message.contains("127.0.0.1") == true)
            #expect(fault?.message.contains(text) == true, "\(fault?.message ?? "")")
            #expect(fault?.message.contains("token") == false)
        }
        let refused = await fault {
            _ = try await CurlTransport().send(HTTPRequest(.GET, "http://127.0.0.1:1/"))
        }
        #expect(refused?.kind == .transient)
        #expect(refused?.message.contains("no connection to 127.0.0.1") == true)
        let nowhere = await fault {
            _ = try await CurlTransport().send(HTTPRequest(.GET, "https://nothing.invalid/"))
        }
        #expect(nowhere?.kind == .transient)
    }

    @Test("A cancelled task ends its request at once, before or after it was sent")
    func cancellation() async throws {
        let server = RawServer(saying: "", then: .silence)
        let transport = CurlTransport()
        let request = HTTPRequest(.GET, "http://127.0.0.1:\(server.port)/")
        for early in [true, false] {
            let task = Task { try await transport.send(request) }
            if !early { await Task.yield() }
            task.cancel()
            let fault = await fault { _ = try await task.value }
            #expect(fault?.kind == .cancelled)
        }
    }

    @Test(
        "Plain HTTP to other hosts, other schemes, passwords in URLs and broken headers never leave",
        arguments: [
            ("http://example.com/x", "allow_insecure"), ("ftp://example.com/", "no http or https"),
            ("file:///etc/passwd", "no http or https"), ("https://user:secret@example.com/", "credentials"),
            ("https://exa mple.com/", "no http or https"), ("", "no http or https"),
            ("http://127.0.0.1.example.com/", "allow_insecure"),
            ("http://localhost.example.com/", "allow_insecure"),
            ("https://example.com/\r\nX: y", "no http or https"),
        ])
    func refused(url: String, message: String) async {
        let fault = await fault { _ = try await CurlTransport().send(HTTPRequest(.GET, url)) }
        #expect(fault?.kind == .denied)
        #expect(fault?.message.contains(message) == true, "\(fault?.message ?? "")")
        #expect(fault?.message.contains("secret") == false)
    }

    @Test("A header with a line break never leaves")
    func injection() async {
        let request = HTTPRequest(.GET, "http://127.0.0.1:1/", headers: ["X-A": "b\r\nX-Evil: 1"])
        #expect(await fault { _ = try await CurlTransport().send(request) }?.kind == .denied)
    }

    @Test("Loopback and credential addresses are known by what the URL parser makes of them")
    func endpoints() throws {
        for url in [
            "http://127.1:80/", "http://localhost/", "http://[::1]:9/", "http://127.9.9.9/",
            "http://0x7f000001/",
        ] {
            #expect(try Endpoint(url).isLoopback, "\(url)")
        }
        for url in ["http://169.254.169.254/latest", "http://169.254.170.2/v2", "http://[fd00:ec2::254]/"] {
            #expect(try Endpoint(url).isCredentialService, "\(url)")
            #expect(try !Endpoint(url).isLoopback)
        }
        #expect(try Endpoint("https://example.com/a?secret#x").display == "https://example.com/a")
    }

    @Test("A proxy is used where it is set, and not for excepted or loopback hosts or for credentials")
    func proxy() async throws {
        let handler: HTTPServer.Handler = { request in
            HTTPResponse(
                status: 200, headers: ["X-Seen": request.url, "X-Host": request.headers["host"] ?? ""])
        }
        try await serving(handler) { server in
            let environment = ["HTTP_PROXY": server.url, "NO_PROXY": "direct.invalid"]
            var options = TransportOptions(proxy: .init(environment: environment))
            options.allowInsecure = true
            let transport = CurlTransport(options)
            let answer = try await transport.send(HTTPRequest(.GET, "http://siem.invalid/services"))
            #expect(answer.status == 200)
            #expect(answer.headers["x-host"] == "siem.invalid")
            let direct = await fault {
                _ = try await transport.send(HTTPRequest(.GET, "http://direct.invalid/services"))
            }
            #expect(direct?.message.contains("cannot be resolved") == true)
            let loopback = try await transport.send(HTTPRequest(.GET, server.url + "/here"))
            #expect(loopback.headers["x-seen"] == "/here")
            // Whatever stands at these addresses here, it is not the proxy.
            for host in ["169.254.169.254", "169.254.170.2", "169.254.170.23", "[fd00:ec2::254]"] {
                var request = HTTPRequest(.GET, "http://\(host)/latest/meta-data/")
                request.timeout = .milliseconds(300)
                let answer = try? await transport.send(request)
                #expect(answer?.headers["x-seen"] == nil, "credentials of \(host) went through the proxy")
            }
        }
    }

    @Test("The environment's proxies are read in both cases, lower case first")
    func environment() {
        let proxy = TransportOptions.Proxy(environment: [
            "https_proxy": "http://a:1", "HTTPS_PROXY": "http://b:2", "ALL_PROXY": "http://c:3",
            "NO_PROXY": "localhost, .example.com,10.0.0.0/8",
        ])
        #expect(proxy.https == "http://a:1")
        #expect(proxy.http == "http://c:3")
        #expect(proxy.except == ["localhost", ".example.com", "10.0.0.0/8"])
    }
}
