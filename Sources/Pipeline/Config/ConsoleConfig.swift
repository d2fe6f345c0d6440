import Codecs
package import Credentials
package import Engine
package import Ports

package enum ConsoleRoleChoice: String, ConfigChoice {
    case reader, analyst
}

/// Somebody who signs in to the console with a password.
package struct ConsoleUserConfig: ConfigValue {
    package var name = ""
    package var password = Secret("")
    package var role = ConsoleRoleChoice.analyst

    package init() {}

    package static let name = "a console user"
    package static let summary = "Somebody who signs in to the console."
    package static var fields: [ConfigField<Self>] {
        [
            .init("name", \.name, isRequired: true, "Who it is") {
                $0.isEmpty || $0.utf8.count > 128 ? "must have 1 to 128 bytes" : nil
            },
            .init("password", \.password, isRequired: true, "What `martlet hash-password` prints") {
                PasswordHash(text: $0.revealed) == nil ? "is not what `martlet hash-password` prints" : nil
            },
            .init("role", \.role, "`reader` looks; `analyst` passes judgement as well"),
        ]
    }
}

/// A program that asks the console's API.
package struct ConsoleTokenConfig: ConfigValue {
    /// Shorter ones can be guessed: bytes.
    static let tokenBytesMin = 16

    package var name = ""
    package var token = Secret("")
    package var role = ConsoleRoleChoice.reader

    package init() {}

    package static let name = "a console token"
    package static let summary = "A program that asks the console's API."
    package static var fields: [ConfigField<Self>] {
        [
            .init("name", \.name, isRequired: true, "What it is called in the log"),
            .init(
                "token", \.token, isRequired: true, "Sent as `Authorization: Bearer …`; usually `${file:…}`"
            ) {
                $0.revealed.utf8.count < tokenBytesMin ? "must have \(tokenBytesMin) bytes at least" : nil
            },
            .init("role", \.role, "`reader` looks; `analyst` passes judgement as well"),
        ]
    }
}

/// The file that `martlet serve --config` names.
package struct ConsoleConfig: ConfigValue {
    package var listen = Placed("127.0.0.1:8750")
    package var names: [String] = []
    package var tls: ServerTLSConfig?
    package var users: [ConsoleUserConfig] = []
    package var tokens: [ConsoleTokenConfig] = []
    package var session = Duration.hours(12)
    package var allowInsecure = false

    package init() {}

    package static let name = "the console's configuration"
    package static let summary = "Who may open `martlet serve`'s console, and where it listens."
    package static var fields: [ConfigField<Self>] {
        [
            .init("listen", \.listen, "Address and port") {
                AdminConfig.split($0.value) == nil
                    ? "“\($0.value)” is not an address and a port, such as 127.0.0.1:8750" : nil
            },
            .init(
                "names", \.names,
                "Host names that browsers reach it by, with the port where it is not the usual one"),
            .init("tls", \.tls, "The server's certificate; without it plain HTTP is spoken"),
            .init("users", \.users, "Who signs in with a password"),
            .init("tokens", \.tokens, "Programs that ask the API"),
            .init("session", \.session, "A session that is not used for so long ends"),
            .init("allow_insecure", \.allowInsecure, "Speak plain HTTP to other machines than this one"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        if !isLoopback, tls == nil, !allowInsecure {
            decoder.complain(
                at: listen.position ?? position,
                "listen: plain HTTP at \(address?.host ?? "") would show tokens and logs to whoever is on the way",
                hint: "give tls, listen at 127.0.0.1 behind a proxy, or say allow_insecure: true")
        }
        if Set(users.map(\.name)).count < users.count {
            decoder.complain(at: position, "two users have the same name")
        }
    }

    package var address: (host: String, port: UInt16)? {
        guard let parts = AdminConfig.split(listen.value) else { return nil }
        let host = parts.host.filter { $0 != "[" && $0 != "]" }
        return (host == "localhost" ? "127.0.0.1" : host, parts.port)
    }

    package var isLoopback: Bool {
        let host = address?.host ?? ""
        return host == "::1" || host.hasPrefix("127.")
    }

    /// A thousand readers, and room for whoever comes while they go.
    private static let connectionsMax = 1_200
    private static let idleSeconds = 30
    private static let headerSeconds = 20
    private static let headerBytesMax = 32 << 10

    package var listenOptions: ListenOptions {
        var options = ListenOptions()
        if let address {
            options.address = address.host
            options.port = address.port
        }
        options.certificate = tls?.certificate.revealed
        options.key = tls?.key.revealed
        options.clientAuthorities = tls?.clientCA?.revealed
        options.bodyBytesMax = Console.bodyBytesMax
        options.connectionsMax = Self.connectionsMax
        options.headerBytesMax = Self.headerBytesMax
        options.headerSeconds = Self.headerSeconds
        options.idleSeconds = Self.idleSeconds
        return options
    }

    /// Reads the file; throws all that is wrong with it.
    package static func read(
        _ path: String, shownAs name: String, environment: [String: String], _ reader: any FileReader
    ) async throws(Problems) -> ConsoleConfig {
        let (document, references) = try await PipelineFile.document(
            path, shownAs: name, environment: environment, reader)
        var decoder = ConfigDecoder(references: references)
        let config = decode(document, by: &decoder)
        guard let config, decoder.problems.isEmpty else { throw Problems(decoder.problems) }
        return config
    }

    /// Who may come in; with a token for scripts, where one is given beside the file.
    package func door(
        scriptToken: String?, time: any TimeSource, entropy: any Entropy
    ) -> ConsoleDoor {
        func role(_ choice: ConsoleRoleChoice) -> ConsoleUser.Role { choice == .reader ? .reader : .analyst }
        var all = tokens.map {
            ConsoleDoor.Token(ConsoleUser(name: $0.name, role: role($0.role)), token: $0.token.revealed)
        }
        if let scriptToken {
            all.append(.init(ConsoleUser(name: "token file", role: .analyst), token: scriptToken))
        }
        let accounts = users.compactMap { user in
            PasswordHash(text: user.password.revealed).map {
                ConsoleDoor.Account(ConsoleUser(name: user.name, role: role(user.role)), $0)
            }
        }
        return ConsoleDoor(
            sessions: ConsoleSessions(idle: session, time: time, entropy: entropy), tokens: all,
            accounts: accounts, hosts: Set(names.map { $0.lowercased() }), isSecure: tls != nil)
    }
}
