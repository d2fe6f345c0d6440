import Collectors
import Credentials
import Engine
package import Ports

/// Where somebody said that a lake is: `s3://bucket/prefix`, or a folder.
package enum LakePlace: Hashable, Sendable {
    case bucket(String, prefix: String)
    case folder(String)

    package init(_ text: String) throws(Fault) {
        guard let colon = text.firstRange(of: "://") else {
            self = .folder(text)
            return
        }
        let parts = text[colon.upperBound...].split(
            separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard text[..<colon.lowerBound] == "s3", let bucket = parts.first, !bucket.isEmpty else {
            throw Fault(.denied, "\(printable(text)) is neither a folder nor s3://BUCKET/PREFIX")
        }
        self = .bucket(String(bucket), prefix: parts.count > 1 ? String(parts[1]) : "")
    }

    /// The bucket's lake, reached as the AWS tools would: the environment's or the profile's credentials and region, and
    /// `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` where the bucket is elsewhere.
    ///
    /// - Parameter place: what is known of the bucket besides: its own region, and where it is unless the environment says so.
    package static func lake(
        inBucket name: String, prefix: String, as place: BucketPlace? = nil, _ surroundings: RunSurroundings
    ) async throws(Fault) -> BucketLake {
        let variable = { (name: String) in surroundings.environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let caller = Caller(
            transport: try surroundings.transport(ConnectionConfig()), time: surroundings.time,
            entropy: surroundings.entropy)
        var overrides: [String: String] = [:]
        for (service, own) in [("s3", "AWS_ENDPOINT_URL_S3"), ("sts", "AWS_ENDPOINT_URL_STS")] {
            overrides[service] = variable(own)
        }
        overrides["*"] = variable("AWS_ENDPOINT_URL")
        if overrides["s3"] == nil, overrides["*"] == nil { overrides["s3"] = place?.endpoint }
        var around = AWSSurroundings(
            environment: surroundings.environment, files: surroundings.files,
            processes: surroundings.processes, caller: caller,
            endpoints: AWSEndpoints(region: "us-east-1", overrides: overrides),
            volume: surroundings.sharedVolume)
        var region = place?.region
        if region == nil { region = try await around.region(profile: nil) }
        guard let region else {
            throw Fault(
                .denied, "s3://\(name): no region is known: set AWS_REGION, or `region` in ~/.aws/config")
        }
        around.endpoints = around.endpoints.inRegion(region)
        let identity = AWSIdentity(
            AWSCredentialChain.source(AWSIdentityChoice(), in: around), endpoints: around.endpoints,
            time: surroundings.time)
        return BucketLake(S3Bucket(name, identity: identity), prefix: prefix, caller: caller)
    }
}
