import Engine
package import Ports

/// Who we are in AWS, and where AWS is: what a collector signs its requests with.
package struct AWSIdentity: Sendable {
    package let credentials: AWSCredentialCache
    package let endpoints: AWSEndpoints
    private let time: any TimeSource

    package init(_ source: any AWSCredentialSource, endpoints: AWSEndpoints, time: any TimeSource) {
        credentials = AWSCredentialCache(source, time: time)
        self.endpoints = endpoints
        self.time = time
    }

    private init(_ credentials: AWSCredentialCache, _ endpoints: AWSEndpoints, _ time: any TimeSource) {
        self.credentials = credentials
        self.endpoints = endpoints
        self.time = time
    }

    /// The same identity, with the same cached credentials, elsewhere.
    package func inRegion(_ region: String) -> AWSIdentity {
        AWSIdentity(credentials, endpoints.inRegion(region), time)
    }

    package func signer(for service: String) -> AWSSigner {
        AWSSigner(service: service, region: endpoints.region, credentials: credentials, time: time)
    }

    /// A POST of one of the JSON protocols, version 1.0 or 1.1.
    package static func jsonRequest(
        _ url: String, version: String, target: String, _ body: JSONValue
    ) -> HTTPRequest {
        HTTPRequest(
            .POST, url + "/",
            headers: ["Content-Type": "application/x-amz-json-\(version)", "X-Amz-Target": target],
            body: body.bytes)
    }
}
