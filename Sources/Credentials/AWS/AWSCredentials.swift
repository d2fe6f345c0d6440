package import Engine
package import Ports

/// An access key, with the session it belongs to where it is a temporary one.
package struct AWSCredentials: Hashable, Sendable {
    package var accessKeyID: String
    package var secretAccessKey: Secret
    package var sessionToken: Secret?
    /// When it stops working; `nil` for a long-term key.
    package var expiration: Timestamp?

    package init(
        accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil,
        expiration: Timestamp? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
    }
}

/// One way to come by credentials.
package protocol AWSCredentialSource: Sendable {
    /// Where the credentials are from, for a person: `the environment`, `profile audit in ~/.aws/config`.
    var origin: String { get }
    /// Fetched anew each time; caching is `AWSCredentialCache`'s. `nil` where this source has nothing to say.
    func credentials() async throws(Fault) -> AWSCredentials?
}

/// A key given outright.
package struct AWSStaticCredentials: AWSCredentialSource {
    package let origin: String
    private let value: AWSCredentials

    package init(_ value: AWSCredentials, origin: String = "the configuration") {
        self.value = value
        self.origin = origin
    }

    package func credentials() async throws(Fault) -> AWSCredentials? { value }
}
