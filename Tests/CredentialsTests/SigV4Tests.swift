import Engine
import Foundation
import Ports
import Testing

@testable import Credentials

/// One case of the official suite: a request in HTTP's own form, and what must come of it.
struct SigV4Case: CustomTestStringConvertible {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("../shared/data/aws/sigv4-test-suite")

    static let isPresent = FileManager.default.fileExists(atPath: folder.path)

    static var all: [SigV4Case] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().map(SigV4Case.init)
            .filter { FileManager.default.fileExists(atPath: $0.path("request.txt").path) }
    }

    var name: String
    var testDescription: String { name }

    func path(_ file: String) -> URL { Self.folder.appendingPathComponent(name).appendingPathComponent(file) }
    func text(_ file: String) throws -> String { try String(contentsOf: path(file), encoding: .utf8) }

    func context() throws -> JSONValue { try #require(JSONValue(json: text("context.json"))) }

    func request() throws -> HTTPRequest {
        let text = try text("request.txt").replacingOccurrences(of: "\r\n", with: "\n")
        let end = text.range(of: "\n\n")
        let head = end.map { String(text[..<$0.lowerBound]) } ?? text
        let lines = head.split(separator: "\n").map(String.init)
        let line = try #require(lines.first)
        let method = try #require(HTTPRequest.Method(rawValue: String(line.prefix { $0 != " " })))
        let target = line.dropFirst(method.rawValue.count + 1).replacingOccurrences(of: " HTTP/1.1", with: "")
        var request = HTTPRequest(method, "https://example.amazonaws.com\(target)")
        for line in lines.dropFirst() {
            if line.first == " ", !request.headers.fields.isEmpty {
                request.headers.fields[request.headers.fields.count - 1].value += "\n" + line
            } else {
                let colon = try #require(line.firstIndex(of: ":"))
                request.headers.fields.append(
                    .init(name: String(line[..<colon]), value: String(line[line.index(after: colon)...])))
            }
        }
        request.body = end.map { Array(text[$0.upperBound...].utf8) } ?? []
        return request
    }
}

@Suite struct SigV4Tests {
    static let key = AWSCredentials(
        accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
    static let time = Timestamp(iso8601: "2015-08-30T12:36:00Z")!

    @Test(
        "Signs every case of the official suite in the header and in the query",
        .enabled(if: SigV4Case.isPresent, "the official suite is not here"), arguments: SigV4Case.all)
    func officialSuite(officialCase: SigV4Case) throws {
        let context = try officialCase.context()
        let request = try officialCase.request()
        var signature = SigV4(service: "service", region: "us-east-1")
        signature.pathRule = context["normalize"]?.bool == true ? .normalized : .encoded
        signature.sendsPayloadDigest = context["sign_body"]?.bool == true
        var credentials = Self.key
        credentials.sessionToken = context["credentials"]?["token"]?.string.map(Secret.init)
        // The token is then put on after signing, as STS once did.
        if context["omit_session_token"]?.bool == true { credentials.sessionToken = nil }

        let signed = signature.sign(request, with: credentials, at: Self.time)
        let expected = try officialCase.text("header-signature.txt")
        let header = try #require(signed.headers["Authorization"])
        #expect(header.hasSuffix("Signature=\(expected.trimmingCharacters(in: .whitespacesAndNewlines))"))

        let presigned = signature.presign(request, with: credentials, at: Self.time, expiry: .seconds(3_600))
        let inQuery = try officialCase.text("query-signature.txt")
        #expect(
            presigned.url.hasSuffix(
                "X-Amz-Signature=\(inQuery.trimmingCharacters(in: .whitespacesAndNewlines))"))
    }

    @Test(
        "An S3 key is signed as it stands in the URL, dots and doubled slashes included, with its payload's digest"
    )
    func objectStore() throws {
        // The expected signature is botocore's (S3SigV4Auth) for the same request.
        let request = HTTPRequest(
            .GET,
            "https://trail-logs.s3.eu-west-1.amazonaws.com/AWSLogs//a%20b/../c%2Bd.json.gz?list-type=2&prefix=x%2Fy"
        )
        var credentials = Self.key
        credentials.sessionToken = Secret("token+/=")
        let signed = SigV4(service: "s3", region: "eu-west-1").sign(request, with: credentials, at: Self.time)
        #expect(signed.headers["x-amz-content-sha256"] == SigV4.emptyPayload)
        #expect(signed.headers["X-Amz-Security-Token"] == "token+/=")
        #expect(signed.url == request.url)
        #expect(
            signed.headers["Authorization"]?.hasSuffix(
                "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, "
                    + "Signature=70b7721c6148ee406bee354b9c501f3af6948b0ac94f10fb51212f3f9d21bb74") == true,
            "\(signed.headers["Authorization"] ?? "")")
    }

    @Test("A POST to a port of its own signs that port and the body")
    func ownPort() {
        // The expected signature is botocore's (SigV4Auth) for the same request.
        let request = HTTPRequest(
            .POST, "http://127.0.0.1:5000/",
            headers: [
                "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.ReceiveMessage",
            ], body: Array(#"{"QueueUrl":"http://127.0.0.1:5000/1/q"}"#.utf8))
        let signed = SigV4(service: "sqs", region: "us-east-1").sign(request, with: Self.key, at: Self.time)
        #expect(
            signed.headers["Authorization"]?.hasSuffix(
                "Signature=d172e627fdbcca4346141f834ad5c0538262bdfcd6f9ac6b27519fdf64505497") == true,
            "\(signed.headers["Authorization"] ?? "")")
    }
}
