import Engine
import Foundation
import Glibc
import Testing

/// rsyslog and syslog-ng as Debian has them, sent RFC 5424 over TLS with certificates on both sides.
@Suite(
    .serialized, .timeLimit(.minutes(3)),
    .enabled(
        if: PeerDaemon.isUnpacked("rsyslogd", "syslog-ng"), "needs scripts/bootstrap --with judges"))
struct SyslogPeerTests {
    enum Peer: String, CaseIterable, CustomTestStringConvertible {
        /// By the library that speaks TLS for it.
        case rsyslogOpenSSL = "ossl"
        case rsyslogGnuTLS = "gtls"
        /// By the driver.
        case syslogNG = "syslog"
        case syslogNGNetwork = "network"

        var testDescription: String { rawValue }
        /// What the exporter is told beside the defaults.
        var framing: String { self == .syslogNGNetwork ? ", framing: newline" : "" }

        /// Listens with `messageMax`, the product's own setting where that is `nil`, and writes each message's structured
        /// data and text to a line of `arrived`.
        func start(_ program: Program, messageMax: Int? = 65_536) async throws -> PeerDaemon {
            switch self {
            case .rsyslogOpenSSL, .rsyslogGnuTLS:
                try await PeerDaemon.start("rsyslogd", in: program.folder) { port in
                    try program.write(rsyslog(program.folder, port, messageMax), to: "rsyslog.conf")
                    return [
                        "-n", "-f", "\(program.folder)/rsyslog.conf", "-i", "\(program.folder)/rsyslog.pid",
                        "-M",
                        PeerDaemon.modules.rsyslog,
                    ]
                }
            case .syslogNG, .syslogNGNetwork:
                try await PeerDaemon.start("syslog-ng", in: program.folder) { port in
                    try program.write(syslogNG(port, messageMax), to: "syslog-ng.conf")
                    let module = ["--module-path", PeerDaemon.modules.syslogNG, "--no-caps", "-F"]
                    return module + ["-f", "syslog-ng.conf", "-R", "persist", "-p", "pid", "-c", "control"]
                }
            }
        }

        private func rsyslog(_ folder: String, _ port: UInt16, _ messageMax: Int?) -> String {
            let limit = messageMax.map { "maxMessageSize=\"\($0)\"" } ?? ""
            return """
                global(workDirectory="\(folder)" net.ipprotocol="ipv4-only" \(limit)
                    defaultNetstreamDriverCAFile="\(folder)/tls/ca.pem"
                    defaultNetstreamDriverCertFile="\(folder)/tls/server.pem"
                    defaultNetstreamDriverKeyFile="\(folder)/tls/server.key")
                module(load="imtcp" StreamDriver.Name="\(rawValue)" StreamDriver.Mode="1"
                    StreamDriver.AuthMode="x509/certvalid")
                template(name="whole" type="string" string="%structured-data% %msg%\\n")
                input(type="imtcp" port="\(port)" address="127.0.0.1")
                action(type="omfile" file="\(folder)/arrived" template="whole")

                """
        }

        private func syslogNG(_ port: UInt16, _ messageMax: Int?) -> String {
            let flags = self == .syslogNGNetwork ? "flags(syslog-protocol)" : ""
            return """
                @version: 3.38
                @module afsocket
                @module affile
                options { use-dns(no); dns-cache(no); \(messageMax.map { "log-msg-size(\($0));" } ?? "") };
                source all {
                    \(rawValue)(ip("127.0.0.1") port(\(port)) transport("tls") \(flags)
                        tls(key-file("tls/server.key") cert-file("tls/server.pem") ca-file("tls/ca.pem")
                            peer-verify(required-trusted)));
                };
                destination arrived { file("arrived" template("${SDATA} ${MSG}\\n")); };
                log { source(all); destination(arrived); flags(flow-control); };

                """
        }
    }

    private func program(_ records: String) async throws -> Program {
        let program = try Program()
        try await PeerAuthority.make(in: program)
        try program.write(records, to: "logs/a.json")
        return program
    }

    private func pipeline(
        _ program: Program, _ peer: PeerDaemon, _ more: String = "", client: String? = "client"
    ) throws {
        try program.pipeline(
            "  siem: {to: syslog, address: \"127.0.0.1:\(peer.port)\", tls: \(PeerAuthority.tls(client))\(more)}\n"
                + "store: {enabled: false}")
    }

    /// What the daemon wrote, once nothing more comes: each event's text by its uid, and how often each came.
    private func arrived(_ program: Program, atLeast count: Int) async throws -> [String: [Substring]] {
        var (size, still) = (-1, 0)
        for _ in 0..<600 where still < 10 {
            let now = (try? program.text(of: "arrived").utf8.count) ?? 0
            still = now == size ? still + 1 : 0
            size = now
            if still > 0, lines(program).count >= count { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        var found: [String: [Substring]] = [:]
        for line in lines(program) {
            let parts = line.split(separator: "\"] ", maxSplits: 1)
            guard parts.count == 2, let mark = parts[0].range(of: " uid=\"", options: .backwards) else {
                continue
            }
            found[String(parts[0][mark.upperBound...]), default: []].append(parts[1])
        }
        return found
    }

    private func lines(_ program: Program) -> [Substring] {
        ((try? program.text(of: "arrived")) ?? "").split(separator: "\n")
    }

    private static let varied: String = {
        let odd = #"line one\nline two\ttab ä中😀 \"quoted\" ] \\ "#
        let lines = (0..<300).map {
            "{\"n\":\($0),\"text\":\"\(odd)\(String(repeating: "x", count: $0 * 37 % 900))\"}\n"
        }
        return lines.joined() + "{\"n\":900,\"text\":\"\(String(repeating: "é", count: 32_500))\"}\n"
    }()

    @Test(
        "Every message arrives once and byte for byte: line breaks, other alphabets, 64 KiB",
        arguments: Peer.allCases, ["octet_counting", "newline"])
    func whole(_ peer: Peer, framing: String) async throws {
        // syslog-ng has a driver for each.
        if peer == .syslogNG, framing == "newline" { return }
        if peer == .syslogNGNetwork, framing == "octet_counting" { return }
        let program = try await program(Self.varied)
        let daemon = try await peer.start(program)
        try pipeline(program, daemon, ", framing: \(framing)")
        let ran = try await program.run("run", "./p.yaml", "--once")
        #expect(ran.status == 0 && ran.messages.contains("siem: 301 accepted"), "\(ran.messages)")
        let found = try await arrived(program, atLeast: 301)
        await daemon.stop()
        #expect(found.count == 301 && found.values.allSatisfy { $0.count == 1 })
        let sent = Set(try program.delivered().map { Substring($0) })
        #expect(Set(found.values.flatMap { $0 }) == sent)
        #expect(sent.contains { $0.utf8.count > 65_000 })
    }

    @Test(
        "A daemon that does not know us, and one that we do not know, get nothing, and all of it waits",
        arguments: Peer.allCases)
    func certificates(_ peer: Peer) async throws {
        let program = try await program("{\"n\":1}\n{\"n\":2}\n")
        let daemon = try await peer.start(program)
        try pipeline(program, daemon, peer.framing)
        let trusting = try program.text(of: "p.yaml")
        try program.write(
            trusting.replacing("ca_file: tls/ca.pem", with: "ca_file: tls/other.pem"), to: "p.yaml")
        let unknown = try await program.run("run", "./p.yaml", "--once", "--patience", "1s")
        #expect(
            unknown.status == 1 && unknown.messages.contains("siem: 0 accepted, 0 refused, 2 pending"),
            "\(unknown.messages)")
        #expect(unknown.messages.contains("cannot be trusted"), "\(unknown.messages)")

        for client in ["stranger", nil] as [String?] {
            try pipeline(program, daemon, peer.framing, client: client)
            let refused = try await program.run("run", "./p.yaml", "--once", "--patience", "2s")
            #expect(
                refused.status == 1 && refused.messages.contains("siem: 0 accepted, 0 refused, 2 pending"),
                "\(client ?? "none") \(refused.messages)")
        }
        let tried = try await program.run("validate", "--connect", "./p.yaml")
        #expect(tried.status == 1 && tried.output.contains("exporter siem\t127.0.0.1:"), "\(tried.output)")
        #expect(lines(program).isEmpty)
        try program.write(trusting, to: "p.yaml")
        #expect(
            try await program.run("validate", "--connect", "./p.yaml").output.contains("exporter siem\tok"))
        let mended = try await program.run("run", "./p.yaml", "--once")
        #expect(mended.status == 0 && mended.messages.contains("siem: 2 accepted"), "\(mended.messages)")
        #expect(try await arrived(program, atLeast: 2).count == 2)
        await daemon.stop()
    }

    @Test(
        "rsyslog as it comes cuts a message into pieces of 8 KiB without a word; with message_max it is refused here instead"
    )
    func cut() async throws {
        let program = try await program("{\"text\":\"\(String(repeating: "z", count: 20_000))\"}\n")
        let daemon = try await Peer.rsyslogOpenSSL.start(program, messageMax: nil)
        try pipeline(program, daemon)
        let ran = try await program.run("run", "./p.yaml", "--once")
        #expect(ran.status == 0, "\(ran.messages)")
        let found = try await arrived(program, atLeast: 1)
        #expect(found.values.flatMap { $0 }.allSatisfy { (7_000...8_192).contains($0.utf8.count) })

        let pieces = lines(program).count
        #expect(pieces > 1)
        try program.write("{\"text\":\"\(String(repeating: "w", count: 20_000))\"}\n", to: "logs/b.json")
        try pipeline(program, daemon, ", message_max: 8KiB")
        let honest = try await program.run("run", "./p.yaml", "--once")
        await daemon.stop()
        #expect(honest.status == 3 && honest.messages.contains("1 refused"), "\(honest.messages)")
        #expect(try await program.run("deadletter", "list", "./p.yaml").output.contains("message_max"))
        #expect(lines(program).count == pieces)
    }

    @Test(
        "A daemon that ends in the middle loses what it had not read, and nothing else; nothing is sent twice but what broke off",
        arguments: Peer.allCases, [SIGTERM, SIGKILL])
    func restart(_ peer: Peer, signal: Int32) async throws {
        let count = 20_000
        let program = try await program(
            (0..<count).map { "{\"n\":\($0),\"text\":\"\(String(repeating: "x", count: 200))\"}\n" }.joined())
        let daemon = try await peer.start(program)
        try pipeline(program, daemon, peer.framing + ", batch: {rows: 100}")
        async let run = program.run("run", "./p.yaml", "--once")
        var seen = 0
        for _ in 0..<2_000 where seen < count / 8 {
            seen = lines(program).count
            try await Task.sleep(for: .milliseconds(5))
        }
        await daemon.stop(signal)
        let before = lines(program).count
        try await daemon.start()
        let ran = try await run
        let found = try await arrived(program, atLeast: count)
        await daemon.stop()
        #expect(before < count, "it ended in the middle")
        #expect(ran.status == 0 && ran.messages.contains("siem: 20,000 accepted"), "\(ran.messages)")
        let lost = count - found.count
        let twice = found.values.count { $0.count > 1 }
        #expect(found.values.allSatisfy { $0.count <= 2 })
        // What its system has acknowledged and it has not read or written is gone: 300 of them at most where it was counted.
        #expect(lost <= count / 10 && twice <= 200, "\(lost) lost, \(twice) twice")
    }
}
