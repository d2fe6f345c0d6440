import Collectors
import Credentials
import Engine
import Ports

/// Tries a pipeline's credentials and endpoints, one small request each.
package struct ConnectionProbe: Sendable {
    /// A probe that takes longer has failed.
    private static let timeout = Duration.seconds(15)

    package struct Result: Sendable {
        /// `collector NAME` or `exporter NAME`.
        package var part: String
        package var failure: String?
    }

    private let file: PipelineFile
    private let feeds: FeedCatalog
    private let surroundings: RunSurroundings

    package init(_ file: PipelineFile, _ feeds: FeedCatalog, _ surroundings: RunSurroundings) {
        self.file = file
        self.feeds = feeds
        self.surroundings = surroundings
    }

    package func results() async -> [Result] {
        var results: [Result] = []
        for entry in file.config.collectors.entries {
            results.append(
                Result(part: "collector \(entry.name)", failure: await failure(entry.name, entry.value)))
        }
        for entry in file.config.exporters.entries {
            results.append(Result(part: "exporter \(entry.name)", failure: await failure(entry.value)))
        }
        return results
    }

    /// AWS answers `GetCallerIdentity` to any valid credentials, whatever their permissions.
    private func failure(_ name: String, _ config: CollectorConfig) async -> String? {
        if case .api = config { return await firstAnswer(name, config) }
        if case .snapshot = config { return await refusals(name, config) }
        guard let aws = config.aws else { return nil }
        do throws(Fault) {
            let assembly = CollectorAssembly(file: file, feeds: feeds, surroundings: surroundings)
            let signer = try assembly.identity(aws, for: name).signer(for: "sts")
            var request = HTTPRequest(
                .POST, aws.awsEndpoints.url(of: "sts") + "/",
                headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
                body: Array("Action=GetCallerIdentity&Version=2011-06-15".utf8))
            request.timeout = Self.timeout
            let response = try await assembly.caller(aws.connection).transport.send(
                try await signer.authorize(request))
            return response.status == 200 ? nil : "AWS answered with HTTP status \(response.status)"
        } catch {
            return error.message
        }
    }

    /// The first questions of each service, account and region that AWS does not answer: a permission is missing.
    private func refusals(_ name: String, _ config: CollectorConfig) async -> String? {
        var refused: [String] = []
        do throws(Fault) {
            let assembly = CollectorAssembly(file: file, feeds: feeds, surroundings: surroundings)
            let part = try assembly.part(name, config)
            guard let collector = part.collector as? SnapshotCollector else { return nil }
            for probe in collector.probes {
                var request = probe.request
                request.timeout = Self.timeout
                let response = try await part.caller.send(
                    request, authorizer: probe.authorizer, rule: .aws, attempts: 4)
                guard let error = AWSError(response), error.isDenial else { continue }
                refused.append("\(probe.place) may not \(probe.operation) (\(error.text))")
            }
        } catch {
            refused.append(error.message)
        }
        return refused.isEmpty ? nil : refused.joined(separator: "; ")
    }

    /// What is wrong with the answer to a declared feed's first request, as the collector itself reads it.
    private func firstAnswer(_ name: String, _ config: CollectorConfig) async -> String? {
        do throws(Fault) {
            let assembly = CollectorAssembly(file: file, feeds: feeds, surroundings: surroundings)
            let part = try assembly.part(name, config)
            var collector = part.collector
            try collector.resume(from: nil, mode: .once, at: surroundings.time.now)
            while true {
                switch collector.next(at: surroundings.time.now) {
                case .report: continue
                case .call(let call):
                    guard case .http(var request, let authorizer, let rule) = call.operation else {
                        return nil
                    }
                    request.timeout = Self.timeout
                    let response = try await part.caller.send(
                        request, authorizer: authorizer, rule: rule, attempts: 4)
                    try collector.take(.answer(response), to: call.id, at: surroundings.time.now)
                    return nil
                case .deliver, .wait: return nil
                }
            }
        } catch {
            return error.message
        }
    }

    /// An empty batch: a HEC answers 400 “no data” to a valid token, 401 or 403 to another.
    private func failure(_ config: ExporterConfig) async -> String? {
        guard let connection = config.connection else { return nil }
        do throws(Fault) {
            let transport = try surroundings.transport(connection.absolute(in: file))
            var request: HTTPRequest
            switch config {
            case .splunkHEC(let hec):
                request = HTTPRequest(.POST, HECAddress.event(hec.url.text))
                request.headers["Authorization"] = "Splunk \(hec.token.revealed)"
            case .http(let http):
                request = HTTPRequest(.HEAD, http.url.text)
                for entry in http.headers.entries { request.headers[entry.name] = entry.value.revealed }
                if let bearer = http.bearer { request.headers["Authorization"] = "Bearer \(bearer.revealed)" }
            case .file: return nil
            }
            request.timeout = Self.timeout
            let response = try await transport.send(request)
            switch response.status {
            case 401, 403: return "refused the credentials (HTTP status \(response.status))"
            case 404 where config.kind == "splunk_hec": return "there is no HEC at this URL (HTTP status 404)"
            case 500...: return "is not well (HTTP status \(response.status))"
            default: return nil
            }
        } catch {
            return error.message
        }
    }
}

/// Where a HEC takes events, from the URL that a user gave.
enum HECAddress {
    static func event(_ url: String) -> String {
        if url.contains("/services/collector") { return url }
        return (url.hasSuffix("/") ? String(url.dropLast()) : url) + "/services/collector/event"
    }
}
