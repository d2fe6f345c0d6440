import Codecs

/// A part of AWS with its own accounts, addresses and ARNs.
package struct AWSPartition: Hashable, Sendable {
    /// As in an ARN: `aws`, `aws-cn`, `aws-us-gov`.
    package var name: String
    package var suffix: String
    package var dualStackSuffix: String
    /// Whether the ordinary names already are FIPS endpoints, so that there is no `-fips` name beside them.
    package var isFIPSThroughout = false

    package static func of(region: String) -> AWSPartition {
        if region.hasPrefix("cn-") {
            return AWSPartition(
                name: "aws-cn", suffix: "amazonaws.com.cn", dualStackSuffix: "api.amazonwebservices.com.cn")
        }
        if region.hasPrefix("us-gov-") {
            return AWSPartition(
                name: "aws-us-gov", suffix: "amazonaws.com", dualStackSuffix: "api.aws",
                isFIPSThroughout: true)
        }
        if region.hasPrefix("us-isob-") {
            return AWSPartition(name: "aws-iso-b", suffix: "sc2s.sgov.gov", dualStackSuffix: "api.aws.scloud")
        }
        if region.hasPrefix("us-iso-") {
            return AWSPartition(name: "aws-iso", suffix: "c2s.ic.gov", dualStackSuffix: "api.aws.ic.gov")
        }
        if region.hasPrefix("eusc-") {
            return AWSPartition(
                name: "aws-eusc", suffix: "amazonaws.eu", dualStackSuffix: "api.amazonwebservices.eu")
        }
        return AWSPartition(name: "aws", suffix: "amazonaws.com", dualStackSuffix: "api.aws")
    }
}

/// Where AWS's services answer.
package struct AWSEndpoints: Hashable, Sendable {
    package var region: String
    package var usesFIPS: Bool
    package var usesDualStack: Bool
    /// Service (`s3`, `sqs`, `sts`, `cloudtrail`, `iam`, `sso`, …) → base URL; `*` stands for every service. Such a URL is
    /// used as it is, and S3 then takes the bucket in the path.
    package var overrides: [String: String]

    package init(
        region: String, usesFIPS: Bool = false, usesDualStack: Bool = false, overrides: [String: String] = [:]
    ) {
        self.region = region
        self.usesFIPS = usesFIPS
        self.usesDualStack = usesDualStack
        self.overrides = overrides
    }

    package var partition: AWSPartition { .of(region: region) }

    package func inRegion(_ region: String) -> AWSEndpoints {
        var copy = self
        copy.region = region
        return copy
    }

    package func override(for service: String) -> String? {
        (overrides[service] ?? overrides["*"]).map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }

    /// Without a slash at the end.
    package func url(of service: String) -> String {
        if let override = override(for: service) { return override }
        // Identity Center answers people and administrators under two names.
        let host = service == "sso" ? "portal.sso" : service == "sso-admin" ? "sso" : service
        let partition = partition
        if usesDualStack {
            return "https://\(host)\(usesFIPS ? "-fips" : "").\(region).\(partition.dualStackSuffix)"
        }
        let fips = usesFIPS && !partition.isFIPSThroughout ? "-fips" : ""
        return "https://\(host)\(fips).\(region).\(partition.suffix)"
    }

    /// The address of a bucket, without a slash at the end: in the host's name, unless the bucket's own name has
    /// a dot (no certificate covers that) or the endpoint is overridden.
    package func url(ofBucket bucket: String) -> String {
        if let override = override(for: "s3") { return "\(override)/\(PercentEncoding.encode(bucket))" }
        let name = "s3" + (usesFIPS ? "-fips" : "") + (usesDualStack ? ".dualstack" : "")
        let host = "\(name).\(region).\(partition.suffix)"
        return bucket.contains(".") ? "https://\(host)/\(bucket)" : "https://\(bucket).\(host)"
    }
}
