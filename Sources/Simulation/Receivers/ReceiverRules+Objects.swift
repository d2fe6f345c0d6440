import Codecs
import Engine
import Ports

// Stores of objects: each object is created once, under a name that says what is in it.

extension StrictReceiver.Rules {
    private static func answer(
        _ status: Int, _ headers: HTTPHeaders = [:], _ body: String = ""
    ) -> HTTPResponse {
        HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
    }

    /// The events of an object: lines of JSON, packed as its first bytes say.
    private static func events(_ object: [UInt8]) throws -> [StrictReceiver.Entry] {
        guard let text = try? Inflater.inflate(object, bytesMax: 64 << 20) else {
            throw StrictReceiver.Breach("an object that cannot be unpacked")
        }
        return try text.split(separator: UInt8(ascii: "\n")).map { line in
            guard let event = try? JSONReader.document(in: Array(line), file: "line"),
                let uid = event["metadata"]?["uid"]?.string
            else { throw StrictReceiver.Breach("a line that is no event") }
            return StrictReceiver.Entry(uid: uid, text: uid)
        }
    }

    private static func refusing(
        _ answer: HTTPResponse
    ) -> @Sendable ([StrictReceiver.Entry]) -> (HTTPResponse, [Int]) {
        { _ in (answer, []) }
    }

    package static var s3: Self {
        let denied = answer(
            403, [:], "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>")
        return Self(
            method: .PUT, path: "/in/events/day%3D2023-11-20/p-out-", headers: [("If-None-Match", "*")],
            stranger: denied, contentType: "application/zstd", compressions: [], entries: events,
            accepted: { _ in answer(200, ["ETag": "\"1\""]) }, poisoned: refusing(denied), unreadable: denied,
            exists: answer(412, [:], "<Error><Code>PreconditionFailed</Code></Error>"))
    }

    package static func gcs(token: String) -> Self {
        let denied = answer(403, [:], #"{"error":{"code":403}}"#)
        return Self(
            path: "/upload/storage/v1/b/lake/o?uploadType=media&ifGenerationMatch=0&name=in%2Fevents%2Fday",
            headers: [("Authorization", "Bearer \(token)")], stranger: denied,
            contentType: "application/gzip", compressions: [], entries: events,
            accepted: { _ in answer(200, [:], #"{"kind":"storage#object","generation":"1"}"#) },
            poisoned: refusing(denied), unreadable: denied,
            exists: answer(412, [:], #"{"error":{"code":412,"message":"conditionNotMet"}}"#))
    }

    package static func azureBlob(token: String) -> Self {
        let denied = answer(403, ["x-ms-error-code": "AuthorizationPermissionMismatch"])
        return Self(
            method: .PUT, path: "/lake/in/events/day",
            headers: [
                ("Authorization", "Bearer \(token)"), ("x-ms-blob-type", "BlockBlob"), ("If-None-Match", "*"),
                ("x-ms-version", "2021-12-02"),
            ], stranger: denied, contentType: "application/x-ndjson", compressions: [], entries: events,
            accepted: { _ in answer(201, ["ETag": "\"1\""]) }, poisoned: refusing(denied), unreadable: denied,
            exists: answer(409, ["x-ms-error-code": "BlobAlreadyExists"]))
    }
}
