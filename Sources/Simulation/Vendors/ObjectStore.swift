import Codecs
package import Engine
package import Ports
import Synchronization

/// A store that answers as S3 does, in path style: ListObjectsV2, GET, HEAD, PUT and DELETE of objects, XML errors.
///
/// The same value stands in the simulated world and behind a real server on loopback. It checks that a request is
/// signed with a key it knows, not that the signature is right: whether we sign rightly is for the official suite and
/// for moto to say.
package final class ObjectStore: SimulatedServer {
    /// What an object is made of; `provided` objects take no memory until they are asked for.
    package enum Content: Sendable {
        case bytes([UInt8])
        case provided(size: Int, @Sendable () -> [UInt8]?)

        var size: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .provided(let size, _): size
            }
        }

        func read() -> [UInt8]? {
            switch self {
            case .bytes(let bytes): bytes
            case .provided(_, let read): read()
            }
        }
    }

    struct Object: Sendable {
        var content: Content
        var modified: Timestamp
        var etag: String
        /// `x-amz-meta-` fields, without the prefix.
        var metadata: [HTTPHeaders.Field] = []
    }

    struct Bucket: Sendable {
        var objects: [String: Object] = [:]
        /// In byte order of the keys; `nil` after a change.
        var order: [String]?
    }

    private struct State {
        var buckets: [String: Bucket] = [:]
        var requests = 0
        var downloads = 0
    }

    /// The most keys that one answer lists, whatever is asked for.
    static let keysMax = 1_000

    private let state: Mutex<State>
    /// Key ids that may call; empty takes any request that is signed at all.
    private let accessKeys: Set<String>

    package init(buckets: [String], accessKeys: Set<String> = []) {
        self.accessKeys = accessKeys
        state = Mutex(State(buckets: Dictionary(uniqueKeysWithValues: buckets.map { ($0, Bucket()) })))
    }

    package var requests: Int { state.withLock { $0.requests } }
    /// Objects handed out whole or in part.
    package var downloads: Int { state.withLock { $0.downloads } }

    /// Puts an object in place; returns its entity tag, without quotes.
    @discardableResult
    package func put(
        _ content: Content, as key: String, in bucket: String, at time: Timestamp,
        metadata: [HTTPHeaders.Field] = []
    ) -> String {
        let etag: String
        switch content {
        case .bytes(let bytes): etag = Hex.encode(Digest.md5(bytes))
        case .provided(let size, _): etag = Hex.encode(Digest.md5(Array("\(key)/\(size)".utf8)))
        }
        state.withLock { state in
            state.buckets[bucket, default: Bucket()].objects[key] = Object(
                content: content, modified: time, etag: etag, metadata: metadata)
            state.buckets[bucket]?.order = nil
        }
        return etag
    }

    package func remove(_ key: String, from bucket: String) {
        state.withLock { state in
            state.buckets[bucket]?.objects[key] = nil
            state.buckets[bucket]?.order = nil
        }
    }

    package func keys(in bucket: String) -> [String] {
        state.withLock { $0.buckets[bucket]?.objects.keys.sorted(by: ObjectStore.precedes) ?? [] }
    }

    package func bytes(of key: String, in bucket: String) -> [UInt8]? {
        state.withLock { $0.buckets[bucket]?.objects[key]?.content }?.read()
    }

    package func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
        state.withLock { $0.requests += 1 }
        if let refusal = refusal(of: request) { return refusal }
        let target = RequestTarget(request.url)
        let parts = target.path.split(separator: "/", maxSplits: 1)
        guard let bucketPart = parts.first, let bucket = PercentEncoding.decode(String(bucketPart)) else {
            return .xmlError(405, "MethodNotAllowed", "Only buckets are served here.")
        }
        let known = state.withLock { $0.buckets[bucket] != nil }
        guard known else {
            return .xmlError(
                404, "NoSuchBucket", "The specified bucket does not exist", isHead: request.method == .HEAD)
        }
        if parts.count == 1 {
            if request.method == .HEAD {
                return HTTPResponse(status: 200, headers: ["x-amz-bucket-region": "us-east-1"])
            }
            guard request.method == .GET else {
                return .xmlError(405, "MethodNotAllowed", "The specified method is not allowed.")
            }
            return list(bucket, target)
        }
        guard let key = PercentEncoding.decode(String(parts[1])) else {
            return .xmlError(400, "InvalidURI", "Couldn't parse the specified URI.")
        }
        return switch request.method {
        case .GET, .HEAD: get(key, in: bucket, request)
        case .PUT: put(key, in: bucket, request, at: now)
        case .DELETE: delete(key, from: bucket)
        default: .xmlError(405, "MethodNotAllowed", "The specified method is not allowed.")
        }
    }

    private func refusal(of request: HTTPRequest) -> HTTPResponse? {
        let isHead = request.method == .HEAD
        switch SignatureShape(request) {
        case .absent: return .xmlError(403, "AccessDenied", "Access Denied", isHead: isHead)
        case .malformed(let reason):
            return .xmlError(400, "AuthorizationHeaderMalformed", reason, isHead: isHead)
        case .signed(let key):
            guard request.headers["x-amz-content-sha256"] != nil else {
                return .xmlError(
                    400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256",
                    isHead: isHead)
            }
            if accessKeys.isEmpty || accessKeys.contains(key) { return nil }
            return .xmlError(
                403, "InvalidAccessKeyId",
                "The AWS Access Key Id you provided does not exist in our records.",
                isHead: isHead)
        }
    }

    private func get(_ key: String, in bucket: String, _ request: HTTPRequest) -> HTTPResponse {
        let isHead = request.method == .HEAD
        guard let object = state.withLock({ $0.buckets[bucket]?.objects[key] }) else {
            return .xmlError(404, "NoSuchKey", "The specified key does not exist.", isHead: isHead)
        }
        if let wanted = request.headers["If-Match"], wanted != "*", wanted.unquoted != object.etag {
            return .xmlError(
                412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold",
                isHead: isHead)
        }
        if let known = request.headers["If-None-Match"], known.unquoted == object.etag {
            return HTTPResponse(status: 304, headers: ["ETag": "\"\(object.etag)\""])
        }
        var headers: HTTPHeaders = [
            "ETag": "\"\(object.etag)\"", "Last-Modified": object.modified.httpDate, "Accept-Ranges": "bytes",
            "Content-Type": "application/octet-stream",
        ]
        for field in object.metadata { headers["x-amz-meta-\(field.name)"] = field.value }
        if isHead {
            headers["Content-Length"] = "\(object.content.size)"
            return HTTPResponse(status: 200, headers: headers)
        }
        guard let bytes = object.content.read() else {
            return .xmlError(500, "InternalError", "We encountered an internal error. Please try again.")
        }
        state.withLock { $0.downloads += 1 }
        guard let text = request.headers["Range"] else {
            return HTTPResponse(status: 200, headers: headers, body: bytes)
        }
        guard let range = ByteRange.parse(text, size: bytes.count) else {
            return .xmlError(416, "InvalidRange", "The requested range is not satisfiable")
        }
        headers["Content-Range"] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(bytes.count)"
        return HTTPResponse(status: 206, headers: headers, body: Array(bytes[range]))
    }

    private func put(_ key: String, in bucket: String, _ request: HTTPRequest, at now: Timestamp)
        -> HTTPResponse
    {
        let exists = state.withLock { $0.buckets[bucket]?.objects[key] != nil }
        if exists, request.headers["If-None-Match"] == "*" {
            return .xmlError(
                412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        }
        let prefix = "x-amz-meta-"
        let metadata = request.headers.fields.filter { $0.name.lowercased().hasPrefix(prefix) }
            .map {
                HTTPHeaders.Field(name: String($0.name.lowercased().dropFirst(prefix.count)), value: $0.value)
            }
        let etag = put(.bytes(request.body), as: key, in: bucket, at: now, metadata: metadata)
        return HTTPResponse(status: 200, headers: ["ETag": "\"\(etag)\""])
    }

    private func delete(_ key: String, from bucket: String) -> HTTPResponse {
        remove(key, from: bucket)
        return HTTPResponse(status: 204)
    }

    /// S3 orders keys by their UTF-8 bytes, which is not how Swift orders text.
    static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

    /// A bucket with its keys in order.
    func ordered(_ bucket: String) -> (objects: [String: Object], order: [String]) {
        state.withLock { state in
            if let order = state.buckets[bucket]?.order {
                return (state.buckets[bucket]?.objects ?? [:], order)
            }
            let order = state.buckets[bucket]?.objects.keys.sorted(by: ObjectStore.precedes) ?? []
            state.buckets[bucket]?.order = order
            return (state.buckets[bucket]?.objects ?? [:], order)
        }
    }
}
