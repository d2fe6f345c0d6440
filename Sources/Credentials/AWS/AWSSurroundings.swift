import Engine
package import Ports

/// What the AWS tools look at on a machine: environment, files, other programs, the network nearby.
package struct AWSSurroundings: Sendable {
    static let configBytesMax: Int64 = 1 << 20
    static let tokenBytesMax: Int64 = 64 << 10

    package var environment: [String: String]
    package var files: any FileReader
    package var processes: any ChildProcess
    package var caller: Caller
    /// For STS, the sign-in portal and the renewal of its tokens.
    package var endpoints: AWSEndpoints
    /// A volume for files of our own in a folder that others use as well: the cache of sign-ins.
    package var volume: @Sendable (_ folder: String) throws(Fault) -> any Volume

    package init(
        environment: [String: String], files: any FileReader, processes: any ChildProcess, caller: Caller,
        endpoints: AWSEndpoints, volume: @escaping @Sendable (_ folder: String) throws(Fault) -> any Volume
    ) {
        self.volume = volume
        self.environment = environment
        self.files = files
        self.processes = processes
        self.caller = caller
        self.endpoints = endpoints
    }

    /// A variable that is set to something.
    func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    func home(_ path: String) -> String {
        path.hasPrefix("~/") ? (variable("HOME") ?? "/") + path.dropFirst(1) : path
    }

    var configPath: String { home(variable("AWS_CONFIG_FILE") ?? "~/.aws/config") }
    var credentialsPath: String { home(variable("AWS_SHARED_CREDENTIALS_FILE") ?? "~/.aws/credentials") }

    /// Both files; one that is missing is empty.
    package func profiles() async throws(Fault) -> AWSProfiles {
        AWSProfiles(
            config: try await file(configPath, .config),
            credentials: try await file(credentialsPath, .credentials),
            configPath: configPath, credentialsPath: credentialsPath)
    }

    private func file(_ path: String, _ kind: AWSConfigFile.Kind) async throws(Fault) -> AWSConfigFile {
        guard try await files.entry(at: path) != nil else { return AWSConfigFile() }
        let bytes = try await files.read(path, bytesMax: Self.configBytesMax)
        do {
            return try AWSConfigFile(String(decoding: bytes, as: UTF8.self), file: path, kind: kind)
        } catch {
            throw Fault(.denied, error.description)
        }
    }

    func text(of path: String) async throws(Fault) -> String {
        let bytes = try await files.read(home(path), bytesMax: Self.tokenBytesMax)
        return String(Substring(decoding: bytes, as: UTF8.self).trimmingSpace)
    }

    /// The region as the tools resolve it: environment, then the profile; `nil` where nothing names one.
    package func region(profile: String?) async throws(Fault) -> String? {
        if let region = variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION") { return region }
        let name = profile ?? variable("AWS_PROFILE") ?? variable("AWS_DEFAULT_PROFILE") ?? "default"
        return try await profiles().setting("region", of: name)
    }
}

/// The profiles of both files together.
package struct AWSProfiles: Sendable {
    package var config: AWSConfigFile
    package var credentials: AWSConfigFile
    package var configPath: String
    package var credentialsPath: String

    func has(_ name: String) -> Bool { config.profiles[name] != nil || credentials.profiles[name] != nil }

    var names: [String] { Set(config.profiles.keys).union(credentials.profiles.keys).sorted() }

    /// The credentials file wins, as in the AWS tools.
    func setting(_ key: String, of name: String) -> String? {
        (credentials.profiles[name]?[key] ?? config.profiles[name]?[key]).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// `file:line` of a setting, for error messages.
    func place(_ key: String, of name: String) -> SourcePosition? {
        (credentials.profiles[name]?.settings[key] ?? config.profiles[name]?.settings[key])?.position
            ?? config.profiles[name]?.position ?? credentials.profiles[name]?.position
    }

    func problem(_ name: String, _ key: String, _ message: String, hint: String = "") -> Fault {
        Fault(.denied, Problem(at: place(key, of: name), message, hint: hint).description)
    }

    func missing(_ name: String) -> Fault {
        let hint = nearestName(to: name, among: names).map { "did you mean \($0)?" } ?? ""
        return Fault(
            .denied,
            Problem(at: nil, "no profile \(name) in \(configPath) or \(credentialsPath)", hint: hint)
                .description)
    }

    func staticKeys(_ name: String, in file: AWSConfigFile) -> AWSCredentials? {
        guard let section = file.profiles[name], let id = section["aws_access_key_id"],
            let secret = section["aws_secret_access_key"], !id.isEmpty, !secret.isEmpty
        else { return nil }
        return AWSCredentials(
            accessKeyID: id, secretAccessKey: Secret(secret),
            sessionToken: (section["aws_session_token"] ?? section["aws_security_token"]).map(Secret.init))
    }
}
