package import Credentials
package import Engine

/// How a collector or exporter reaches the other side.
package struct ConnectionConfig: ConfigValue {
    package var proxy: EndpointURL?
    package var tls = TLSConfig()
    package var allowInsecure = false
    package var timeout: Duration?

    package init() {}

    package static let name = "a connection"
    package static let summary = "What every collector and exporter that speaks HTTP takes."
    package static var fields: [ConfigField<Self>] {
        [
            .init("proxy", \.proxy, "HTTP proxy; without it `HTTPS_PROXY` and `NO_PROXY` hold"),
            .init("tls", \.tls, "Private certificate authorities and client certificates"),
            .init(
                "allow_insecure", \.allowInsecure, "Allow plain HTTP to other machines than this one"),
            .init(
                "timeout", \.timeout,
                "From a request's first byte to the answer's last, where the usual minute does not do"),
        ]
    }

    /// Plain HTTP leaves this machine only when the file says so.
    func checkPlain(
        _ url: EndpointURL?, _ key: String, at position: SourcePosition, by decoder: inout ConfigDecoder
    ) {
        guard let url, url.isPlain, !url.isLoopback, !allowInsecure else { return }
        decoder.complain(
            at: position, "\(key): plain HTTP to \(url.host) would send credentials and logs unprotected",
            hint: "use https://, or say allow_insecure: true")
    }
}

package struct TLSConfig: ConfigValue {
    package var caFile: String?
    package var clientCertificate: String?
    package var clientKey: String?

    package init() {}

    package static let name = "tls"
    package static let summary = "Files in PEM form."
    package static var fields: [ConfigField<Self>] {
        [
            .init("ca_file", \.caFile, "Certificate authorities to trust instead of the system's"),
            .init(
                "client_certificate", \.clientCertificate,
                "Certificate chain to show to the other side (mTLS)"),
            .init("client_key", \.clientKey, "Its private key, where it is not in the same file"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        if clientKey != nil, clientCertificate == nil {
            decoder.complain(at: position, "client_key without client_certificate")
        }
    }
}

/// Which AWS account, as whom, and where.
package struct AWSConfig: ConfigValue {
    package var region = ""
    package var profile: String?
    package var roleARN: String?
    package var externalID: String?
    package var endpoint: EndpointURL?
    package var endpoints = Named<EndpointURL>()
    package var fips = false
    package var dualStack = false
    package var connection = ConnectionConfig()

    package init() {}

    /// The services whose endpoints can be overridden.
    static let services = [
        "access-analyzer", "acm", "cloudtrail", "ds", "dynamodb", "iam", "identitystore", "kms", "oidc",
        "organizations", "s3", "sqs", "sso", "sso-admin", "sts",
    ]

    package static let name = "an AWS collector"
    package static let summary = "What every AWS collector takes."
    package static var fields: [ConfigField<Self>] {
        [
            .init("region", \.region, isRequired: true, "AWS region: `eu-central-1`"),
            .init(
                "profile", \.profile, "Profile of `~/.aws/config`; without it the standard credential chain"),
            .init("role_arn", \.roleARN, "Role to assume with those credentials"),
            .init("external_id", \.externalID, "External id that the role's trust policy asks for"),
            .init(
                "endpoint", \.endpoint, "Base URL for every AWS service, for S3-compatible stores and tests"),
            .init("endpoints", \.endpoints, "Base URL by service: \(services.joined(separator: ", "))"),
            .init("fips", \.fips, "Use the FIPS endpoints"),
            .init("dual_stack", \.dualStack, "Use the IPv4 and IPv6 endpoints"),
        ] + ConnectionConfig.fields.map { $0.lifted(\.connection) }
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        check(at: position, assumesRoles: roleARN != nil, by: &decoder)
    }

    func check(at position: SourcePosition, assumesRoles: Bool, by decoder: inout ConfigDecoder) {
        connection.checkPlain(endpoint, "endpoint", at: position, by: &decoder)
        for entry in endpoints.entries {
            if !Self.services.contains(entry.name) {
                let near = nearestName(to: entry.name, among: Self.services)
                decoder.complain(
                    at: entry.position, "no AWS service “\(entry.name)” is used",
                    hint: near.map { "did you mean “\($0)”?" }
                        ?? "there is \(Self.services.joined(separator: ", "))")
            }
            connection.checkPlain(entry.value, "endpoints.\(entry.name)", at: position, by: &decoder)
        }
        if !Self.isRegion(region) {
            decoder.complain(at: position, "region: “\(region)” is not a region's name")
        }
        if externalID != nil, !assumesRoles {
            decoder.complain(at: position, "external_id without role_arn")
        }
    }

    static func isRegion(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
            }
    }

    package var awsEndpoints: AWSEndpoints {
        var overrides: [String: String] = [:]
        if let endpoint { overrides["*"] = endpoint.text }
        for entry in endpoints.entries { overrides[entry.name] = entry.value.text }
        return AWSEndpoints(region: region, usesFIPS: fips, usesDualStack: dualStack, overrides: overrides)
    }
}
