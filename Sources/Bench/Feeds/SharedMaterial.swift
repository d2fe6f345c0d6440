import Codecs
import Credentials
import Engine
import Foundation
import Pipeline

/// Records that others recorded, wrote down or documented, each with the feed that it belongs to.
///
/// They lie in a folder beside the package on a developer's machine and are no part of it.
struct SharedMaterial {
    /// What came as one piece: a record, or a document that holds several.
    struct Piece {
        /// The file it comes from.
        var source: String
        var feed: String
        var text: [UInt8]
        /// How many records are in it.
        var records = 1
        /// What the source itself says that the record means.
        var expectation: Expectation?
    }

    /// Whose words an expected output is in.
    enum Expectation {
        case ecs(JSONValue), udm(JSONValue), attributes(JSONValue)
        case ocsf(OCSFSchema.Version, JSONValue)
    }

    private static let labelled = "labelled-events/panther/"
    private static let brokers = "pam-and-idp/"

    private(set) var pieces: [Piece] = []
    /// Lines of text that are no record by the contract: whose they are, and how many.
    private(set) var plainTexts: [String: Int] = [:]
    private let root: URL

    init(_ root: String) throws {
        self.root = URL(fileURLWithPath: root)
        try readLabelled()
        try readLines("m365/unified-audit-log-invictus/ual.jsonl", "m365.audit")
        try readLines("kubernetes/audit2rbac-demo/audit.log", "kubernetes.audit")
        try readLines(Self.brokers + "teleport/audit_events.jsonl", "teleport.audit")
        try readLines(Self.brokers + "hashicorp-vault/vault-audit.log", "vault.audit")
        try readAccess()
        try readBoundary()
        try readECS()
        try readSym()
        try readOCSF()
    }

    static func isThere(_ root: String) -> Bool {
        FileManager.default.fileExists(atPath: root + "/" + brokers)
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: root.appendingPathComponent(path)))
    }

    private func names(in folder: String, ending: String) throws -> [String] {
        let paths = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
        return (paths?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(ending) }.sorted()
    }

    private mutating func readLines(_ path: String, _ feed: String) throws {
        for line in try bytes(path).split(separator: 0x0A) {
            pieces.append(Piece(source: path, feed: feed, text: Array(line)))
        }
    }

    // MARK: Labelled events

    /// Each line holds labels and, as `event`, the record.
    private mutating func readLabelled() throws {
        var tree = EventTree()
        var leaves = Leaves()
        for name in try names(in: Self.labelled, ending: ".jsonl") {
            for line in try bytes(Self.labelled + name).split(separator: 0x0A).map(Array.init) {
                try tree.read(line.span)
                for child in tree.children(of: 0)
                where line[tree.nodes[child].keyRange].elementsEqual("event".utf8) {
                    let text = Array(line[tree.nodes[child].range])
                    try leaves.read(text)
                    let feed = Self.feed(of: name, leaves.all)
                    pieces.append(Piece(source: Self.labelled + name, feed: feed, text: text))
                }
            }
        }
    }

    /// Most files are of one feed; some hold what only stands near it.
    private static func feed(of name: String, _ leaves: [Leaves.Leaf]) -> String {
        func holds(_ path: String, _ words: String...) -> Bool {
            leaves.contains { leaf in
                leaf.path == path && (words.isEmpty || words.contains { leaf.text.hasPrefix($0) })
            }
        }
        switch name.replacing(".jsonl", with: "") {
        // The file has the description of a trail, and events of which two members are left, too.
        case "AWS.CloudTrail":
            return holds("eventName") || holds("eventname") ? "aws.cloudtrail" : MappingCatalog.fallbackFeed
        case "AWS.GuardDuty": return "aws.guardduty"
        case let item where item.hasPrefix("AWS.IAM."): return "aws.iam"
        case "AWS.KMS.Key": return "aws.kms"
        case "Amazon.EKS.Audit": return "kubernetes.audit"
        case "Azure.Audit":
            let signIns = ["SignIn", "NonInteractive", "ServicePrincipal", "ManagedIdentity"]
            return signIns.contains { holds("category", $0) } ? "entra.signin" : "entra.audit"
        case "Azure.MonitorActivity":
            return holds("category", "kube-audit") ? "kubernetes.audit" : "azure.activity"
        case "Databricks.Audit": return "databricks.audit"
        case "GCP.AuditLog": return "gcp.audit"
        case "GSuite.ActivityEvent": return "google_workspace.activity"
        case "GitHub.Audit": return "github.audit"
        case "Gravitational.TeleportAudit": return "teleport.audit"
        case let item where item.hasPrefix("Microsoft365.Audit."): return "m365.audit"
        case "Okta.SystemLog": return "okta.system_log"
        case "Snowflake.GrantsToUsers": return "snowflake.grants"
        case "Snowflake.LoginHistory": return "snowflake.login_history"
        case "Snowflake.QueryHistory": return "snowflake.access_history"
        default: return MappingCatalog.fallbackFeed
        }
    }

    // MARK: With expected outputs

    private mutating func readAccess() throws {
        let folder = "aws/iam/authz-details/"
        let demo = folder + "cloudmapper-demo/account-data/demo/us-east-1/"
        for (path, records) in [
            (folder + "cloudsplaining-example-authz-details.json", 40),
            (demo + "iam-get-account-authorization-details.json", 9),
            (demo + "iam-get-credential-report.json", 3),
        ] {
            pieces.append(Piece(source: path, feed: "aws.iam", text: try bytes(path), records: records))
        }
    }

    /// Boundary's records as a log collector wraps them, and Google's own model of each.
    private mutating func readBoundary() throws {
        let folder = Self.brokers + "google-secops-parsers/HASHICORP_BOUNDARY/"
        let raw = JSONValue(json: try bytes(folder + "raw_logs/default_log.json"))
        let expected = JSONValue(json: try bytes(folder + "expected_events/default_events.json"))
        let models = expected?["events"]?.array ?? []
        for (index, entry) in (raw?["raw_logs"]?["entries"]?.array ?? []).enumerated() {
            guard let text = entry["data"]?.string else { continue }
            let model = index < models.count ? models[index]["event"]?["idm"]?["readOnlyUdm"] : nil
            pieces.append(
                Piece(
                    source: folder, feed: "boundary.audit", text: Array(text.utf8),
                    expectation: model.map { .udm($0) }))
        }
    }

    /// Messages of brokers and identity providers, each beside its event in the Elastic Common Schema.
    private mutating func readECS() throws {
        let folder = Self.brokers + "sekoia-half/"
        let feeds = [
            "BeyondTrust": "beyondtrust.audit", "CyberArk": "cyberark.audit", "Delinea": "delinea.audit",
        ]
        for name in try names(in: folder, ending: ".json") {
            guard let both = JSONValue(json: try bytes(folder + name)),
                let message = both["input"]?["message"]?.string
            else { continue }
            let vendor = name.split(separator: "/").first.map(String.init) ?? ""
            var feed = feeds[vendor] ?? MappingCatalog.fallbackFeed
            let isRecord =
                message.hasPrefix("{") || ["LEEF:", "CEF:", "@cee: {"].contains { message.contains($0) }
                || message.matches(of: /[\w.-]="[^"]*" [^{]*[\w.-]="/).count > 0
            guard isRecord else {
                plainTexts[vendor, default: 0] += 1
                continue
            }
            // What a program of Delinea's says of itself names neither a person nor a service.
            if vendor == "Delinea", message.contains("\"msg\":"), !message.contains("eventMessageId") {
                feed = MappingCatalog.fallbackFeed
            }
            pieces.append(
                Piece(
                    source: folder + vendor, feed: feed, text: Array(message.utf8),
                    expectation: feed == MappingCatalog.fallbackFeed ? nil : both["expected"].map { .ecs($0) }
                ))
        }
    }

    private mutating func readSym() throws {
        let path = Self.brokers + "datadog-log-tests/sym/assets/logs/sym_tests.yaml"
        let tests = try YAMLReader.document(in: try bytes(path), file: path)["tests"]?.list ?? []
        for test in tests {
            guard let sample = test["sample"]?.string else { continue }
            let user = test["result"]?["custom"]?["usr"]?.map ?? []
            let attributes = user.map { ("usr.\($0.key)", JSONValue.string($0.value.string ?? "")) }
            pieces.append(
                Piece(
                    source: path, feed: "sym.audit", text: Array(sample.utf8),
                    expectation: .attributes(.object(Dictionary(attributes) { first, _ in first }))))
        }
    }

    /// AWS's own events beside the OCSF that it makes of them.
    private mutating func readOCSF() throws {
        let folder = "ocsf/examples/AWS/"
        for name in try names(in: folder, ending: ".raw") {
            let version = name.hasPrefix("v1.1.0") ? OCSFSchema.Version.v1_1_0 : .v1_5_0
            let expected = try bytes(folder + name.replacing(".raw", with: ".ocsf"))
            // Some have a comma before a closing brace, which is no JSON.
            let text = String(decoding: expected, as: UTF8.self).replacing(/,(\s*[}\]])/) { $0.output.1 }
            pieces.append(
                Piece(
                    source: folder + name, feed: name.contains("EKS") ? "kubernetes.audit" : "aws.cloudtrail",
                    text: try bytes(folder + name),
                    expectation: JSONValue(json: text).map { .ocsf(version, $0) }))
        }
    }
}
