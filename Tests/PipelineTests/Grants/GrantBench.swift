import Engine
import Pipeline
import Ports

/// Records of grants and of acts, and what is said of them.
enum GrantBench {
    static let day = "2026-11-02T"

    /// `1030` is half past ten.
    static func time(_ clock: Int) -> String {
        let hour = clock / 100
        let minute = clock % 100
        return "\(day)\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute):00Z"
    }

    /// One phase of a grant, as any broker can send it.
    static func phase(
        _ id: String, _ phase: String, at clock: Int, from start: Int? = nil, to end: Int? = nil,
        who: String = "ana@example.com", by approver: String? = "bo@example.com",
        role: String = "PlatformAdmin",
        account: String = "111122223333", more: String = ""
    ) -> String {
        var text = #"{"grant_id":"\#(id)","phase":"\#(phase)","provider":"Opal","time":"\#(time(clock))","#
        text += #""requester":"\#(who)","roles":["\#(role)"],"account":{"id":"\#(account)"}"#
        if let approver, phase == "approved" { text += #","approvers":["\#(approver)"]"# }
        if let start { text += #","start":"\#(time(start))""# }
        if let end { text += #","end":"\#(time(end))""# }
        return text + more + "}"
    }

    /// A call that changes who may do what.
    static func act(
        _ id: String, at clock: Int, who: String = "ana@example.com", role: String = "PlatformAdmin",
        account: String = "111122223333", name: String = "AttachRolePolicy", service: String = "iam",
        key: String = "ASIAEXAMPLE1", more: String = ""
    ) -> String {
        #"{"eventVersion":"1.11","eventName":"\#(name)","eventSource":"\#(service).amazonaws.com","#
            + #""eventTime":"\#(time(clock))","eventID":"\#(id)","awsRegion":"us-east-1","readOnly":false,"#
            + #""eventType":"AwsApiCall","eventCategory":"Management","recipientAccountId":"\#(account)","#
            + #""requestParameters":{"roleName":"app","policyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"},"#
            + #""userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:\#(who)","#
            + #""arn":"arn:aws:sts::\#(account):assumed-role/\#(role)/\#(who)","accountId":"\#(account)","#
            + #""accessKeyId":"\#(key)","sessionContext":{"sessionIssuer":{"type":"Role","userName":"\#(role)","#
            + #""arn":"arn:aws:iam::\#(account):role/\#(role)"},"attributes":{"creationDate":"\#(time(900))"}}}\#(more)}"#
    }

    /// - Parameter batches: how many records stand in one file.
    static func review(
        _ records: [String], _ policy: GrantPolicy = GrantPolicy(), batches: Int = .max,
        limits: GrantBook.Limits = GrantBook.Limits()
    ) async throws -> GrantReview {
        let refused = try await InputRefusals(feed: MappingCatalog.auto, keptIn: nil)
        let run = try GrantRun(
            feed: MappingCatalog.auto, try MappingCatalog.builtIn(), IdentityDirectory(), limits: limits,
            refused: refused)
        var rest = records[...]
        while !rest.isEmpty {
            let part = rest.prefix(batches)
            rest = rest.dropFirst(part.count)
            run.begin("file")
            run.feed(Array((part.joined(separator: "\n") + "\n").utf8).span)
            run.finish(fault: nil)
        }
        return run.review(policy)
    }

    /// Everything a review says.
    static func told(_ review: GrantReview) -> String {
        (review.acts.map { review.json($0) } + review.grants.map { review.json($0) }
            + review.sessions.map { review.json($0) }).joined(separator: "\n")
    }

    /// The label of each act, by its uid.
    static func labels(_ review: GrantReview) -> [String: GrantReview.Label] {
        Dictionary(review.acts.map { ($0.uid, $0.label) }) { first, _ in first }
    }
}
