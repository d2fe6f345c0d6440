import Codecs
package import Credentials
import Engine
package import Ports

/// A bucket as collectors read it: listings, objects, and what its refusals mean.
package struct S3Bucket: Sendable {
    /// Keys in one answer; S3's own limit.
    static let keysMax = 1_000

    package let name: String
    /// The account that must own the bucket, so that a name somebody else took over is never read.
    package let expectedOwner: String?
    private let endpoints: AWSEndpoints
    private let signer: AWSSigner

    package init(_ name: String, expectedOwner: String? = nil, identity: AWSIdentity) {
        self.name = name
        self.expectedOwner = expectedOwner
        endpoints = identity.endpoints
        signer = identity.signer(for: "s3")
    }

    private var arn: String { "arn:\(endpoints.partition.name):s3:::\(name)" }

    private func operation(_ request: HTTPRequest) -> Call.Operation {
        var request = request
        if let expectedOwner { request.headers["x-amz-expected-bucket-owner"] = expectedOwner }
        return .http(request, authorizer: signer, rule: .aws)
    }

    // MARK: Requests

    /// - Parameters:
    ///   - delimiter: `/` for the folders right under `prefix` in place of every key below it.
    ///   - startAfter: only keys after this one in byte order.
    package func list(
        prefix: String, delimiter: String? = nil, startAfter: String? = nil, continuation: String? = nil
    ) -> Call.Operation {
        var query = [("encoding-type", "url"), ("list-type", "2"), ("max-keys", String(Self.keysMax))]
        query.append(("prefix", prefix))
        if let delimiter { query.append(("delimiter", delimiter)) }
        if let continuation {
            query.append(("continuation-token", continuation))
        } else if let startAfter {
            query.append(("start-after", startAfter))
        }
        var request = HTTPRequest(
            .GET, "\(endpoints.url(ofBucket: name))/?\(form(query.sorted { $0.0 < $1.0 }))")
        request.responseBytesMax = 32 << 20
        return operation(request)
    }

    /// The whole of an object that is known to be small.
    package func get(_ key: String, bytesMax: Int) -> Call.Operation {
        operation(request(for: key, bytesMax: bytesMax))
    }

    /// Some of an object's bytes; of the version that has the ETag, where one is given.
    package func get(_ key: String, _ range: Range<Int64>, etag: String? = nil) -> Call.Operation {
        var request = request(for: key, bytesMax: max(range.count, 64 << 10))
        request.headers["Range"] = "bytes=\(range.lowerBound)-\(range.upperBound - 1)"
        if let etag { request.headers["If-Match"] = etag }
        return operation(request)
    }

    /// Creates an object; where there is one under the key already, it stays and the answer is a refusal.
    package func create(_ key: String, _ bytes: [UInt8]) -> Call.Operation {
        var request = request(for: key, bytesMax: 64 << 10)
        request.method = .PUT
        request.body = bytes
        request.headers["If-None-Match"] = "*"
        request.headers["Content-Type"] = "application/octet-stream"
        return operation(request)
    }

    package func delete(_ key: String) -> Call.Operation {
        var request = request(for: key, bytesMax: 64 << 10)
        request.method = .DELETE
        return operation(request)
    }

    private func request(for key: String, bytesMax: Int) -> HTTPRequest {
        var request = HTTPRequest(
            .GET, "\(endpoints.url(ofBucket: name))/\(PercentEncoding.encode(key, keepingSlash: true))")
        request.timeout = .minutes(5)
        request.responseBytesMax = bytesMax
        return request
    }

    // MARK: Answers

    package struct Listing: Hashable, Sendable {
        package struct Object: Hashable, Sendable {
            package var key: String
            package var etag: String
            package var size: Int64
        }

        package var objects: [Object] = []
        /// What a delimiter left: prefixes that end in it.
        package var folders: [String] = []
        /// To go on with; `nil` at the end.
        package var continuation: String?
    }

    package func listing(in response: HTTPResponse) throws(Fault) -> Listing {
        if let error = AWSError(response) { throw fault(error, listing: true, "listing \(name)", arn) }
        guard let xml = XMLElement(xml: response.body), xml.name == "ListBucketResult" else {
            throw Fault(.transient, "listing \(name): the answer is no listing")
        }
        let isEncoded = xml.text("EncodingType") == "url"
        func text(_ raw: String) -> String {
            isEncoded ? PercentEncoding.decode(raw, plusIsSpace: true) ?? raw : raw
        }
        var listing = Listing()
        for content in xml.all("Contents") {
            guard let key = content.text("Key") else { continue }
            listing.objects.append(
                Listing.Object(
                    key: text(key), etag: content.text("ETag") ?? "",
                    size: content.text("Size").flatMap { Int64($0) } ?? 0))
        }
        listing.folders = xml.all("CommonPrefixes").compactMap { $0.text("Prefix").map(text) }
        if xml.text("IsTruncated") == "true" {
            guard let token = xml.text("NextContinuationToken"), !token.isEmpty else {
                throw Fault(.transient, "listing \(name): a truncated listing without a token")
            }
            listing.continuation = token
        }
        return listing
    }

    /// The object's bytes; faults as for a piece.
    package func object(_ key: String, in response: HTTPResponse) throws(Fault) -> [UInt8] {
        if let error = AWSError(response) {
            throw fault(error, listing: false, "reading \(uri(of: key))", "\(arn)/\(key)")
        }
        return response.body
    }

    /// Whether the object was created; false where there was one.
    package func created(_ key: String, in response: HTTPResponse) throws(Fault) -> Bool {
        guard let error = AWSError(response) else { return true }
        // Two that create at once are told apart by the server, and the later one may be told of a conflict.
        if ["PreconditionFailed", "HTTP 412", "ConditionalRequestConflict"].contains(error.code) {
            return false
        }
        throw error.fault("writing \(uri(of: key))", permission: "s3:PutObject on \(arn)/\(key)")
    }

    /// Fails unless the object is gone.
    package func deleted(_ key: String, in response: HTTPResponse) throws(Fault) {
        guard let error = AWSError(response), error.code != "NoSuchKey" else { return }
        throw error.fault("removing \(uri(of: key))", permission: "s3:DeleteObject on \(arn)/\(key)")
    }

    /// Some of an object's bytes.
    package struct Piece: Hashable, Sendable {
        package var bytes: [UInt8]
        /// The object's length, where the answer tells it.
        package var total: Int64?
        package var etag: String?

        /// Whether there is more behind a first piece.
        package func hasRest(_ pieceBytes: Int) -> Bool {
            total.map { $0 > Int64(bytes.count) } ?? (bytes.count >= pieceBytes)
        }
    }

    /// The bytes asked for, or why there are none: `denied` where a person must act, `rejected` where this one object
    /// will never be readable. None behind the object's end.
    package func piece(of key: String, isFirst: Bool, in response: HTTPResponse) throws(Fault) -> Piece {
        if let error = AWSError(response) {
            if error.code == "InvalidRange" || response.status == 416 { return Piece(bytes: []) }
            throw fault(error, listing: false, "reading \(uri(of: key))", "\(arn)/\(key)")
        }
        var piece = Piece(bytes: response.body, etag: response.headers["ETag"])
        if response.status == 206 {
            piece.total = response.headers["Content-Range"]?.split(separator: "/").last.flatMap { Int64($0) }
        } else if isFirst {
            // The whole of a small object, from a store that knows no ranges.
            piece.total = Int64(response.body.count)
        } else {
            throw Fault(.malformed, "reading \(uri(of: key)): the store gives no parts of objects")
        }
        return piece
    }

    package func uri(of key: String) -> String { "s3://\(name)/\(key)" }

    private func fault(_ error: AWSError, listing: Bool, _ action: String, _ resource: String) -> Fault {
        switch error.code {
        case "NoSuchBucket": return Fault(.denied, "\(action): there is no bucket \(name)")
        case "NoSuchKey", "HTTP 404": return Fault(.rejected(rows: []), "\(action): the object is not there")
        case "PreconditionFailed", "HTTP 412":
            return Fault(.rejected(rows: []), "\(action): it was replaced while it was being read")
        case "InvalidObjectState":
            return Fault(
                .rejected(rows: []),
                "\(action): the object is archived (Glacier): restore it, then read it again")
        case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException":
            return Fault(
                .denied, "\(action): the bucket is in another region than \(endpoints.region); \(error.text)")
        case "InvalidRequest" where error.message.contains("Server Side Encryption"):
            return Fault(
                .rejected(rows: []),
                "\(action): the object is encrypted with a key its writer sent along (SSE-C), which nobody else has"
            )
        case "KMS.DisabledException", "KMS.NotFoundException", "KMS.KMSInvalidStateException":
            return Fault(
                .denied, "\(action): the KMS key of the object is disabled, deleted or away: \(error.text)")
        default: break
        }
        var permission = listing ? "s3:ListBucket on \(arn)" : "s3:GetObject on \(resource)"
        if error.message.lowercased().contains("kms") {
            permission = "kms:Decrypt on the key of the object (SSE-KMS)"
        } else if !listing {
            permission += ", and kms:Decrypt on its key if it is encrypted with SSE-KMS"
        }
        if let expectedOwner { permission += "; the bucket must belong to account \(expectedOwner)" }
        return error.fault(action, permission: permission)
    }
}
