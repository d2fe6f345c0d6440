import Engine
import Glibc
import Pipeline
import Platform
import Ports

/// The context of a command that was typed into a shell.
enum RealContext {
    static func make(
        stoppedBy signals: AsyncStream<StopSignals.Kind>,
        environment: [String: String] = StandardStreams.environment
    ) -> CommandContext {
        let outputIsTerminal = StandardStreams.outputIsTerminal
        let stops = StopRequests(signals)
        return CommandContext(
            output: Output(isLineBuffered: outputIsTerminal) { StandardStreams.write($0) },
            messages: Output(isLineBuffered: true) { StandardStreams.write($0, toErrors: true) },
            surroundings: surroundings(environment: environment),
            readingVolume: { folder throws(Fault) in try FileVolume(folder, .reading) },
            sharedVolume: Self.sharedVolume,
            serve: { address, port, answer throws(Fault) in try serve(address, port, answer) },
            readInput: { () async throws(Fault) in try await StandardStreams.read() },
            currentFolder: StandardStreams.currentFolder,
            outputIsTerminal: outputIsTerminal,
            messagesAreTerminal: StandardStreams.errorsAreTerminal,
            terminalWidth: StandardStreams.outputWidth ?? 80,
            stopRequest: { await stops.next() }, reloads: { ReloadSignals.pulse },
            openPager: { pager(environment) })
    }

    private static func pager(_ environment: [String: String]) -> CommandContext.PagedOutput? {
        let own = environment["PAGER"]
        guard own != "", own != "cat", environment["TERM"] != "dumb",
            let pager = Pager(own, environment: environment)
        else { return nil }
        return CommandContext.PagedOutput(write: { pager.write($0) }, finish: { await pager.finish() })
    }

    private static func serve(
        _ address: String, _ port: UInt16, _ answer: @escaping CommandContext.Answer
    ) throws(Fault) -> CommandContext.Served {
        var options = HTTPServer.Options()
        options.address =
            address == "localhost" ? "127.0.0.1" : String(address.filter { $0 != "[" && $0 != "]" })
        options.port = port
        let server = try HTTPServer(options, answer)
        return CommandContext.Served(url: server.url) { await server.stop() }
    }

    private static func listen(
        _ wanted: ListenOptions, _ handler: any RequestHandler
    ) throws(Fault) -> Listening {
        var options = HTTPServer.Options()
        options.address = wanted.address
        options.port = wanted.port
        options.bodyBytesMax = wanted.bodyBytesMax
        options.bufferedBytesMax = wanted.bufferedBytesMax
        options.connectionsMax = wanted.connectionsMax
        options.headerBytesMax = wanted.headerBytesMax
        options.headerSeconds = wanted.headerSeconds
        options.idleSeconds = wanted.idleSeconds
        options.certificate = wanted.certificate
        options.key = wanted.key
        options.clientAuthorities = wanted.clientAuthorities
        let server = try HTTPServer(options, gate: { handler.refusal(of: $0) }) { await handler.answer($0) }
        return Listening(url: server.url) { await server.stop() }
    }

    private static func sharedVolume(_ folder: String) throws(Fault) -> any Volume {
        try FileVolume(folder, .shared)
    }

    private static func surroundings(environment: [String: String]) -> RunSurroundings {
        let proxy = TransportOptions.Proxy(environment: environment)
        return RunSurroundings(
            time: SystemClock(), entropy: SystemEntropy(), files: SystemFiles(), processes: SpawnedProcess(),
            environment: environment,
            transport: { connection in CurlTransport(options(connection, proxy)) },
            volume: { folder throws(Fault) in try FileVolume(folder) },
            sharedVolume: Self.sharedVolume,
            listen: { options, handler throws(Fault) in try listen(options, handler) },
            kafka: { options in KafkaStream(options) }, kafkaSink: { options in KafkaSink(options) },
            byteStream: { options in SocketStream(options) }, mailer: { options in CurlMailer(options) },
            log: .silent)
    }

    private static func options(
        _ connection: ConnectionConfig, _ proxy: TransportOptions.Proxy
    ) -> TransportOptions {
        var options = TransportOptions(proxy: proxy)
        if let own = connection.proxy?.text { options.proxy = TransportOptions.Proxy(https: own, http: own) }
        options.caFile = connection.tls.caFile
        options.certificateFile = connection.tls.clientCertificate
        options.keyFile = connection.tls.clientKey ?? connection.tls.clientCertificate
        options.allowInsecure = connection.allowInsecure
        options.timeout = connection.timeout
        options.userAgent = "martlet/\(Version.number)"
        return options
    }

    static func exit(_ status: ExitStatus) -> Never { Glibc.exit(status.code) }
}
