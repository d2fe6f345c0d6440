import Codecs
import Engine
import Ports

/// What another cloud or a job's runner says about this machine, for Google to exchange.
struct GoogleSubjectToken: Sendable {
    private let external: GoogleKeyFile.External
    private let surroundings: TokenSurroundings

    init(_ external: GoogleKeyFile.External, in surroundings: TokenSurroundings) {
        self.external = external
        self.surroundings = surroundings
    }

    func subjectToken(at now: Timestamp) async throws(Fault) -> Secret {
        switch external.source {
        case .file(let path, let field):
            return try token(try await surroundings.text(of: path), field: field, of: path)
        case .url(let url, let headers, let field):
            var request = HTTPRequest(.GET, url)
            for (name, value) in headers { request.headers[name] = value }
            request.timeout = .seconds(30)
            request.responseBytesMax = TokenCall.answerBytesMax
            let response = try await surroundings.caller.send(
                request, rule: .http, attempts: TokenCall.attempts)
            guard response.status == 200 else {
                throw Fault(
                    .denied,
                    "\(Caller.place(request)): HTTP \(response.status) where a subject token should be")
            }
            return try token(
                String(decoding: response.body, as: UTF8.self), field: field, of: Caller.place(request))
        case .aws(let verificationURL): return try await caller(verificationURL, at: now)
        }
    }

    private func token(_ text: String, field: String?, of place: String) throws(Fault) -> Secret {
        guard let field else { return Secret(text) }
        guard let token = JSONValue(json: text)?[field]?.string, !token.isEmpty else {
            throw Fault(.denied, "\(place) holds no JSON with “\(field)”")
        }
        return Secret(token)
    }

    /// A `GetCallerIdentity` request as it would go to AWS, signed and bound to the audience. Google sends it.
    private func caller(_ verificationURL: String, at now: Timestamp) async throws(Fault) -> Secret {
        let machine = surroundings.aws
        let region = try await machine.region(profile: nil) ?? machine.endpoints.region
        guard !region.isEmpty else {
            throw Fault(.denied, "no AWS region for Google's identity federation: set AWS_REGION")
        }
        var around = machine
        around.endpoints = machine.endpoints.inRegion(region)
        let chain = AWSCredentialChain.source(AWSIdentityChoice(), in: around)
        guard let credentials = try await chain.credentials() else {
            throw Fault(
                .denied, "no AWS credentials found in \(chain.origin) for Google's identity federation")
        }
        let url = verificationURL.replacing("{region}", with: region)
        var request = HTTPRequest(.POST, url)
        request.headers["Host"] = SigV4.Target(url).host
        request.headers["x-goog-cloud-target-resource"] = external.audience
        let signed = SigV4(service: "sts", region: region).sign(request, with: credentials, at: now)
        let headers = signed.headers.fields.sorted { $0.name.lowercased() < $1.name.lowercased() }
        let value: JSONValue = [
            "url": .string(url), "method": "POST",
            "headers": .array(
                headers.map { ["key": .string($0.name.lowercased()), "value": .string($0.value)] }),
        ]
        return Secret(PercentEncoding.encode(String(decoding: value.bytes, as: UTF8.self)))
    }
}
