import Collectors
import Credentials
import Engine
import Exporters
import Ports

/// Tries a pipeline's credentials and endpoints, one small request each.
package struct ConnectionProbe: Sendable {
    /// A probe that takes longer has failed.
    private static let timeout = Duration.seconds(15)
    /// Requests of one collector that are tried.
    private static let callsMax = 8

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

    private func failure(_ name: String, _ config: CollectorConfig) async -> String? {
        if case .snapshot = config { return await refusals(name, config) }
        if let failure = await identityFailure(name, config) { return failure }
        do throws(Fault) {
            let assembly = CollectorAssembly(file: file, feeds: feeds, surroundings: surroundings)
            if case .pubsub(let pubsub) = config { return try await failure(pubsub, assembly) }
            let servers = PushServer.all(of: file, surroundings)
            guard config.isReadWithoutTrace,
                let part = try assembly.part(name, config, servers) as? CollectorAssembly.Part
            else { return nil }
            let failure = try await firstFailure(part.collector, part.caller)
            await part.stream?.close()
            return failure
        } catch {
            return error.message
        }
    }

    /// A pull would take messages from whoever works on them: Pub/Sub is asked what we may do instead.
    private func failure(
        _ config: PubSubCollectorConfig, _ assembly: CollectorAssembly
    ) async throws(Fault) -> String? {
        let permission = "pubsub.subscriptions.consume"
        let subscription = try assembly.subscription(config)
        guard case .http(let request, let authorizer, let rule) = subscription.testPermissions([permission])
        else { return nil }
        let answer = try await assembly.caller(config.connection).send(
            request, authorizer: authorizer, rule: rule, attempts: 2)
        if let missing = MissingPermission(answer) { return missing.text }
        if let error = VendorError(answer) { return error.text }
        let held = JSONValue(json: answer.body)?["permissions"]?.array?.compactMap(\.string) ?? []
        return held.contains(permission) ? nil : "needs \(permission) on \(config.subscription)"
    }

    /// What stands in the way of a collector's first requests, in the vendor's words or its own.
    ///
    /// They are made as the collector itself would make them, once each; nothing comes of the answers.
    private func firstFailure(_ collector: some Collector, _ caller: Caller) async throws(Fault) -> String? {
        var machine = collector
        let now = surroundings.time.now
        try machine.resume(from: nil, mode: .once, at: now)
        var failures: [String] = []
        asking: for _ in 0..<Self.callsMax {
            switch machine.next(at: now) {
            case .report: continue
            case .deliver, .wait: break asking
            case .call(let call):
                guard let failure = await failure(of: call, &machine, caller) else { continue }
                if !failures.contains(failure) { failures.append(failure) }
            }
        }
        return failures.isEmpty ? nil : failures.joined(separator: "; ")
    }

    private func failure(
        of call: Call, _ machine: inout some Collector, _ caller: Caller
    ) async -> String? {
        do throws(Fault) {
            switch call.operation {
            case .http(var request, let authorizer, let rule):
                request.timeout = Self.timeout
                let answer = try await caller.send(request, authorizer: authorizer, rule: rule, attempts: 2)
                if answer.status >= 400, let missing = MissingPermission(answer) { return missing.text }
                try machine.take(.answer(answer), to: call.id, at: surroundings.time.now)
            case .look(let stream, _, _, _):
                _ = try await stream.next(messagesMax: 1, bytesMax: 1, wait: Self.timeout)
            case .commit: break
            case .list(let folder):
                let entries = try await surroundings.files.entries(of: folder)
                try machine.take(.entries(entries), to: call.id, at: surroundings.time.now)
            case .entry(let path):
                let entry = try await surroundings.files.entry(at: path)
                try machine.take(.entry(entry), to: call.id, at: surroundings.time.now)
                if entry == nil { return "there is no \(path)" }
            case .read(let path, _): _ = try await surroundings.files.read(path, in: 0..<1)
            }
            return nil
        } catch {
            return error.message
        }
    }

    /// AWS answers `GetCallerIdentity` to any valid credentials, whatever their permissions.
    private func identityFailure(_ name: String, _ config: CollectorConfig) async -> String? {
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
            guard let part = try assembly.part(name, config, []) as? CollectorAssembly.Part,
                let collector = part.collector as? SnapshotCollector
            else { return nil }
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

    /// An empty batch: a HEC answers 400 “no data” to a valid token, 401 or 403 to another.
    private func failure(_ config: ExporterConfig) async -> String? {
        do throws(Fault) {
            if case .syslog(let syslog) = config {
                let assembly = ExporterAssembly(file: file, surroundings: surroundings)
                let stream = try assembly.syslogStream(syslog)
                try await stream.send([])
                await stream.close()
            }
            guard let connection = config.connection else { return nil }
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
            case .elastic(let elastic): request = HTTPRequest(.HEAD, elastic.url.text)
            case .declared(let declared):
                // What no request of ours would harm is not known of every receiver: the address alone is tried.
                guard let url = declared.probeAddress else { return nil }
                request = HTTPRequest(.HEAD, url)
                request.timeout = Self.timeout
                return try await refusal(of: try await transport.send(request), to: request, transport)
            case .file, .s3, .securityLake, .gcs, .azureBlob, .kafka, .syslog, .email: return nil
            }
            request.timeout = Self.timeout
            let response = try await transport.send(request)
            if let refusal = try await refusal(of: response, to: request, transport) { return refusal }
            switch response.status {
            case 401, 403: return "refused the credentials (HTTP status \(response.status))"
            case 404 where config.kind == "splunk_hec": return "there is no HEC at this URL (HTTP status 404)"
            // Of a receiver that takes POST alone nothing more can be learned.
            case 501 where request.method == .HEAD: return nil
            case 500...: return "is not well (HTTP status \(response.status))"
            default: return nil
            }
        } catch {
            return error.message
        }
    }

    /// What a proxy before the receiver has against us. To a HEAD it does not say it, but to a GET it does.
    private func refusal(
        of response: HTTPResponse, to request: HTTPRequest, _ transport: any Transport
    ) async throws(Fault) -> String? {
        guard response.status == 400 else { return nil }
        var asked = request
        asked.method = .GET
        let answer = request.method == .HEAD ? try await transport.send(asked) : response
        return answer.connectionRefusal.map { "a proxy before it refuses us: \($0)" }
    }
}

extension CollectorConfig {
    /// Whether asking for records leaves them as they are: what a queue has given is hidden from others for a while.
    fileprivate var isReadWithoutTrace: Bool {
        switch self {
        case .queue, .push: false
        default: true
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
