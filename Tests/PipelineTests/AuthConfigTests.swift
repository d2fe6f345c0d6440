import Codecs
import Credentials
import Engine
import Ports
import Testing

@testable import Pipeline

@Suite struct AuthConfigTests {
    private func decode(
        _ text: String, environment: [String: String] = [:]
    ) throws -> (AuthConfig?, problems: [String]) {
        let document = try YAMLReader.document(in: Array(text.utf8), file: "p.yaml")
        var decoder = ConfigDecoder(references: References(environment: environment))
        let auth = AuthConfig.decode(document, by: &decoder)
        return (auth, decoder.problems.map(\.description))
    }

    @Test("What is wrong with an auth block is said with its place")
    func problems() throws {
        for (text, expected) in [
            ("kind: entar\n", "p.yaml:1:7: “entar” is not known here (did you mean “entra”?)"),
            (
                "kind: entra\ntenant: t\nclient_id: c\n",
                "p.yaml:1:1: one of client_secret, certificate, token_file and github_actions is needed"
            ),
            (
                "kind: entra\ntenant: t\nclient_id: c\ncertificate: nonsense\n",
                "p.yaml:1:1: certificate: there is no certificate in PEM form (write ${file:client.pem})"
            ),
            (
                "kind: okta\norganization: https://example.okta.com\nclient_id: c\nprivate_key: nonsense\n",
                "p.yaml:4:14: there is no private key in PEM form (write ${file:key.pem})"
            ),
            (
                "kind: oauth2\ntoken_url: http://idp.example.com/token\nclient_id: c\nclient_secret: s\n",
                "p.yaml:1:1: token_url: plain HTTP to idp.example.com would send credentials and logs unprotected"
            ),
            (
                "kind: api_token\ntokn: x\n",
                "p.yaml:2:1: an API token has no key “tokn” (did you mean “token”?)"
            ),
            (
                "kind: google\nsubject: a@example.com\n",
                "subject needs a service account's key in credentials"
            ),
            (
                "kind: api_token\ntoken: ${env:OKTA_TOKN}\n",
                "p.yaml:2:8: the environment variable OKTA_TOKN is not set (did you mean OKTA_TOKEN?)"
            ),
        ] {
            let found = try decode(text, environment: ["OKTA_TOKEN": "t"]).problems
            #expect(found.contains { $0.contains(expected) }, "\(found)")
        }
    }

    @Test("Each kind has a place in the schema, and what it reads gives an authorizer")
    func kinds() throws {
        let key = PrivateKey().pem.replacing("\n", with: "\\n")
        let blocks = [
            "api_token": "token: t", "basic": "user: u\npassword: p",
            "oauth2": "token_url: https://idp.example.com/t\nclient_id: c\nprivate_key: \"\(key)\"",
            "entra": "tenant: t\nclient_id: c\nclient_secret: s", "azure_managed_identity": "client_id: c",
            "google": "scopes: [a]",
            "okta": "organization: https://example.okta.com\nclient_id: c\nprivate_key: \"\(key)\"",
            "github_app": "app: Iv1\norganization: example\nprivate_key: \"\(key)\"",
            "snowflake_key_pair": "account: ORG-ACC\nuser: u\nprivate_key: \"\(key)\"",
        ]
        #expect(Set(AuthConfig.kinds) == Set(blocks.keys))
        for (kind, block) in blocks {
            let (auth, problems) = try decode("kind: \(kind)\n\(block)\n")
            #expect(problems.isEmpty && auth?.kind == kind, "\(kind): \(problems)")
            var dumped = ""
            dump(auth, to: &dumped)
            #expect(!dumped.contains("PRIVATE KEY"))
        }
    }
}
