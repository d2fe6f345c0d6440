import Codecs
import Engine
import Pipeline
import Ports
import Store
import Synchronization

extension Command {
    static let serve = Command(
        name: "serve",
        summary: "A web console and an HTTP API over what pipelines keep",
        discussion: """
            Shows feeds with their lag and completeness, findings by risk with their evidence and a verdict, what an entity
            did, queries with a plot over time, and the ledger. Listens on this machine only and prints a link that signs
            in once; each use prints the next. Everything is read beside whatever runs; only verdicts are written.

            The same is answered as JSON under /api/v1 to `Authorization: Bearer TOKEN`, where TOKEN stands in the file of
            --token-file (made, readable by you alone, where it is missing), and described at /api/v1/openapi.json.
            /metrics speaks to Prometheus; /healthz and /readyz need no token. --config names users, tokens and TLS.
            """,
        options: [
            Option("listen", .text, "ADDRESS", "Address and port (default: 127.0.0.1:8750; port 0: any)"),
            Option("token-file", .path, "FILE", "The API's token; made where it is missing"),
            Option("config", .path, "FILE", "YAML: users, tokens, TLS, host names"),
            Option("dir", .path, "DIR", "A demo's folder, whose state is shown"),
            StoreReading.lake, StoreReading.cache, StoreReading.pipelines, StoreReading.store, .state,
        ],
        examples: [
            "martlet serve", "martlet serve --dir martlet-demo",
            "martlet serve --state /var/lib/martlet --config /etc/martlet/console.yaml",
        ]
    ) { invocation, context in
        var context = context
        if let folder = invocation.text("dir") {
            context.surroundings.environment["MARTLET_STATE"] = "\(context.absolute(folder))/state"
        }
        let session = try await ConsoleSession(invocation, context)
        let listening = try session.listen()
        let stop = await context.stopRequest()
        await listening.stop()
        return stop == .interrupt ? .interrupted : .done
    }

    static let hashPassword = Command(
        name: "hash-password",
        summary:
            "Reads a password from standard input and prints its hash for the console's configuration",
        discussion: """
            The hash is scrypt's, with a salt of its own: 64 MiB of memory for every try. The password ends with the input:
            martlet hash-password < password.txt
            """,
        examples: ["martlet hash-password"]
    ) { _, context in
        var bytes: [UInt8] = []
        while let more = try await context.readInput(), bytes.count <= 1_024 { bytes += more }
        while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
        guard (8...512).contains(bytes.count), let password = String(validating: bytes, as: UTF8.self)
        else {
            throw CommandFailure(
                "a password of 8 to 512 bytes is needed on standard input", status: .usage)
        }
        guard let hash = PasswordHash(password: password, salt: context.surroundings.entropy.bytes(16))
        else {
            throw CommandFailure("the password could not be hashed: 64 MiB of memory are needed")
        }
        context.output.writeLine(hash.text)
        return .done
    }
}

/// A console with what it listens by.
struct ConsoleSession: Sendable {
    private static let tokenBytesMax: Int64 = 4_096

    private let config: ConsoleConfig
    private let door: ConsoleDoor
    private let console: Console
    private let links: SignInLinks
    private let context: CommandContext

    init(_ invocation: Invocation, _ context: CommandContext) async throws {
        self.context = context
        var config = ConsoleConfig()
        if let path = invocation.text("config") {
            config = try await ConsoleConfig.read(
                context.absolute(path), shownAs: path, environment: context.environment, context.files)
        }
        if let listen = invocation.text("listen") {
            config.listen.value = listen
            guard config.address != nil else {
                throw CommandFailure(
                    "--listen: an address and a port are needed: 127.0.0.1:8750", status: .usage)
            }
            guard config.isLoopback || config.tls != nil || config.allowInsecure else {
                throw CommandFailure(
                    "--listen \(printable(listen)): other machines are spoken to by TLS only; --config says how",
                    status: .usage)
            }
        }
        self.config = config
        door = config.door(
            scriptToken: try await Self.token(invocation.text("token-file"), context), time: context.time,
            entropy: context.surroundings.entropy)
        let sources = ConsoleDoors(invocation, context)
        // What is wrong with the state is said at once, and not to the first who looks.
        _ = try await sources.open()
        let links = SignInLinks(context)
        self.links = links
        console = Console(sources, door, log: context.log) { links.tell($0) }
    }

    /// Over a folder of state alone.
    init(for state: String, at address: String? = nil, _ context: CommandContext) async throws {
        let words = ["--state", state] + (address.map { ["--listen", $0] } ?? [])
        try await self.init(try Invocation(.serve, words), context)
    }

    /// Begins to listen, and says how to come in.
    func listen() throws(Fault) -> Listening {
        let options = config.listenOptions
        let listening = try context.surroundings.listen(options, console)
        let port = listening.url.split(separator: ":").last.map(String.init) ?? ""
        door.add(
            hosts: [
                "127.0.0.1:\(port)", "localhost:\(port)", "[::1]:\(port)", "\(options.address):\(port)",
            ])
        let scheme = config.tls == nil ? "http" : "https"
        links.base = config.names.first.map { "\(scheme)://\($0)" } ?? listening.url
        context.say("The console is at \(links.base), until Ctrl-C. This link signs in once:")
        console.announceLink()
        return listening
    }

    /// The API's token, made where there is no file.
    private static func token(_ path: String?, _ context: CommandContext) async throws -> String? {
        guard let path else { return nil }
        let file = context.absolute(path)
        if try await context.files.entry(at: file) == nil {
            let token = Base64.encode(context.surroundings.entropy.bytes(32), .url)
            let volume = try context.sharedVolume(Paths.folder(of: file))
            _ = try await volume.append(Array((token + "\n").utf8), to: Paths.name(of: file))
            try await volume.synchronize(Paths.name(of: file))
            return token
        }
        let bytes = try await context.files.read(file, bytesMax: tokenBytesMax)
        let token = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        guard token.utf8.count >= 16 else {
            throw CommandFailure(
                "--token-file \(printable(path)): a token has 16 bytes at least", status: .usage)
        }
        return token
    }
}

/// Tells the operator each link that signs in.
final class SignInLinks: Sendable {
    private let context: CommandContext
    private let place = Mutex("")

    init(_ context: CommandContext) { self.context = context }

    var base: String {
        get { place.withLock { $0 } }
        set { place.withLock { $0 = newValue } }
    }

    func tell(_ token: String) {
        context.output.writeLine("\(base)/sign-in?token=\(token)")
        context.output.finish()
    }
}
