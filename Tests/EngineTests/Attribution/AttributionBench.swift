import Codecs
import Foundation

@testable import Engine

/// Records of a feed, as acts that a tree can be shown in any order.
struct AttributionBench {
    struct Fact: Hashable {
        var time: Int64
        var uid: String
        var act: [UInt8]
    }

    let facts: [Fact]
    let batch: EventBatch

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func file(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: root.appending(path: path)))
    }

    /// By feed, read once.
    private static let mappings: [String: Result<Mapping, any Error>] = {
        let schema = Result {
            try OCSFSchema(
                table: try file(OCSFSchema.Version.canonical.tablePath), path: "schema")
        }
        var mappings: [String: Result<Mapping, any Error>] = [:]
        for (feed, folder) in [
            ("aws.cloudtrail", "aws/cloudtrail"), ("okta.system_log", "okta/system_log"),
            ("gcp.audit", "gcp/audit"),
            ("kubernetes.audit", "kubernetes/audit"), ("entra.signin", "entra/signin"),
            ("azure.activity", "azure/activity"),
        ] {
            mappings[feed] = Result {
                let path = "schemas/vendors/\(folder)/mapping.yaml"
                return try Mapping(
                    feed: feed, try YAMLReader.document(in: try file(path), file: path),
                    schema: try schema.get())
            }
        }
        return mappings
    }()

    init(_ records: [String], feed: String = "aws.cloudtrail") throws {
        try self.init(objects: [Array(records.joined(separator: "\n").utf8)], feed: feed)
    }

    init(objects: [[UInt8]], feed: String = "aws.cloudtrail") throws {
        guard let mapping = try Self.mappings[feed]?.get() else { throw CocoaError(.fileNoSuchFile) }
        let normalizer = Normalizer([mapping], keepsActs: true)
        let reader = RecordReader()
        var batch = EventBatch()
        var refusals: [Refusal] = []
        for object in objects {
            reader.begin(normalizer.layouts)
            normalizer.begin()
            reader.feed(object.span)
            reader.finish()
            while reader.advance() { normalizer.normalize(reader, into: &batch, refusals: &refusals) }
        }
        self.batch = batch
        facts = batch.events.map {
            Fact(time: $0.time.milliseconds, uid: batch.uid(of: $0), act: Array(batch.acts[$0.act.range]))
        }
    }

    static func tree(_ facts: some Sequence<Fact>, nodes: Int = 1_000_000) -> CredentialTree {
        var limits = CredentialTree.Limits()
        limits.nodes = nodes
        var tree = CredentialTree(limits: limits)
        for fact in facts { take(fact, into: &tree) }
        return tree
    }

    @discardableResult
    static func take(_ fact: Fact, into tree: inout CredentialTree) -> Int? {
        if fact.act.isEmpty { return nil }
        let uid = Array(fact.uid.utf8)
        return tree.take(fact.act.span, 0..<fact.act.count, at: fact.time, uid: uid.span, 0..<uid.count)
    }

    /// Whose act a record is when all are known.
    func root(of uid: String) -> (name: String, root: CredentialTree.Root, hops: [CredentialTree.Hop])? {
        var attributor = Attributor(Self.tree(facts))
        guard let event = batch.events.first(where: { batch.uid(of: $0) == uid }),
            let subject = attributor.subject(of: event, in: batch)
        else { return nil }
        let (root, hops) = attributor.tree.chain(of: subject.acting)
        return (attributor.name(of: subject), root, hops)
    }
}

/// CloudTrail records, as far as who acts and what is handed out goes.
enum Trail {
    static let account = "111122223333"

    static func record(
        _ id: String, _ name: String, _ identity: String, at time: String, answer: String = "null",
        parameters: String = "null", more: String = ""
    ) -> String {
        #"{"eventVersion":"1.08","userIdentity":\#(identity),"eventTime":"2026-11-02T\#(time)Z","#
            + #""eventSource":"\#(source(name)).amazonaws.com","eventName":"\#(name)","awsRegion":"us-east-1","#
            + #""sourceIPAddress":"203.0.113.7","userAgent":"cli","requestParameters":\#(parameters),"#
            + #""responseElements":\#(answer),"eventID":"\#(id)","readOnly":false,"eventType":"AwsApiCall","#
            + #""recipientAccountId":"\#(account)"\#(more)}"#
    }

    private static func source(_ name: String) -> String {
        switch name {
        case "CreateAccessKey", "CreateUser", "AttachUserPolicy": "iam"
        case "SwitchRole": "signin"
        case "CreateBucket": "s3"
        default: "sts"
        }
    }

    static func userARN(_ name: String) -> String { "arn:aws:iam::\(account):user/\(name)" }

    static func user(_ name: String, key: String) -> String {
        #"{"type":"IAMUser","principalId":"AIDA\#(name)","arn":"arn:aws:iam::\#(account):user/\#(name)","#
            + #""accountId":"\#(account)","accessKeyId":"\#(key)","userName":"\#(name)"}"#
    }

    static func session(
        _ role: String, _ name: String, key: String?, from start: String, more: String = ""
    ) -> String {
        #"{"type":"AssumedRole","principalId":"AROA\#(role):\#(name)","arn":"\#(arn(role, name))","#
            + #""accountId":"\#(account)"\#(key.map { #","accessKeyId":"\#($0)""# } ?? ""),"#
            + #""sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROA\#(role)","#
            + #""arn":"arn:aws:iam::\#(account):role/\#(role)","accountId":"\#(account)","userName":"\#(role)"},"#
            + #""attributes":{"creationDate":"2026-11-02T\#(start)Z","mfaAuthenticated":"false"}\#(more)}}"#
    }

    static func arn(_ role: String, _ name: String) -> String {
        "arn:aws:sts::\(account):assumed-role/\(role)/\(name)"
    }

    static func assumed(_ role: String, _ name: String, key: String?) -> String {
        let credentials = key.map { #""credentials":{"accessKeyId":"\#($0)","sessionToken":"t"},"# } ?? ""
        return
            #"{\#(credentials)"assumedRoleUser":{"assumedRoleId":"AROA\#(role):\#(name)","arn":"\#(arn(role, name))"}}"#
    }
}
