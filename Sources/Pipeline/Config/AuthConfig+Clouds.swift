import Codecs
package import Credentials
package import Engine

package enum AzureCloudChoice: String, ConfigChoice {
    case global = "public"
    case usGovernment = "us_government"
    case china

    var cloud: AzureCloud { AzureCloud(rawValue: rawValue) ?? .global }
}

package enum CertificateAlgorithm: String, ConfigChoice {
    case ps256 = "PS256"
    case rs256 = "RS256"
}

package struct EntraConfig: ConfigValue {
    package var tenant = ""
    package var clientID = ""
    package var clientSecret: Secret?
    package var certificate: Secret?
    package var privateKey: Secret?
    package var algorithm = CertificateAlgorithm.ps256
    package var tokenFile: String?
    package var githubActions = false
    package var cloud = AzureCloudChoice.global
    package var authority: EndpointURL?
    package var scopes: [String] = []

    package init() {}

    package static let name = "an Entra app"
    package static let summary =
        "An app registration of Entra: by a secret, a certificate, or a token that it is federated with."
    package static var fields: [ConfigField<Self>] {
        [
            .init("tenant", \.tenant, isRequired: true, "The tenant's id or domain"),
            .init("client_id", \.clientID, isRequired: true, "The app's (client's) id"),
            .init("client_secret", \.clientSecret, "The app's secret"),
            .init(
                "certificate", \.certificate,
                "The app's certificate in PEM form, and its key where they are one file"),
            .init("private_key", \.privateKey, "The certificate's key, where it is in a file of its own"),
            .init("algorithm", \.algorithm, "How assertions are signed with the certificate's key"),
            .init(
                "token_file", \.tokenFile,
                "A file with the federated token, read anew each time: `${env:AZURE_FEDERATED_TOKEN_FILE}`"),
            .init("github_actions", \.githubActions, "Use the token that GitHub gives to the running job"),
            .init("cloud", \.cloud, "Which of Microsoft's clouds"),
            .init("authority", \.authority, "Sign-in host, where it is none of these clouds'"),
            .init("scopes", \.scopes, "What to ask for; without it what the feed needs"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        ConnectionConfig().checkPlain(authority, "authority", at: position, by: &decoder)
        let proofs = [clientSecret != nil, certificate != nil, tokenFile != nil, githubActions].count { $0 }
        if proofs != 1 {
            decoder.complain(
                at: position, "one of client_secret, certificate, token_file and github_actions is needed")
        }
        if privateKey != nil, certificate == nil {
            decoder.complain(at: position, "private_key without certificate")
        }
        do throws(PrivateKey.Refusal) { _ = try certificateProof() } catch {
            decoder.complain(at: position, "certificate: \(error)", hint: "write ${file:client.pem}")
        }
    }

    private func certificateProof() throws(PrivateKey.Refusal) -> ClientProof? {
        guard let certificate else { return nil }
        return try EntraCertificate.proof(
            certificate.revealed, key: privateKey?.revealed, algorithm == .ps256 ? .ps256 : .rs256)
    }

    func client(
        _ needs: AuthNeeds, in surroundings: TokenSurroundings, _ absolute: (String) -> String
    ) -> OAuthClient.Config {
        let cloud = cloud.cloud
        let proof: ClientProof
        if let clientSecret {
            proof = .secret(clientSecret, inHeader: false)
        } else if let signed = try? certificateProof() {
            proof = signed
        } else if let tokenFile {
            proof = .token(FileToken(absolute(tokenFile), in: surroundings))
        } else {
            proof = .token(GitHubActionsToken(audience: cloud.exchangeAudience, in: surroundings))
        }
        var config = OAuthClient.Config(
            tokenURL: AzureCloud.tokenURL(authority: authority?.text ?? cloud.authority, tenant: tenant),
            clientID: clientID, proof: proof)
        config.scopes = scopes.isEmpty ? needs.scopes : scopes
        return config
    }
}

package struct ManagedIdentityConfig: ConfigValue {
    package var clientID: String?
    package var objectID: String?
    package var resourceID: String?
    package var scope: String?

    package init() {}

    package static let name = "an Azure managed identity"
    package static let summary =
        "The identity of the Azure machine this runs on: a VM, App Service, Container App, Service Fabric, or a server in Arc."
    package static var fields: [ConfigField<Self>] {
        [
            .init("client_id", \.clientID, "Which identity, by its client id; without it the system's own"),
            .init("object_id", \.objectID, "Which identity, by its object id"),
            .init("resource_id", \.resourceID, "Which identity, by its ARM resource id"),
            .init("scope", \.scope, "What to ask for; without it what the feed needs"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        if [clientID, objectID, resourceID].count(where: { $0 != nil }) > 1 {
            decoder.complain(at: position, "client_id, object_id and resource_id exclude each other")
        }
    }

    var choice: AzureManagedIdentity.Choice {
        if let clientID { return .client(clientID) }
        if let objectID { return .object(objectID) }
        return resourceID.map { .resource($0) } ?? .system
    }
}

package struct GoogleConfig: ConfigValue {
    package var credentials: Secret?
    package var subject: String?
    package var impersonate: String?
    package var scopes: [String] = []

    package init() {}

    package static let name = "Google credentials"
    package static let summary =
        "A service account's key, identity federation, or this machine's own service account."
    package static var fields: [ConfigField<Self>] {
        [
            .init(
                "credentials", \.credentials,
                "A credentials file's content: `${file:key.json}`; without it `GOOGLE_APPLICATION_CREDENTIALS`, "
                    + "then `gcloud`'s own, then the metadata server"),
            .init(
                "subject", \.subject,
                "Workspace user in whose name a service account acts (domain-wide delegation)"),
            .init("impersonate", \.impersonate, "Service account to act as, with the credentials found"),
            .init("scopes", \.scopes, "What to ask for; without it what the feed needs"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        do throws(GoogleKeyFile.Refusal) {
            let file = try keyFile()
            if subject != nil {
                guard case .serviceAccount? = file, impersonate == nil else {
                    decoder.complain(at: position, "subject needs a service account's key in credentials")
                    return
                }
            }
        } catch {
            decoder.complain(at: position, "credentials: \(error)")
        }
    }

    private func keyFile() throws(GoogleKeyFile.Refusal) -> GoogleKeyFile? {
        guard let credentials else { return nil }
        return try GoogleKeyFile(credentials.revealed)
    }

    func tokens(_ needs: AuthNeeds) -> GoogleTokens.Config {
        var config = GoogleTokens.Config(
            file: (try? keyFile()) ?? nil, scopes: scopes.isEmpty ? needs.scopes : scopes)
        config.subject = subject
        config.impersonate = impersonate
        return config
    }
}
