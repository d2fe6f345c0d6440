import Engine
import Foundation
import Platform
import Ports
import Synchronization
import Testing

@testable import Credentials

/// The identity of an application in Service Fabric, from a server on this machine that signed its certificate itself.
@Suite(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "needs the openssl tool"))
struct ServiceFabricTests {
    /// A certificate that nobody vouches for, its key, and its digest as the cluster sets it.
    private func certificate() async throws -> (certificate: String, key: String, thumbprint: String) {
        func openssl(_ words: String) async throws -> String {
            let result = try await SpawnedProcess().run(
                ChildCommand(["openssl"] + words.split(separator: " ").map(String.init)))
            return String(decoding: result.output, as: UTF8.self)
        }
        let folder = "/tmp/martlet-fabric-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try await openssl(
            "req -x509 -newkey rsa:2048 -nodes -keyout \(folder)/key -out \(folder)/pem -days 2 -subj /CN=fabric"
        )
        let digest = try await openssl("x509 -in \(folder)/pem -noout -fingerprint -sha1")
        return (
            try String(contentsOfFile: "\(folder)/pem", encoding: .utf8),
            try String(contentsOfFile: "\(folder)/key", encoding: .utf8),
            digest.split(separator: "=").last?.filter { $0.isHexDigit } ?? ""
        )
    }

    private func source(_ url: String, thumbprint: String) -> AzureManagedIdentity {
        let caller = Caller(transport: CurlTransport(), time: SystemClock(), entropy: SystemEntropy())
        return AzureManagedIdentity(
            scope: "https://graph.microsoft.com/.default",
            in: TokenSurroundings(
                AWSSurroundings(
                    environment: [
                        "IDENTITY_ENDPOINT": "\(url)/metadata/identity/oauth2/token",
                        "IDENTITY_HEADER": "hush",
                        "IDENTITY_SERVER_THUMBPRINT": thumbprint,
                    ], files: SystemFiles(), processes: SpawnedProcess(), caller: caller,
                    endpoints: AWSEndpoints(region: ""),
                    volume: { folder throws(Fault) in throw Fault(.denied, folder) })))
    }

    @Test("The right certificate is given the secret and gives a token; another one is told nothing")
    func token() async throws {
        let (certificate, key, thumbprint) = try await certificate()
        var options = HTTPServer.Options()
        options.address = "127.0.0.1"
        options.certificate = certificate
        options.key = key
        let asked = Noted()
        let server = try HTTPServer(options) { request in
            asked.add(request)
            let isKnown = request.headers["Secret"] == "hush"
            return HTTPResponse(
                status: isKnown ? 200 : 401,
                body: Array(
                    (isKnown
                        ? #"{"token_type":"Bearer","access_token":"sf","expires_on":4102444800}"#
                        : #"{"error":{"code":"SecretHeaderNotFound","message":"Secret is not found"}}"#).utf8)
            )
        }
        #expect(thumbprint.count == 40)
        let token = try await source(server.url, thumbprint: thumbprint).token()
        #expect(token.text.revealed == "sf" && token.expiration == Timestamp(seconds: 4_102_444_800))
        #expect(asked.all.count == 1)
        #expect(asked.all.first?.url.contains("api-version=2019-07-01-preview&resource=https") == true)

        let wrong = String(thumbprint.reversed())
        let fault = await #expect(throws: Fault.self) {
            try await source(server.url, thumbprint: wrong).token()
        }
        #expect(fault?.kind == .denied && fault?.message.contains("shows another certificate") == true)
        #expect(fault?.message.contains("hush") == false)
        #expect(asked.all.count == 1, "nothing of the second request may have left")
        await server.stop()
    }
}

/// Requests that a server saw.
private final class Noted: Sendable {
    private let requests = Mutex<[HTTPRequest]>([])
    var all: [HTTPRequest] { requests.withLock { $0 } }
    func add(_ request: HTTPRequest) { requests.withLock { $0.append(request) } }
}
