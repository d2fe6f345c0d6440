import Codecs
import Engine
import Exporters
import Ports
import Simulation
import Synchronization
import Testing

@testable import Pipeline

/// The examples in `pipelines/`, run whole against simulated vendors and receivers.
@Suite struct ExamplePipelineTests {
    static let environment = [
        "CLOUDTRAIL_FOLDER": "/srv/cloudtrail", "MARTLET_OUT": "/srv/out", "AWS_REGION": "eu-central-1",
        "TRAIL_QUEUE": "https://sqs.eu-central-1.amazonaws.com/111122223333/trail",
        "HEC_URL": "https://siem.example.com:8088", "HEC_TOKEN": "secret",
        "WEBHOOK_URL": "https://hooks.example.com/martlet", "WEBHOOK_SECRET": "whsec_c2VjcmV0",
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s",
        "ENTRA_TENANT": "contoso.onmicrosoft.com", "ENTRA_CLIENT": "00000000-0000-0000-0000-0000000000c1",
        "ENTRA_SECRET": "s",
        "EVENT_HUB":
            "Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=m;SharedAccessKey=c2VjcmV0",
        "KAFKA_PASSWORD": "s", "AUDIT_SUBSCRIPTION": "projects/example/subscriptions/martlet",
        "AUDIT_ROLE": "arn:aws:iam::111122223333:role/martlet-audit",
    ]

    /// A machine that holds the examples, and everything around it.
    private final class Setting: Sendable {
        let world: Simulation
        let network: SimulatedNetwork
        let files = SimulatedFiles()
        let volumes = Mutex<[String: SimulatedVolume]>([:])
        /// Brokers by topic.
        let brokers: [String: MessageBroker]

        init(brokers: [MessageBroker] = [], in world: Simulation = Simulation(seed: 1)) {
            self.world = world
            self.brokers = Dictionary(brokers.map { ($0.topic, $0) }) { first, _ in first }
            network = SimulatedNetwork(world)
            for name in Assets.names(under: "pipelines/") { files["/" + name] = Assets.bytes(name) }
            files["/srv/cloudtrail/day.json"] = Array(Setting.trail.utf8)
        }

        /// One record that raises a finding, one that raises none, one that the Splunk example leaves out.
        static let records = [
            record("StopLogging", "cloudtrail.amazonaws.com", 1),
            record("DescribeInstances", "ec2.amazonaws.com", 2), record("Decrypt", "kms.amazonaws.com", 3),
        ]
        static let trail = "{\"Records\":[\(records.joined(separator: ","))]}"

        static func record(_ name: String, _ source: String, _ number: Int) -> String {
            """
            {"eventVersion":"1.11","userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE",\
            "arn":"arn:aws:iam::111122223333:user/ada","accountId":"111122223333","userName":"ada"},\
            "eventTime":"2023-11-20T07:0\(number):00Z","eventSource":"\(source)","eventName":"\(name)",\
            "awsRegion":"eu-central-1","sourceIPAddress":"198.51.100.7","userAgent":"aws-cli/2",\
            "requestParameters":{"name":"org"},"responseElements":null,"requestID":"r\(number)",\
            "eventID":"00000000-0000-4000-8000-00000000000\(number)","eventType":"AwsApiCall",\
            "managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management"}
            """
        }

        func volume(_ folder: String) -> SimulatedVolume {
            volumes.withLock { volumes in
                if let known = volumes[folder] { return known }
                let fresh = SimulatedVolume(world)
                volumes[folder] = fresh
                return fresh
            }
        }

        func run(_ name: String) throws -> RunOutcome {
            let surroundings = RunSurroundings(
                time: world, entropy: world, files: files, processes: ScriptedProcesses(),
                environment: ExamplePipelineTests.environment,
                transport: { [network] _ in network.transport() }, volume: { folder in self.volume(folder) },
                kafka: { [brokers] options throws(Fault) in
                    guard let broker = brokers[options.topics.first ?? ""] else {
                        throw Fault(.denied, "no broker has \(options.topics)")
                    }
                    return broker.join()
                }, log: .silent)
            var plan = RunPlan()
            plan.endsWhenDone = true
            let outcome = try world.run { [plan, world, files] in
                let read = try await PipelineFile.read(
                    ["/pipelines/\(name).yaml"], environment: ExamplePipelineTests.environment, files)
                let (content, problems) = await ContentCheck(surroundings).load(read)
                #expect(problems.isEmpty)
                let runner = PipelineRunner(
                    read[0], content: content[0], surroundings: surroundings, plan: plan)
                return try await runner.run(
                    state: "/state", until: { try? await world.sleep(until: .distantFuture) },
                    observe: { _ in })
            }
            return try #require(outcome)
        }

        func ledger() throws -> Ledger {
            let ledger = try world.run {
                try await PipelineState.read(self.volume("/state"))?.ledger ?? Ledger()
            }
            return try #require(ledger)
        }

        /// The lines of all whole files in an exporter's folder.
        func lines(_ folder: String) throws -> [String] {
            let volume = volume(folder)
            return try volume.paths.filter { $0.contains(".ndjson") && !$0.hasSuffix(".partial") }.flatMap {
                String(decoding: try Inflater.inflate(volume[$0] ?? [], bytesMax: 1 << 20), as: UTF8.self)
                    .split(separator: "\n").map(String.init)
            }
        }
    }

    /// Gives everybody a token.
    private struct SignIn: SimulatedServer {
        func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
            HTTPResponse(
                status: 200, headers: ["Metadata-Flavor": "Google"],
                body: Array(#"{"token_type":"Bearer","expires_in":3599,"access_token":"t"}"#.utf8))
        }
    }

    /// Takes what a webhook is sent.
    private final class Hook: SimulatedServer {
        let requests = Mutex<[HTTPRequest]>([])
        func answer(_ request: HTTPRequest, at now: Timestamp) -> HTTPResponse {
            requests.withLock { $0.append(request) }
            return HTTPResponse(status: 204)
        }
    }

    private static let examples = Assets.names(under: "pipelines/").filter {
        $0.hasSuffix(".yaml") && !$0.contains("/rules/")
    }

    @Test("Each has a replay test beside it")
    func complete() {
        #expect(!Self.examples.isEmpty)
        for name in Self.examples {
            #expect(Assets.bytes(name.replacing(".yaml", with: ".cases.jsonl")) != nil, "\(name)")
        }
    }

    @Test("Each says in its head which variables it needs", arguments: examples)
    func documented(name: String) throws {
        let text = String(decoding: try #require(Assets.bytes(name)), as: UTF8.self)
        let (head, body) = (
            text.split(separator: "\n").filter { $0.hasPrefix("#") }.joined(separator: "\n"),
            text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined(separator: "\n")
        )
        for match in body.matches(of: /\$\{env:([A-Z_]+)\}/) {
            #expect(head.contains("export \(match.output.1)="), "\(name) does not document \(match.output.1)")
        }
    }

    @Test("Files in a folder: events to one folder, findings to the other")
    func files() throws {
        let setting = Setting()
        let outcome = try setting.run("cloudtrail-files")
        #expect(outcome.snapshot.records == 3 && outcome.snapshot.pending == 0 && outcome.refused == 0)
        #expect(try setting.lines("/srv/out/events").count == 3)
        let findings = try setting.lines("/srv/out/findings")
        #expect(findings.count == 1 && findings[0].contains("CloudTrail trail stopped"))
        #expect(try setting.ledger().rows.values.allSatisfy { $0.isBalanced })
    }

    @Test("A queue's trail: acknowledged by Splunk, without the calls that its filter leaves out")
    func splunk() throws {
        let setting = Setting()
        let now = setting.world.now
        let store = ObjectStore(buckets: ["org.trail"])
        let queue = Queue(url: Self.environment["TRAIL_QUEUE"] ?? "")
        var options = HECReceiver.Options(token: "secret")
        options.acknowledges = true
        let splunk = HECReceiver(options)
        setting.network.serve("https://sqs.eu-central-1.amazonaws.com", queue)
        setting.network.serve("https://s3.us-east-1.amazonaws.com", store)  // where the notification says
        setting.network.serve("https://siem.example.com:8088", splunk)
        let key = "AWSLogs/111122223333/CloudTrail/eu-central-1/2023/11/20/one.json.gz"
        var packed: [UInt8] = []
        var compressor = Compressor(.gzipFast)
        compressor.pack(Array(Setting.trail.utf8), into: &packed)
        store.put(.bytes(packed), as: key, in: "org.trail", at: now)
        queue.send(
            ObjectNotification.bus.body(
                bucket: "org.trail", key: key, size: packed.count, etag: "e", at: now), at: now)

        let outcome = try setting.run("cloudtrail-to-splunk")
        #expect(outcome.snapshot.pending == 0 && outcome.stoppedCollectors.isEmpty)
        #expect(queue.count == 0)
        #expect(splunk.tally.events == 3 && splunk.tally.breaches.isEmpty, "two events and a finding")
        let total = try setting.ledger().total
        #expect(total.filtered == 1 && total.exporters["siem"]?.accepted == 3)
        #expect(try setting.ledger().rows.values.allSatisfy { $0.isBalanced })
    }

    @Test("Microsoft Graph: windows of audits and sign-ins, and a snapshot of roles between its marks")
    func entra() throws {
        let setting = Setting()
        setting.network.serve("https://login.microsoftonline.com", SignIn())
        let catalog = try FeedCatalog.builtIn()
        for (feed, path) in [
            ("entra.audit", "v1.0/auditLogs/directoryAudits"), ("entra.signin", "beta/auditLogs"),
            ("entra.roles", "v1.0/roleManagement"),
        ] {
            let vendor = DeclaredVendor(
                try #require(catalog[feed]), parameters: ["host": "graph.microsoft.com"], pageSize: 4)
            let samples = try #require(VendorFolder.builtIn.first { $0.feed == feed }?[.samples])
            let time = setting.world.now - .hours(1)
            for (number, sample) in samples.split(separator: 0x0A).prefix(8).enumerated() {
                let stream = vendor.streams[number % vendor.streams.count]
                var record = Array(sample)
                if let path = vendor.timePath(of: stream) {
                    record = JSONSpans.replacing(path, in: record, with: "\"\(time.iso8601)\"")
                }
                vendor.happen(record, in: stream.name, at: time, visibleAt: time)
            }
            setting.network.serve("https://graph.microsoft.com/\(path)", vendor)
        }
        let outcome = try setting.run("entra-to-files")
        #expect(outcome.snapshot.pending == 0 && outcome.stoppedCollectors.isEmpty && outcome.refused == 0)
        let ledger = try setting.ledger()
        #expect(ledger.rows.values.allSatisfy { $0.isBalanced })
        func events(_ feed: String) -> Int {
            ledger.rows.reduce(0) { $0 + ($1.key.feed == feed ? $1.value.events : 0) }
        }
        #expect(events("entra.audit") == 8 && events("entra.signin") == 8)
        #expect(events("entra.roles") == 8 && events("martlet.snapshot") == 4)
    }

    private static func samples(of feed: String) throws -> [String] {
        let samples = try #require(VendorFolder.builtIn.first { $0.feed == feed }?[.samples])
        return samples.split(separator: 0x0A).prefix(6).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("Event Hubs and a Kafka: every message's records, once, and the group's offsets behind them")
    func kafka() throws {
        let world = Simulation(seed: 1)
        let hub = MessageBroker(world, topic: "insights-activity-logs", partitions: 2)
        let clusters = MessageBroker(world, topic: "kubernetes-audit", partitions: 3)
        for (number, sample) in try Self.samples(of: "azure.activity").enumerated() {
            hub.append("{\"records\":[\(sample)]}", to: number % 2)
        }
        for (number, sample) in try Self.samples(of: "kubernetes.audit").enumerated() {
            clusters.append(sample, to: number % 3)
        }
        let setting = Setting(brokers: [hub, clusters], in: world)
        let outcome = try setting.run("kafka-to-files")
        #expect(outcome.stoppedCollectors.isEmpty && outcome.refused == 0 && outcome.snapshot.pending == 0)
        #expect(try setting.lines("/srv/out").filter { !$0.contains("\"class_uid\":2004") }.count == 12)
        #expect(hub.committed.values.reduce(0, +) == 6 && clusters.committed.values.reduce(0, +) == 6)
        #expect(try setting.ledger().rows.values.allSatisfy { $0.isBalanced })
    }

    @Test("Pub/Sub: every message of a log sink, acknowledged once its events are written")
    func pubsub() throws {
        let setting = Setting()
        let subscription = PubSub("projects/example/subscriptions/martlet", token: "t")
        setting.network.serve("http://metadata.google.internal", SignIn())
        setting.network.serve("https://pubsub.googleapis.com", subscription)
        for sample in try Self.samples(of: "gcp.audit") { subscription.publish(sample) }
        let outcome = try setting.run("pubsub-to-files")
        #expect(outcome.stoppedCollectors.isEmpty && outcome.refused == 0 && outcome.snapshot.pending == 0)
        #expect(try setting.lines("/srv/out").filter { !$0.contains("\"class_uid\":2004") }.count == 6)
        #expect(subscription.count == 0)
        #expect(try setting.ledger().rows.values.allSatisfy { $0.isBalanced })
    }

    @Test("Access snapshots: every item and both marks of each, in the feed that it is of")
    func access() throws {
        let setting = Setting()
        let inventory = AWSInventory()
        let api = AWSInventoryAPI(inventory)
        for host in [
            "iam.amazonaws.com", "sts.eu-central-1.amazonaws.com", "sso.eu-central-1.amazonaws.com",
            "identitystore.eu-central-1.amazonaws.com", "organizations.us-east-1.amazonaws.com",
            "kms.eu-central-1.amazonaws.com", "acm.eu-central-1.amazonaws.com",
            "access-analyzer.eu-central-1.amazonaws.com",
        ] {
            setting.network.serve("https://\(host)/", api)
        }
        let outcome = try setting.run("aws-access")
        #expect(outcome.stoppedCollectors.isEmpty && outcome.refused == 0)
        let lines = try setting.lines("/srv/out/access")
        var validator = OCSFValidator(try OCSFContent.schema(.canonical))
        var counts: [String: Int] = [:]
        for line in lines {
            let event = try JSONReader.document(in: Array(line.utf8), file: "event")
            counts[event["metadata"]?["product"]?["name"]?.string ?? "", default: 0] += 1
            #expect(validator.findings(in: Array(line.utf8).span).filter(\.isError).isEmpty, "\(line)")
        }
        func expected(_ service: String) -> Int { inventory.expected[service]?.count ?? 0 }
        #expect(
            counts == [
                "Access Snapshot": 12, "IAM": expected("iam"),
                "IAM Identity Center": expected("identity_center"),
                "Organizations": expected("organizations"), "KMS": expected("kms"),
                "Certificate Manager": expected("acm"), "IAM Access Analyzer": expected("access_analyzer"),
            ])
        let ledger = try setting.ledger()
        #expect(ledger.rows.values.allSatisfy { $0.isBalanced })
        #expect(Set(ledger.rows.keys.map(\.feed)).isSuperset(of: ["aws.iam", "aws.kms", "aws.snapshot"]))
    }

    @Test("No trail: the API's findings to a signed webhook, all of it to an archive in an older OCSF")
    func webhook() throws {
        let setting = Setting()
        let api = AWSCloudTrailAPI()
        let hook = Hook()
        setting.network.serve("https://cloudtrail.eu-central-1.amazonaws.com", api)
        setting.network.serve("https://hooks.example.com/martlet", hook)
        for (number, record) in Setting.records.enumerated() {
            let time = setting.world.now - .hours(1)
            api.happen(id: "\(number)", at: time, visibleAt: time, record: record)
        }
        let outcome = try setting.run("cloudtrail-api-to-webhook")
        #expect(outcome.snapshot.pending == 0 && outcome.stoppedCollectors.isEmpty)
        let archive = try setting.lines("/srv/out/archive")
        #expect(archive.count == 4 && archive.allSatisfy { $0.contains("\"version\":\"1.1.0\"") })
        let requests = hook.requests.withLock { $0 }
        #expect(requests.count == 1)
        #expect(requests.first?.headers["webhook-signature"]?.hasPrefix("v1,") == true)
        let sent = try JSONReader.document(in: requests.first?.body ?? [], file: "request")
        #expect(sent.list?.count == 1 && sent.list?.first?["class_uid"]?.integer == 2004)
    }
}
