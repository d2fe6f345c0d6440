import Codecs
package import Credentials
package import Engine
package import Ports

/// Amazon S3 and stores that speak its protocol: `PUT` with `If-None-Match: *`.
package struct S3Objects: ObjectStoreProtocol {
    package static let name = "s3"

    private let bucket: String
    private let address: String
    private let owner: String?
    private let createsOnce: Bool
    private let givesControl: Bool

    /// - Parameters:
    ///   - owner: the account that must own the bucket.
    ///   - createsOnce: false for a store that does not know `If-None-Match`; it then writes the same bytes again.
    ///   - givesControl: the bucket's owner is to own the objects.
    package init(
        _ bucket: String, endpoints: AWSEndpoints, owner: String?, createsOnce: Bool,
        givesControl: Bool = false
    ) {
        self.givesControl = givesControl
        self.bucket = bucket
        address = endpoints.url(ofBucket: bucket)
        self.owner = owner
        self.createsOnce = createsOnce
    }

    package func creation(of key: String, _ bytes: [UInt8], contentType: String) -> HTTPRequest {
        var request = HTTPRequest(
            .PUT, "\(address)/\(PercentEncoding.encode(key, keepingSlash: true))",
            headers: ["Content-Type": contentType], body: bytes)
        if createsOnce { request.headers["If-None-Match"] = "*" }
        if let owner { request.headers["x-amz-expected-bucket-owner"] = owner }
        if givesControl { request.headers["x-amz-acl"] = "bucket-owner-full-control" }
        return request
    }

    package func verdict(on response: HTTPResponse, key: String, now: Timestamp) -> Verdict {
        if response.status == 200 {
            guard response.headers["ETag"] != nil else {
                return .denied(reason: "this address answers like no S3: \(response.excerpt)")
            }
            return .accepted
        }
        if (300..<400).contains(response.status), response.headers["x-amz-bucket-region"] == nil {
            let target = response.headers["Location"].map { " to \($0)" } ?? ""
            return .denied(reason: "this address redirects\(target): use the address itself")
        }
        guard let error = AWSError(response) else {
            return .denied(reason: "the store answers with HTTP status \(response.status)")
        }
        let reason = "writing s3://\(bucket)/\(key): \(error.text)"
        switch response.status {
        case 412: return .accepted
        // Two that create at once.
        case 409: return .retry(after: response.retryTime(after: now))
        case 400 where error.code == "RequestTimeout": return .retry(after: nil)
        case 501:
            return .denied(reason: "\(reason); a store without If-None-Match needs create_once: false")
        case 403:
            return .denied(
                reason: "\(reason); the credentials need s3:PutObject on arn:aws:s3:::\(bucket)/\(key)")
        case 408, 429, 500...: return .retry(after: response.retryTime(after: now))
        default: return .denied(reason: reason)
        }
    }
}

/// Google Cloud Storage: an upload of the JSON API with `ifGenerationMatch=0`.
package struct GoogleObjects: ObjectStoreProtocol {
    package static let name = "gcs"
    package static let usualAddress = "https://storage.googleapis.com"
    package static let scope = "https://www.googleapis.com/auth/devstorage.read_write"

    private let bucket: String
    private let address: String

    package init(_ bucket: String, at address: String?) {
        self.bucket = bucket
        self.address = address ?? Self.usualAddress
    }

    package func creation(of key: String, _ bytes: [UInt8], contentType: String) -> HTTPRequest {
        HTTPRequest(
            .POST,
            "\(address)/upload/storage/v1/b/\(PercentEncoding.encode(bucket))/o?uploadType=media"
                + "&ifGenerationMatch=0&name=\(PercentEncoding.encode(key))",
            headers: ["Content-Type": contentType], body: bytes)
    }

    package func verdict(on response: HTTPResponse, key: String, now: Timestamp) -> Verdict {
        let reason = "writing gs://\(bucket)/\(key) (HTTP status \(response.status)): \(response.excerpt)"
        switch response.status {
        case 200:
            let answer = try? JSONReader.document(in: response.body, file: "object")
            return answer?["generation"] == nil
                ? .denied(reason: "this address answers like no Cloud Storage: \(response.excerpt)")
                : .accepted
        case 412: return .accepted
        case 401, 403:
            return .denied(reason: "\(reason); the credentials need storage.objects.create on the bucket")
        case 300..<400: return .denied(reason: "this address redirects: use the address itself")
        case 501: return .denied(reason: reason)
        case 408, 429, 500...: return .retry(after: response.retryTime(after: now))
        default: return .denied(reason: reason)
        }
    }
}

/// Azure Blob Storage, and so ADLS Gen2: `Put Blob` with `If-None-Match: *`.
package struct AzureObjects: ObjectStoreProtocol {
    package static let name = "azure_blob"
    package static let scope = "https://storage.azure.com/.default"
    private static let version = "2021-12-02"

    private let container: String
    private let address: String

    package init(account: String, container: String, at address: String?) {
        self.container = container
        self.address = address ?? "https://\(account).blob.core.windows.net"
    }

    package func creation(of key: String, _ bytes: [UInt8], contentType: String) -> HTTPRequest {
        HTTPRequest(
            .PUT, "\(address)/\(container)/\(PercentEncoding.encode(key, keepingSlash: true))",
            headers: [
                "Content-Type": contentType, "x-ms-blob-type": "BlockBlob", "x-ms-version": Self.version,
                "If-None-Match": "*",
            ], body: bytes)
    }

    package func verdict(on response: HTTPResponse, key: String, now: Timestamp) -> Verdict {
        let code = response.headers["x-ms-error-code"] ?? ""
        let reason =
            "writing \(container)/\(key) (HTTP status \(response.status)): \(code) \(response.excerpt)"
        switch response.status {
        case 201:
            return response.headers["ETag"] == nil
                ? .denied(reason: "this address answers like no Blob Storage: \(response.excerpt)")
                : .accepted
        case 409 where code == "BlobAlreadyExists": return .accepted
        case 412: return .accepted
        case 401, 403:
            return .denied(reason: "\(reason); the credentials need the role Storage Blob Data Contributor")
        case 300..<400: return .denied(reason: "this address redirects: use the address itself")
        case 501: return .denied(reason: reason)
        case 408, 409, 429, 500...: return .retry(after: response.retryTime(after: now))
        case 200..<300:
            return .denied(reason: "this address answers like no Blob Storage: \(response.excerpt)")
        default: return .denied(reason: reason)
        }
    }
}
