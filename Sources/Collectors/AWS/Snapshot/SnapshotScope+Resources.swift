import Codecs
import Credentials
import Engine
import Ports

/// KMS, ACM, Directory Service, Access Analyzer and TEAM's table: one region's.
extension SnapshotScope {
    // MARK: KMS

    private func kms(
        _ action: String, _ body: [String: JSONValue], about subject: String = "", _ read: @escaping Read
    ) -> SnapshotQuestion {
        json("kms", "TrentService", action, body, about: subject, read)
    }

    private static func limited(_ pairs: (String, String)..., after marker: String?) -> [String: JSONValue] {
        members(
            pairs.map { ($0.0, JSONValue.string($0.1)) } + [("Limit", JSONValue.integer(pageItems))],
            token: "Marker", marker)
    }

    private static func kmsMarker(in answer: JSONValue, after last: String?) throws(Fault) -> String? {
        guard answer["Truncated"]?.bool == true else { return nil }
        return try token("NextMarker", in: answer, after: last)
    }

    func keys(_ marker: String?) -> SnapshotQuestion {
        kms("ListKeys", Self.limited(after: marker)) { answer throws(Fault) in
            var step = SnapshotStep()
            for key in try Self.list("Keys", in: answer) {
                guard let id = key["KeyId"]?.string else { continue }
                let arn = key["KeyArn"]?.string ?? id
                step.next += [describeKey(arn), grants(on: arn, nil)]
            }
            if let next = try Self.kmsMarker(in: answer, after: marker) { step.next.append(keys(next)) }
            return step
        }
    }

    private func describeKey(_ arn: String) -> SnapshotQuestion {
        let known: [String: JSONValue] = ["Arn": .string(arn), "KeyId": .string(arn)]
        var question = kms("DescribeKey", ["KeyId": .string(arn)], about: arn) { answer throws(Fault) in
            guard let key = answer["KeyMetadata"]?.object else {
                throw Fault(.malformed, "the answer has no KeyMetadata")
            }
            return SnapshotStep(next: [keyPolicy(arn, known.merging(key) { _, last in last })])
        }
        question.orElse = { SnapshotStep(next: [keyPolicy(arn, known)]) }
        return question
    }

    private func keyPolicy(_ arn: String, _ key: [String: JSONValue]) -> SnapshotQuestion {
        @Sendable func item(_ policy: JSONValue?) -> SnapshotStep {
            var whole = key
            whole["Policy"] = policy
            return SnapshotStep(items: [SnapshotItem(kind: "key", id: arn, document: whole)])
        }
        var question = kms(
            "GetKeyPolicy", ["KeyId": .string(arn), "PolicyName": "default"], about: arn
        ) { answer throws(Fault) in item(Self.document(answer["Policy"])) }
        question.orElse = { item(nil) }
        return question
    }

    private func grants(on key: String, _ marker: String?) -> SnapshotQuestion {
        kms("ListGrants", Self.limited(("KeyId", key), after: marker), about: key) { answer throws(Fault) in
            var step = SnapshotStep()
            for grant in try Self.list("Grants", in: answer) {
                guard let document = grant.object, let id = grant["GrantId"]?.string else { continue }
                step.items.append(SnapshotItem(kind: "grant", id: "\(key)/\(id)", document: document))
            }
            if let next = try Self.kmsMarker(in: answer, after: marker) {
                step.next.append(grants(on: key, next))
            }
            return step
        }
    }

    // MARK: ACM, Directory Service

    /// Without them ACM leaves out all but RSA.
    private static let keyTypes: JSONValue = [
        "RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1",
    ]

    func certificates(_ token: String?) -> SnapshotQuestion {
        let body = Self.members(
            [("MaxItems", .integer(Self.pageItems)), ("Includes", ["keyTypes": Self.keyTypes])],
            token: "NextToken", token)
        return json("acm", "CertificateManager", "ListCertificates", body) { answer throws(Fault) in
            var step = SnapshotStep()
            for certificate in try Self.list("CertificateSummaryList", in: answer) {
                guard let document = certificate.object, let arn = certificate["CertificateArn"]?.string
                else {
                    continue
                }
                step.items.append(SnapshotItem(kind: "certificate", id: arn, document: document))
            }
            if let next = try Self.token("NextToken", in: answer, after: token) {
                step.next.append(certificates(next))
            }
            return step
        }
    }

    func directories(_ token: String?) -> SnapshotQuestion {
        json(
            "ds", "DirectoryService_20150416", "DescribeDirectories",
            Self.members([], token: "NextToken", token)
        ) { answer throws(Fault) in
            var step = SnapshotStep()
            for directory in try Self.list("DirectoryDescriptions", in: answer) {
                guard let document = directory.object, let id = directory["DirectoryId"]?.string else {
                    continue
                }
                step.items.append(SnapshotItem(kind: "directory", id: id, document: document))
            }
            if let next = try Self.token("NextToken", in: answer, after: token) {
                step.next.append(directories(next))
            }
            return step
        }
    }

    // MARK: Access Analyzer

    func analyzers(_ token: String?) -> SnapshotQuestion {
        let query = [("maxResults", String(Self.pageItems))] + (token.map { [("nextToken", $0)] } ?? [])
        return rest("access-analyzer", "ListAnalyzers", "/analyzer", query) { answer throws(Fault) in
            var step = SnapshotStep()
            for analyzer in try Self.list("analyzers", in: answer) {
                guard let arn = analyzer["arn"]?.string else { continue }
                step.next.append(findings(of: arn, nil))
            }
            if let next = try Self.token("nextToken", in: answer, after: token) {
                step.next.append(analyzers(next))
            }
            return step
        }
    }

    /// `ListFindingsV2` needs the permission `access-analyzer:ListFindings`, by which it is counted.
    private func findings(of analyzer: String, _ token: String?) -> SnapshotQuestion {
        let body = Self.members(
            [("analyzerArn", .string(analyzer)), ("maxResults", .integer(Self.pageItems))],
            token: "nextToken", token)
        return rest("access-analyzer", "ListFindings", "/findingv2", body: .object(body), about: analyzer) {
            answer throws(Fault) in
            var step = SnapshotStep()
            for finding in try Self.list("findings", in: answer) {
                guard var document = finding.object, let id = finding["id"]?.string else { continue }
                document["analyzerArn"] = .string(analyzer)
                if finding["status"]?.string == "ACTIVE" {
                    step.next.append(findingDetail(id, analyzer, document, nil))
                } else {
                    step.items.append(SnapshotItem(kind: "finding", id: id, document: document))
                }
            }
            if let next = try Self.token("nextToken", in: answer, after: token) {
                step.next.append(findings(of: analyzer, next))
            }
            return step
        }
    }

    private func findingDetail(
        _ id: String, _ analyzer: String, _ finding: [String: JSONValue], _ token: String?
    ) -> SnapshotQuestion {
        @Sendable func item(_ document: [String: JSONValue]) -> SnapshotStep {
            SnapshotStep(items: [SnapshotItem(kind: "finding", id: id, document: document)])
        }
        let query =
            [("analyzerArn", analyzer), ("maxResults", String(Self.pageItems))]
            + (token.map { [("nextToken", $0)] } ?? [])
        var question = rest(
            "access-analyzer", "GetFinding", "/findingv2/\(PercentEncoding.encode(id))", query, about: id
        ) { answer throws(Fault) in
            var whole = finding
            let details = try Self.list("findingDetails", in: answer)
            whole["findingDetails"] = .array((finding["findingDetails"]?.array ?? []) + details)
            if let next = try Self.token("nextToken", in: answer, after: token) {
                return SnapshotStep(next: [findingDetail(id, analyzer, whole, next)])
            }
            return item(whole)
        }
        question.orElse = { item(finding) }
        return question
    }

    // MARK: TEAM

    func requests(_ last: JSONValue?) -> SnapshotQuestion {
        var body: [String: JSONValue] = ["TableName": .string(teamTable), "Limit": .integer(Self.pageItems)]
        body["ExclusiveStartKey"] = last
        return json(
            "dynamodb", "DynamoDB_20120810", "Scan", body, version: "1.0", about: teamTable
        ) { answer throws(Fault) in
            var step = SnapshotStep()
            for item in try Self.list("Items", in: answer) {
                guard let attributes = item.object else { continue }
                let document = attributes.mapValues { Self.plain($0) }
                guard let id = document["id"]?.string else { continue }
                step.items.append(SnapshotItem(kind: "request", id: id, document: document))
            }
            if let next = answer["LastEvaluatedKey"], next.object?.isEmpty == false {
                guard next != last else { throw Fault(.malformed, "the same page comes next again") }
                step.next.append(requests(next))
            }
            return step
        }
    }

    /// DynamoDB's typed value as plain JSON: `{"S": "x"}` is `"x"`.
    static func plain(_ value: JSONValue) -> JSONValue {
        guard let typed = value.object, let (type, content) = typed.first, typed.count == 1 else {
            return value
        }
        switch type {
        case "N": return content.string.map { .number($0) } ?? content
        case "NULL": return .null
        case "M": return .object((content.object ?? [:]).mapValues { plain($0) })
        case "L": return .array((content.array ?? []).map { plain($0) })
        case "NS": return .array((content.array ?? []).map { $0.string.map { .number($0) } ?? $0 })
        default: return content
        }
    }
}
