import Codecs
import Credentials
import Engine
import Ports

/// IAM: everything it has, the credential report, access keys, and what was last used.
extension SnapshotScope {
    private static let details = [
        ("UserDetailList", "user"), ("GroupDetailList", "group"), ("RoleDetailList", "role"),
        ("Policies", "policy"),
    ]

    private static func marked(_ marker: String?) -> [(String, String)] {
        [("MaxItems", String(pageItems))] + (marker.map { [("Marker", $0)] } ?? [])
    }

    /// IAM repeats the marker of a list that has ended: `IsTruncated` decides.
    private static func marker(in result: JSONValue, after last: String?) throws(Fault) -> String? {
        guard result["IsTruncated"]?.bool == true else { return nil }
        guard let marker = try token("Marker", in: result, after: last) else {
            throw Fault(.malformed, "a list that goes on has no marker")
        }
        return marker
    }

    func authorizationDetails(_ marker: String?) -> SnapshotQuestion {
        iam("GetAccountAuthorizationDetails", Self.marked(marker)) { result throws(Fault) in
            var step = SnapshotStep()
            for (list, kind) in Self.details {
                for item in result[list]?.array ?? [] {
                    guard let document = item.object, let arn = item["Arn"]?.string else {
                        throw Fault(.malformed, "an item of \(list) has no ARN")
                    }
                    step.items.append(SnapshotItem(kind: kind, id: arn, document: document))
                    if kind == "user", let name = item["UserName"]?.string {
                        step.next.append(accessKeys(name, arn, nil))
                    }
                }
            }
            if let next = try Self.marker(in: result, after: marker) {
                step.next.append(authorizationDetails(next))
            }
            return step
        }
    }

    private func accessKeys(_ user: String, _ arn: String, _ marker: String?) -> SnapshotQuestion {
        iam("ListAccessKeys", [("UserName", user)] + Self.marked(marker), about: arn) {
            result throws(Fault) in
            var step = SnapshotStep()
            for key in try Self.list("AccessKeyMetadata", in: result) {
                guard var document = key.object, let id = key["AccessKeyId"]?.string else { continue }
                document["UserArn"] = .string(arn)
                step.next.append(lastUse(of: id, document))
            }
            if let next = try Self.marker(in: result, after: marker) {
                step.next.append(accessKeys(user, arn, next))
            }
            return step
        }
    }

    private func lastUse(of key: String, _ document: [String: JSONValue]) -> SnapshotQuestion {
        @Sendable func item(_ use: JSONValue?) -> SnapshotStep {
            var whole = document
            whole["AccessKeyLastUsed"] = use
            return SnapshotStep(items: [SnapshotItem(kind: "access_key", id: key, document: whole)])
        }
        var question = iam("GetAccessKeyLastUsed", [("AccessKeyId", key)], about: key) {
            result throws(Fault) in
            item(result["AccessKeyLastUsed"])
        }
        question.orElse = { item(nil) }
        return question
    }

    // MARK: The credential report

    /// Has the report made; IAM makes one in four hours at most, and takes some seconds for it.
    func generateReport(_ polls: Int) -> SnapshotQuestion {
        var question = iam("GenerateCredentialReport") { result throws(Fault) in
            if result["State"]?.string == "COMPLETE" { return SnapshotStep(next: [report]) }
            guard polls < Self.pollsMax else {
                throw Fault(.malformed, "the credential report is not made")
            }
            return SnapshotStep(next: [generateReport(polls + 1)])
        }
        if polls > 0 { question.delay = Self.pollPause(polls) }
        return question
    }

    private var report: SnapshotQuestion {
        iam("GetCredentialReport") { result throws(Fault) in
            guard let content = result["Content"]?.string, let text = Base64.decode(content.utf8) else {
                throw Fault(.malformed, "the credential report is not in base64")
            }
            var step = SnapshotStep()
            for row in TableLine.records(of: text) {
                guard let json = JSONValue(json: row), var document = json.object,
                    let arn = json["arn"]?.string
                else { throw Fault(.malformed, "a row of the credential report has no ARN") }
                document["GeneratedTime"] = result["GeneratedTime"]
                step.items.append(
                    SnapshotItem(kind: "credential_report", id: "credentials/\(arn)", document: document))
            }
            return step
        }
    }

    private static func pollPause(_ polls: Int) -> Duration {
        min(.milliseconds(500) * (1 << min(polls, 8)), pollPauseMax)
    }

    // MARK: Services last accessed

    func identities(_ action: String, _ list: String, _ marker: String?) -> SnapshotQuestion {
        let after = ["ListUsers": ("ListRoles", "Roles"), "ListRoles": ("ListGroups", "Groups")][action]
        @Sendable func following() -> [SnapshotQuestion] { after.map { [identities($0.0, $0.1, nil)] } ?? [] }
        var question = iam(action, Self.marked(marker)) { result throws(Fault) in
            var step = SnapshotStep()
            for identity in try Self.list(list, in: result) {
                guard let arn = identity["Arn"]?.string else { continue }
                step.next.append(lastAccessed(arn))
            }
            if let next = try Self.marker(in: result, after: marker) {
                step.next.append(identities(action, list, next))
            } else {
                step.next += following()
            }
            return step
        }
        question.orElse = { SnapshotStep(next: following()) }
        return question
    }

    private func lastAccessed(_ arn: String) -> SnapshotQuestion {
        iam(
            "GenerateServiceLastAccessedDetails", [("Arn", arn), ("Granularity", "SERVICE_LEVEL")], about: arn
        ) { result throws(Fault) in
            guard let job = result["JobId"]?.string else { throw Fault(.malformed, "the job has no id") }
            return SnapshotStep(next: [services(of: arn, job, nil, page: 1, polls: 1)])
        }
    }

    private func services(
        of arn: String, _ job: String, _ marker: String?, page: Int, polls: Int
    ) -> SnapshotQuestion {
        var question = iam(
            "GetServiceLastAccessedDetails", [("JobId", job)] + Self.marked(marker), about: arn
        ) { result throws(Fault) in
            switch result["JobStatus"]?.string {
            case "COMPLETED": break
            case "IN_PROGRESS" where polls < Self.pollsMax:
                return SnapshotStep(next: [services(of: arn, job, marker, page: page, polls: polls + 1)])
            case let status:
                throw Fault(.malformed, "the job ended as \(status ?? "nothing")")
            }
            let next = try Self.marker(in: result, after: marker)
            var step = SnapshotStep()
            // An empty page is none, unless it is all there is.
            let isEmpty = result["ServicesLastAccessed"]?.array?.isEmpty ?? true
            let isItem = !isEmpty || (page == 1 && next == nil)
            if isItem {
                var document = result.object ?? [:]
                document["Arn"] = .string(arn)
                for key in ["IsTruncated", "Marker", "JobStatus"] { document[key] = nil }
                let id = page == 1 ? arn : "\(arn)/page-\(page)"
                step.items = [SnapshotItem(kind: "last_accessed", id: id, document: document)]
            }
            if let next {
                let number = isItem ? page + 1 : page
                step.next = [services(of: arn, job, next, page: number, polls: 0)]
            }
            return step
        }
        if polls > 0 { question.delay = Self.pollPause(polls - 1) }
        return question
    }
}
