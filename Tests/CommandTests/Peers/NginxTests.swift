import Engine
import Foundation
import Glibc
import Platform
import Ports
import Simulation
import Testing

/// nginx before a receiver, as most receivers stand behind something like it: TLS and certificates, HTTP/2, limits.
@Suite(
    .serialized, .timeLimit(.minutes(3)),
    .enabled(if: PeerDaemon.isUnpacked("nginx"), "needs scripts/bootstrap --with judges"))
struct NginxTests {
    private static let count = 2_000

    /// What stands behind nginx, and what it was sent.
    private final class Backend: Sendable {
        let receiver: StrictReceiver
        let server: HTTPServer

        init(_ rules: StrictReceiver.Rules = .anything) throws {
            let receiver = StrictReceiver(rules)
            self.receiver = receiver
            let clock = SystemClock()
            server = try HTTPServer(HTTPServer.Options()) { receiver.answer($0, at: clock.now) }
        }

        func expectAllOnce(_ count: Int) async {
            await server.stop()
            let tally = receiver.tally
            #expect(tally.breaches.isEmpty, "\(tally.breaches.prefix(3))")
            #expect(
                tally.uids.count == count && tally.uids.values.allSatisfy { $0 == 1 }, "\(tally.uids.count)")
        }
    }

    private struct Line {
        let scheme, status, connection, client: String
    }

    private func program(_ count: Int = count) async throws -> Program {
        let program = try Program()
        try await PeerAuthority.make(in: program)
        let records = (0..<count).map {
            "{\"n\":\($0),\"text\":\"\(String(repeating: "x", count: $0 % 200))\"}\n"
        }
        try program.write(records.joined(), to: "logs/a.json")
        return program
    }

    private func nginx(
        _ program: Program, before backend: Backend, listen: String = "ssl http2", server: String = "",
        location: String = ""
    ) async throws -> PeerDaemon {
        try await PeerDaemon.start("nginx", in: program.folder) { port in
            try program.write(
                """
                daemon off; master_process off; pid nginx.pid; error_log stderr;
                events { worker_connections 256; }
                http {
                    log_format seen '$server_protocol $status $connection $ssl_client_s_dn';
                    access_log access.log seen;
                    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                    limit_req_zone $server_port zone=all:1m rate=20r/s; limit_req_status 429;
                    keepalive_requests 5;
                    server {
                        listen 127.0.0.1:\(port) \(listen);
                        ssl_certificate tls/server.pem; ssl_certificate_key tls/server.key;
                        ssl_client_certificate tls/ca.pem; ssl_verify_client on;
                        \(server)
                        location / { \(location) proxy_pass \(backend.server.url); proxy_http_version 1.1; }
                    }
                }

                """, to: "nginx.conf")
            return ["-p", program.folder, "-c", "nginx.conf", "-e", "stderr"]
        }
    }

    private func pipeline(
        _ program: Program, _ nginx: PeerDaemon, _ exporter: String = "to: http", rows: Int = 50,
        client: String? = "client"
    ) throws {
        try program.pipeline(
            "  siem: {\(exporter), url: \"https://127.0.0.1:\(nginx.port)\", batch: {rows: \(rows)}, "
                + "tls: \(PeerAuthority.tls(client))}\nstore: {enabled: false}")
    }

    private func seen(_ program: Program) throws -> [Line] {
        try program.text(of: "access.log").split(separator: "\n").map { line in
            let words = line.split(separator: " ", maxSplits: 3).map(String.init)
            return Line(scheme: words[0], status: words[1], connection: words[2], client: words[3])
        }
    }

    @Test(
        "Over TLS with a private authority and our certificate every event arrives once, on connections that are kept",
        arguments: [("ssl http2", "HTTP/2.0"), ("ssl", "HTTP/1.1")])
    func whole(listen: String, scheme: String) async throws {
        let (program, backend) = (try await program(), try Backend())
        let nginx = try await nginx(program, before: backend, listen: listen)
        try pipeline(program, nginx, "to: http, compression: zstd")
        let ran = try await program.run("run", "./p.yaml", "--once")
        await nginx.stop()
        #expect(ran.status == 0 && ran.messages.contains("siem: 2,000 accepted"), "\(ran.messages)")
        await backend.expectAllOnce(Self.count)
        let lines = try seen(program)
        #expect(
            lines.count == Self.count / 50 && lines.allSatisfy { $0.status == "204" && $0.scheme == scheme })
        #expect(lines.allSatisfy { $0.client.contains("client.example.com") })
        // nginx ends each after five requests, and a request that comes to late is sent on the next.
        let connections = Set(lines.map(\.connection)).count
        #expect((lines.count / 5...lines.count / 2).contains(connections), "\(connections)")
    }

    @Test(
        "Without a certificate, or with one of somebody else's, all is kept and told: nginx says it by status 400",
        arguments: [nil, "stranger"])
    func certificates(client: String?) async throws {
        let (program, backend) = (try await program(20), try Backend())
        let nginx = try await nginx(program, before: backend)
        try pipeline(program, nginx, client: client)
        let ran = try await program.run("run", "./p.yaml", "--once", "--patience", "2s")
        #expect(
            ran.status == 1 && ran.messages.contains("siem: 0 accepted, 0 refused, 20 pending"),
            "\(ran.messages)")
        #expect(
            ran.messages.contains("SSL certificate") && ran.messages.contains("check url and tls"),
            "\(ran.messages)")
        #expect(try seen(program).allSatisfy { $0.status == "400" })
        let tried = try await program.run("validate", "--connect", "./p.yaml")
        #expect(
            tried.status == 1 && tried.output.contains("a proxy before it refuses us: "), "\(tried.output)")

        try pipeline(program, nginx)
        let mended = try await program.run("run", "./p.yaml", "--once")
        await nginx.stop()
        #expect(mended.status == 0 && mended.messages.contains("siem: 20 accepted"), "\(mended.messages)")
        await backend.expectAllOnce(20)
    }

    @Test("Plain HTTP sent to a TLS port is told as what it is, and nothing is refused for it")
    func plain() async throws {
        let (program, backend) = (try await program(20), try Backend())
        let nginx = try await nginx(program, before: backend)
        try program.pipeline(
            "  siem: {to: http, url: \"http://127.0.0.1:\(nginx.port)\"}\nstore: {enabled: false}")
        let ran = try await program.run("run", "./p.yaml", "--once", "--patience", "2s")
        await nginx.stop()
        await backend.server.stop()
        #expect(ran.status == 1 && ran.messages.contains("0 refused, 20 pending"), "\(ran.messages)")
        #expect(ran.messages.contains("plain HTTP request was sent to HTTPS port"), "\(ran.messages)")
    }

    @Test(
        "What is larger than client_max_body_size goes in halves, and an event that is so by itself is refused with the reason"
    )
    func tooLarge() async throws {
        let (program, backend) = (try await program(), try Backend())
        try program.write(
            "{\"n\":-1,\"text\":\"\(String(repeating: "y", count: 60_000))\"}\n", to: "logs/b.json")
        let nginx = try await nginx(program, before: backend, server: "client_max_body_size 32k;")
        try pipeline(program, nginx, rows: 500)
        let ran = try await program.run("run", "./p.yaml", "--once")
        await nginx.stop()
        #expect(
            ran.status == 3 && ran.messages.contains("siem: 2,000 accepted, 1 refused, 0 pending"),
            "\(ran.messages)")
        await backend.expectAllOnce(Self.count)
        let dead = try await program.run("deadletter", "list", "./p.yaml")
        #expect(
            dead.lines.count == 1 && dead.output.contains("larger than the receiver takes"), "\(dead.output)")
        #expect(try seen(program).contains { $0.status == "413" })
        #expect(try await program.run("ledger", "./p.yaml").status == 0)
    }

    @Test("What limit_req answers with 429 goes again until all of it has arrived, once")
    func limited() async throws {
        let (program, backend) = (try await program(), try Backend())
        let nginx = try await nginx(program, before: backend, location: "limit_req zone=all;")
        try pipeline(program, nginx, rows: 100)
        let ran = try await program.run("run", "./p.yaml", "--once")
        await nginx.stop()
        #expect(ran.status == 0 && ran.messages.contains("siem: 2,000 accepted"), "\(ran.messages)")
        await backend.expectAllOnce(Self.count)
        let lines = try seen(program)
        #expect(
            lines.contains { $0.status == "429" } && lines.count { $0.status == "204" } == Self.count / 100)
    }

    @Test(
        "Elasticsearch behind an nginx that limits, cuts off at a size, and is killed in between, has every event once"
    )
    func elastic() async throws {
        let (program, backend) = (try await program(), try Backend(.elastic(key: "k")))
        let nginx = try await nginx(
            program, before: backend, server: "client_max_body_size 16k;",
            location: "limit_req zone=all burst=5;")
        try pipeline(
            program, nginx, "to: elasticsearch, stream: logs-martlet-default, api_key: k, compression: none",
            rows: 100)
        async let run = program.run("run", "./p.yaml", "--once")
        for _ in 0..<500 where backend.receiver.tally.requests < 8 {
            try await Task.sleep(for: .milliseconds(10))
        }
        let before = backend.receiver.tally.uids.count
        await nginx.stop(SIGKILL)
        try await Task.sleep(for: .milliseconds(500))
        try await nginx.start()
        let ran = try await run
        await nginx.stop()
        #expect(before > 0 && before < Self.count, "it was killed in between: \(before)")
        #expect(ran.status == 0 && ran.messages.contains("siem: 2,000 accepted"), "\(ran.messages)")
        await backend.expectAllOnce(Self.count)
        #expect(try seen(program).contains { $0.status == "413" })
    }
}
