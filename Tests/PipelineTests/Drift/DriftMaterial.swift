import Codecs
import Engine
import Pipeline
import Ports

/// Records of CloudTrail's and others', and what `drift` makes of them.
enum DriftMaterial {
    static let day = "2026-05-04"
    static let account = "111122223333"

    /// One IAM or other call at a minute of the day.
    static func call(
        _ minute: Int, _ service: String, _ operation: String, _ request: String, response: String = "null",
        by actor: String = "user/ada", account: String = account, uid: String? = nil
    ) -> String {
        let time = "\(day)T\(two(minute / 60)):\(two(minute % 60)):00Z"
        let arn = actor.hasPrefix("arn:") ? actor : "arn:aws:iam::\(account):\(actor)"
        let name = arn.split(separator: "/").last ?? ""
        return """
            {"eventVersion":"1.10","userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE","arn":"\(arn)",\
            "accountId":"\(account)","userName":"\(name)"},"eventTime":"\(time)","eventSource":"\(service).amazonaws.com",\
            "eventName":"\(operation)","awsRegion":"eu-west-1","sourceIPAddress":"203.0.113.7","userAgent":"aws-cli/2",\
            "requestParameters":\(request),"responseElements":\(response),"requestID":"r-\(minute)",\
            "eventID":"\(uid ?? "e-\(minute)")","readOnly":false,"eventType":"AwsApiCall","managementEvent":true,\
            "recipientAccountId":"\(account)","eventCategory":"Management"}
            """
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

    /// A policy as a request's text has it.
    static func document(_ statements: String) -> String {
        let text = "{\"Version\":\"2012-10-17\",\"Statement\":[\(statements)]}"
        return String(decoding: JSONFragment.quoted(text), as: UTF8.self)
    }

    static func allow(_ action: String, on resource: String = "*") -> String {
        "{\"Effect\":\"Allow\",\"Action\":\"\(action)\",\"Resource\":\"\(resource)\"}"
    }

    /// A pipeline that follows drift, and nothing else.
    static func pipeline(_ collectors: [(name: String, feed: String)]) -> String {
        let lines = collectors.map { "  \($0.name): {feed: \($0.feed), from: files, paths: /\($0.name)}\n" }
        return "name: p\ncollectors:\n" + lines.joined() + """
            rules: []
            behaviour: {enabled: false}
            attribution: {enabled: false}
            drift: {enabled: true}
            store: {enabled: false}
            exporters:
              out: {to: file, path: /out, compression: none}
            """
    }

    /// Whose gaps stand in the end of findings as they were delivered, and since when they are.
    static func gaps(_ lines: [String]) throws -> [(subject: String, since: String)] {
        var standing: [String: (subject: String, since: String)] = [:]
        for line in lines where line.contains("\"martlet.drift.telemetry_gap\"") {
            let finding = try JSONReader.document(in: Array(line.utf8), file: "out")
            let drift = finding["enrichments"]?.list?.first { $0["name"]?.string == "drift" }?["data"]
            guard let uid = finding["metadata"]?["uid"]?.string else { continue }
            let gap = (drift?["subject"]?.string ?? "", drift?["not_before"]?.string ?? "-")
            standing[uid] = finding["status_id"]?.integer == 6 ? nil : gap
        }
        return standing.values.sorted { $0 < $1 }
    }

    static func trust(_ principal: String, condition: String = "") -> String {
        "{\"Effect\":\"Allow\",\"Principal\":\(principal),\"Action\":\"sts:AssumeRole\"\(condition)}"
    }

    static func run(
        _ records: [String], _ settings: DriftSettings = DriftSettings(), feed: String = "auto",
        snapshot: String? = nil
    ) async throws -> DriftRun {
        let refused = try await InputRefusals(feed: feed, keptIn: nil)
        let run = try DriftRun(
            feed: feed, try MappingCatalog.builtIn(), settings, .builtIn(), attributor: nil, refused: refused)
        run.begin("records")
        let text = Array(records.joined(separator: "\n").utf8)
        run.feed(text.span)
        run.finish(fault: nil)
        if let snapshot {
            run.begin("snapshot")
            let bytes = Array(snapshot.utf8)
            run.feed(bytes.span)
            run.finish(fault: nil)
        }
        run.close()
        return run
    }

    /// `D3 user/ada open`, in order.
    static func lines(_ report: DriftReport) -> [String] {
        report.findings.map {
            "\($0.code.name) \($0.subject) \($0.closed.map { "closed by \($0.uid)" } ?? "open")"
        }
        .sorted()
    }
}
