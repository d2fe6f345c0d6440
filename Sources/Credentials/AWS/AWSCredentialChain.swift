import Engine
package import Ports
import Synchronization

/// What a pipeline asks for instead of whatever the machine offers; all empty means the plain chain.
package struct AWSIdentityChoice: Hashable, Sendable {
    /// A profile of `~/.aws`; the environment's keys are then not looked at.
    package var profile: String?
    package var keys: AWSCredentials?
    /// Roles to assume one after the other, beginning with the profile's, the keys' or the chain's credentials.
    package var roles: [AWSRole] = []

    package init(profile: String? = nil, keys: AWSCredentials? = nil, roles: [AWSRole] = []) {
        self.profile = profile
        self.keys = keys
        self.roles = roles
    }
}

/// Looks for credentials where the AWS tools look, in botocore's order: environment, assume-role profile, web
/// identity, sign-in, credentials file, credential_process, config file, container, EC2 instance.
///
/// The first that has any is asked from then on, so that an identity never changes under way.
package final class AWSCredentialChain: AWSCredentialSource {
    /// Profiles that lead from one to the next.
    static let chainedProfilesMax = 16

    private let profile: String?
    private let surroundings: AWSSurroundings
    private let chosen = Mutex<(any AWSCredentialSource)?>(nil)

    package init(profile: String? = nil, in surroundings: AWSSurroundings) {
        self.profile = profile
        self.surroundings = surroundings
    }

    /// The source that a pipeline's choice amounts to.
    package static func source(
        _ choice: AWSIdentityChoice, in surroundings: AWSSurroundings
    ) -> any AWSCredentialSource {
        var source: any AWSCredentialSource
        if let keys = choice.keys {
            source = AWSStaticCredentials(keys)
        } else {
            source = AWSCredentialChain(profile: choice.profile, in: surroundings)
        }
        for role in choice.roles { source = AWSAssumedRole(role, from: source, in: surroundings) }
        return source
    }

    package var origin: String {
        chosen.withLock { $0?.origin }
            ?? profile.map { "profile \($0)" }
            ?? "the environment, ~/.aws, the container or the EC2 instance"
    }

    package func credentials() async throws(Fault) -> AWSCredentials? {
        if let source = chosen.withLock({ $0 }) {
            // What once gave credentials and now has none is away for a while, not misconfigured.
            guard let found = try await source.credentials() else {
                throw Fault(.transient, "\(source.origin) gives no credentials at the moment")
            }
            return found
        }
        for source in try await candidates() {
            if let found = try await source.credentials() {
                chosen.withLock { $0 = source }
                return found
            }
        }
        return nil
    }

    private func candidates() async throws(Fault) -> [any AWSCredentialSource] {
        let profiles = try await surroundings.profiles()
        let named =
            profile ?? surroundings.variable("AWS_PROFILE") ?? surroundings.variable("AWS_DEFAULT_PROFILE")
        if let named, !profiles.has(named) { throw profiles.missing(named) }
        let name = named ?? "default"
        var sources: [any AWSCredentialSource] = []
        if profile == nil { sources.append(AWSEnvironmentVariables(surroundings: surroundings)) }
        if isAssumeRole(name, profiles) {
            sources.append(try assumedRole(name, profiles, seen: []))
        }
        if let web = try webIdentity(name, profiles, usesEnvironment: profile == nil) { sources.append(web) }
        sources += try profileSources(name, profiles)
        sources.append(AWSContainerCredentials(surroundings: surroundings))
        sources.append(AWSInstanceMetadata(surroundings: surroundings))
        return sources
    }

    /// What stands in a profile itself, without assuming a role.
    private func profileSources(_ name: String, _ profiles: AWSProfiles) throws(Fault)
        -> [any AWSCredentialSource]
    {
        var sources: [any AWSCredentialSource] = []
        if let sso = try signOn(name, profiles) { sources.append(sso) }
        if let keys = profiles.staticKeys(name, in: profiles.credentials) {
            sources.append(
                AWSStaticCredentials(keys, origin: "profile \(name) of \(profiles.credentialsPath)"))
        }
        if let command = profiles.setting("credential_process", of: name) {
            sources.append(AWSCredentialProcess(command: command, profile: name, surroundings: surroundings))
        }
        if let keys = profiles.staticKeys(name, in: profiles.config) {
            sources.append(AWSStaticCredentials(keys, origin: "profile \(name) of \(profiles.configPath)"))
        }
        return sources
    }

    private func isAssumeRole(_ name: String, _ profiles: AWSProfiles) -> Bool {
        profiles.setting("role_arn", of: name) != nil
            && profiles.setting("web_identity_token_file", of: name) == nil
    }

    private func assumedRole(
        _ name: String, _ profiles: AWSProfiles, seen: [String]
    ) throws(Fault) -> any AWSCredentialSource {
        guard !seen.contains(name), seen.count < Self.chainedProfilesMax else {
            let way = (seen + [name]).joined(separator: " → ")
            throw profiles.problem(name, "source_profile", "the profiles go round in a circle: \(way)")
        }
        guard let arn = profiles.setting("role_arn", of: name) else { throw profiles.missing(name) }
        if profiles.setting("mfa_serial", of: name) != nil {
            throw profiles.problem(
                name, "mfa_serial", "profile \(name) asks for a second factor, which nobody is here to give")
        }
        var role = AWSRole(arn: arn)
        if let session = profiles.setting("role_session_name", of: name) { role.sessionName = session }
        role.externalID = profiles.setting("external_id", of: name)
        if let text = profiles.setting("duration_seconds", of: name) {
            guard let seconds = Int(text), AWSRole.durationSeconds.contains(seconds) else {
                throw profiles.problem(
                    name, "duration_seconds", "duration_seconds must be 900 to 43200, not \(text)")
            }
            role.durationSeconds = seconds
        }
        let parent = try parent(of: name, profiles, seen: seen)
        return AWSAssumedRole(role, from: parent, in: surroundings)
    }

    private func parent(
        of name: String, _ profiles: AWSProfiles, seen: [String]
    ) throws(Fault) -> any AWSCredentialSource {
        let source = profiles.setting("source_profile", of: name)
        let kind = profiles.setting("credential_source", of: name)
        switch (source, kind) {
        case (.some, .some):
            throw profiles.problem(
                name, "credential_source",
                "profile \(name) has both source_profile and credential_source: keep one")
        case (nil, nil):
            throw profiles.problem(
                name, "role_arn",
                "profile \(name) has role_arn but neither source_profile nor credential_source")
        case (nil, .some("Environment")): return AWSEnvironmentVariables(surroundings: surroundings)
        case (nil, .some("EcsContainer")): return AWSContainerCredentials(surroundings: surroundings)
        case (nil, .some("Ec2InstanceMetadata")): return AWSInstanceMetadata(surroundings: surroundings)
        case (nil, .some(let other)):
            let known = ["Environment", "EcsContainer", "Ec2InstanceMetadata"]
            throw profiles.problem(
                name, "credential_source", "there is no credential_source \(other)",
                hint: "did you mean \(nearestName(to: other, among: known) ?? known.joined(separator: ", "))?"
            )
        case (.some(let source), nil):
            guard profiles.has(source) else {
                let hint = nearestName(to: source, among: profiles.names).map { "did you mean \($0)?" } ?? ""
                throw profiles.problem(name, "source_profile", "there is no profile \(source)", hint: hint)
            }
            // A profile may name itself: its own keys then assume its role.
            let own = try profileSources(source, profiles)
            if source == name, let keys = own.first { return keys }
            if isAssumeRole(source, profiles) {
                return try assumedRole(source, profiles, seen: seen + [name])
            }
            if let web = try webIdentity(source, profiles, usesEnvironment: false) { return web }
            if let keys = own.first { return keys }
            throw profiles.problem(name, "source_profile", "profile \(source) holds no credentials")
        }
    }

    private func webIdentity(
        _ name: String, _ profiles: AWSProfiles, usesEnvironment: Bool
    ) throws(Fault) -> AWSWebIdentity? {
        func value(_ variable: String, _ key: String) -> String? {
            (usesEnvironment ? surroundings.variable(variable) : nil) ?? profiles.setting(key, of: name)
        }
        guard let file = value("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file") else { return nil }
        guard let arn = value("AWS_ROLE_ARN", "role_arn") else {
            throw profiles.problem(
                name, "web_identity_token_file",
                "a web identity token file needs a role: AWS_ROLE_ARN or role_arn")
        }
        let session = value("AWS_ROLE_SESSION_NAME", "role_session_name") ?? "martlet"
        return AWSWebIdentity(
            role: AWSRole(arn: arn, sessionName: session), tokenFile: file, surroundings: surroundings)
    }

    private func signOn(_ name: String, _ profiles: AWSProfiles) throws(Fault) -> AWSSingleSignOn? {
        let sessionName = profiles.setting("sso_session", of: name)
        guard sessionName != nil || profiles.setting("sso_start_url", of: name) != nil,
            profiles.setting("sso_account_id", of: name) != nil
                || profiles.setting("sso_role_name", of: name) != nil
        else { return nil }
        var startURL = profiles.setting("sso_start_url", of: name)
        var region = profiles.setting("sso_region", of: name)
        if let sessionName {
            guard let session = profiles.config.ssoSessions[sessionName] else {
                let near = nearestName(to: sessionName, among: profiles.config.ssoSessions.keys)
                throw profiles.problem(
                    name, "sso_session", "there is no [sso-session \(sessionName)]",
                    hint: near.map { "did you mean \($0)?" } ?? "")
            }
            startURL = session["sso_start_url"]
            region = session["sso_region"]
        }
        guard let account = profiles.setting("sso_account_id", of: name),
            let role = profiles.setting("sso_role_name", of: name), let region, let startURL
        else {
            throw profiles.problem(
                name, "sso_session",
                "profile \(name) needs sso_account_id, sso_role_name, sso_region and sso_start_url")
        }
        let token = AWSSignInToken(
            region: region, cacheKey: sessionName ?? startURL, isSession: sessionName != nil, profile: name,
            surroundings: surroundings)
        return AWSSingleSignOn(
            account: account, role: role, region: region, token: token, profile: name,
            surroundings: surroundings)
    }
}
