import Ports
import Testing

@testable import Platform

@Suite struct HTTPServerTests {
    @Test("A bearer token is asked for, and a body over the limit refused, announced or in chunks")
    func limits() async throws {
        var options = HTTPServer.Options()
        options.bearerToken = "t0ken"
        options.bodyBytesMax = 1_000
        let server = try HTTPServer(options) {
            HTTPResponse(status: 200, body: Array("\($0.body.count)".utf8))
        }
        let transport = CurlTransport()
        func send(_ authorization: String?, _ count: Int, chunked: Bool = false) async throws -> Int {
            var request = HTTPRequest(.POST, server.url, body: [UInt8](repeating: 1, count: count))
            request.headers["Authorization"] = authorization
            if chunked { request.headers["Transfer-Encoding"] = "chunked" }
            return try await transport.send(request).status
        }
        #expect(try await send(nil, 1) == 401)
        #expect(try await send("Bearer wrong", 1) == 401)
        #expect(try await send("Bearer t0ken", 1_000) == 200)
        #expect(try await send("Bearer t0ken", 1_001) == 413)
        await server.stop()
    }

    @Test("A gate refuses before the body is taken in, and bodies together are bounded")
    func gate() async throws {
        var options = HTTPServer.Options()
        options.bufferedBytesMax = 100_000
        let (held, signal) = AsyncStream.makeStream(of: Void.self)
        let server = try HTTPServer(
            options, gate: { $0.headers["Authorization"] == nil ? HTTPResponse(status: 401) : nil }
        ) { request in
            if request.url == "/held" {
                signal.yield()
                try? await Task.sleep(for: .seconds(600))
            }
            return HTTPResponse(status: 200)
        }
        let transport = CurlTransport()
        @Sendable func send(_ path: String, _ count: Int, token: String? = "t") async throws -> HTTPResponse {
            var request = HTTPRequest(.POST, server.url + path, body: [UInt8](repeating: 1, count: count))
            request.headers["Authorization"] = token
            return try await transport.send(request)
        }
        #expect(try await send("/", 10, token: nil).status == 401)
        #expect(try await send("/", 90_000).status == 200)
        #expect(try await send("/", 90_000).status == 200)
        let long = Task { try await send("/held", 90_000) }
        for await _ in held { break }
        let crowded = try await send("/", 20_000)
        #expect(crowded.status == 503 && crowded.headers["Retry-After"] == "1")
        #expect(try await send("/", 5_000).status == 200)
        long.cancel()
        await server.stop()
        _ = try? await long.value
    }

    @Test("Too long a header is refused, and an unknown method too")
    func headers() async throws {
        let server = try HTTPServer { _ in HTTPResponse(status: 200) }
        let transport = CurlTransport()
        let long = HTTPRequest(.GET, server.url, headers: ["X": String(repeating: "a", count: 100_000)])
        #expect(try await transport.send(long).status >= 400)
        await server.stop()
    }

    @Test("Stopping cancels the handlers that run, answers them, and frees the port")
    func stop() async throws {
        let (started, signal) = AsyncStream.makeStream(of: Void.self)
        let server = try HTTPServer { _ in
            signal.yield()
            try? await Task.sleep(for: .seconds(600))
            return HTTPResponse(status: Task.isCancelled ? 503 : 200)
        }
        let url = server.url
        let request = Task { try await CurlTransport().send(HTTPRequest(.GET, url)) }
        for await _ in started { break }
        await server.stop()
        _ = try? await request.value
        var options = HTTPServer.Options()
        options.port = server.port
        let again = try HTTPServer(options) { _ in HTTPResponse(status: 204) }
        #expect(try await CurlTransport().send(HTTPRequest(.GET, again.url)).status == 204)
        let taken = #expect(throws: Fault.self) { try HTTPServer(options) { _ in HTTPResponse(status: 200) } }
        #expect(taken?.kind == .denied)
        await again.stop()
    }
}
