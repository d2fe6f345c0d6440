@testable import Engine

/// Events of a small case: Ana signs in, takes a role, makes a key and a second one, and somebody undoes the second.
enum CaseMaterial {
    static let human = "ana@example.com"
    static let start: Int64 = 1_793_600_000_000

    struct Made {
        var uid: String
        var minute: Int64
        var operation: String
        var service = "iam.amazonaws.com"
        var classUID = 6003
        var activity = 1
        var credential = "ASIAROLE"
        var who = CaseMaterial.human
        var chain: [(uid: String, via: String, evidence: String)] = [
            ("ASIAROLE", "assume_role", "e2"), ("ASIASSO", "saml", "e1"),
        ]
        var request = "{}"
        var response = "{}"
        var target = ""
        var targetType = "thing"
        var address = "203.0.113.8"
        var status = 1
        var user = ""
    }

    static func text(_ made: Made) -> [UInt8] {
        func quoted(_ text: String) -> String { String(decoding: JSONText.quoted(text), as: UTF8.self) }
        let time = start + made.minute * 60_000
        let chain = made.chain.map {
            "{\"type\":\"credential\",\"uid\":\(quoted($0.uid)),\"via\":\(quoted($0.via)),"
                + "\"certainty\":\"proved\",\"event_uid\":\(quoted($0.evidence)),\"time\":\(start)}"
        }.joined(separator: ",")
        let attribution =
            made.who.isEmpty
            ? ""
            : ",\"enrichments\":[{\"name\":\"attribution\",\"value\":\(quoted(made.who)),\"data\":{\"kind\":\"human\","
                + "\"certainty\":\"proved\",\"root\":{\"type\":\"identity\",\"uid\":\(quoted(made.who)),\"system\":\"aws\"},"
                + "\"chain\":[\(chain)]}}]"
        let resources =
            made.target.isEmpty
            ? ""
            : ",\"resources\":[{\"uid\":\(quoted(made.target)),\"type\":\(quoted(made.targetType))}]"
        let user =
            made.user.isEmpty
            ? "" : ",\"user\":{\"uid\":\(quoted(made.user)),\"email_addr\":\(quoted(made.user))}"
        return Array(
            ("{\"class_uid\":\(made.classUID),\"activity_id\":\(made.activity),\"status_id\":\(made.status),"
                + "\"time\":\(time),\"metadata\":{\"uid\":\(quoted(made.uid)),\"product\":{\"vendor_name\":\"AWS\"}},"
                + "\"cloud\":{\"provider\":\"AWS\",\"account\":{\"uid\":\"111122223333\"},\"region\":\"eu-west-1\"},"
                + "\"api\":{\"operation\":\(quoted(made.operation)),\"service\":{\"name\":\(quoted(made.service))},"
                + "\"request\":{\"data\":\(made.request)},\"response\":{\"data\":\(made.response)}},"
                + "\"http_request\":{\"user_agent\":\"Boto3/1.40 os/linux\"},\"src_endpoint\":{\"ip\":\(quoted(made.address))},"
                + "\"actor\":{\"user\":{\"uid\":\(quoted("arn:aws:sts::111122223333:assumed-role/Ops/\(made.credential)")),"
                + "\"name\":\"ana\"},\"session\":{\"credential_uid\":\(quoted(made.credential)),"
                + "\"issuer\":\"arn:aws:iam::111122223333:role/Ops\"},\"iam_role\":{\"name\":\"Ops\"}}"
                + resources + user + attribution + "}").utf8)
    }

    static let sso: [(uid: String, via: String, evidence: String)] = [("ASIASSO", "saml", "e1")]

    static var story: [Made] {
        let key = { (id: String) in #"{"accessKey":{"accessKeyId":"\#(id)","userName":"backup"}}"# }
        return [
            Made(
                uid: "e1", minute: 0, operation: "ListBuckets", service: "s3.amazonaws.com", activity: 2,
                credential: "ASIASSO", chain: sso),
            Made(
                uid: "e2", minute: 1, operation: "AssumeRole", service: "sts.amazonaws.com", classUID: 3002,
                credential: "ASIASSO", chain: sso,
                request: #"{"roleArn":"arn:aws:iam::111122223333:role/Ops","durationSeconds":900}"#,
                response: #"{"credentials":{"accessKeyId":"ASIAROLE"}}"#),
            Made(
                uid: "e3", minute: 2, operation: "CreateAccessKey", classUID: 3007,
                request: #"{"userName":"backup"}"#, response: key("AKIAONE")),
            Made(
                uid: "e4", minute: 3, operation: "CreateAccessKey", classUID: 3007,
                request: #"{"userName":"backup"}"#, response: key("AKIATWO")),
            // Before its issuer was seen: it says nobody, and its key tells.
            Made(
                uid: "e5", minute: 4, operation: "GetObject", service: "s3.amazonaws.com", activity: 2,
                who: "",
                chain: [], target: "arn:aws:s3:::example-exports/a"),
            Made(
                uid: "e6", minute: 5, operation: "DeleteAccessKey", classUID: 3007, activity: 5,
                credential: "ASIAADMIN", who: "bo@example.com",
                chain: [("ASIAADMIN", "saml", "e0")],
                request: #"{"userName":"backup","accessKeyId":"AKIATWO"}"#,
                address: "203.0.113.99"),
            Made(
                uid: "e7", minute: 6, operation: "ListUsers", activity: 2, credential: "AKIAONE",
                who: "arn:aws:iam::111122223333:user/backup", chain: [("AKIAONE", "stated", "e7")],
                address: "198.51.100.9"),
            Made(
                uid: "e8", minute: 7, operation: "ResetPassword", service: "okta", classUID: 3007,
                activity: 9,
                credential: "x", who: "bo@example.com", chain: [], user: human),
            Made(
                uid: "e9", minute: 8, operation: "DescribeInstances", service: "ec2.amazonaws.com",
                activity: 2,
                credential: "ASIAOTHER", who: "cy@example.com", chain: [("ASIAOTHER", "saml", "e9")],
                address: "192.0.2.1"),
        ]
    }

    /// Answers an investigator's rounds with the same events in any order.
    static func gather(
        _ name: String, _ events: [[UInt8]], isNarrow: Bool = false,
        order: (inout [[UInt8]]) -> Void = { _ in }
    ) -> Investigator {
        var investigator = Investigator(CaseEntity(name), isNarrow: isNarrow)
        while true {
            var shuffled = events
            order(&shuffled)
            for event in shuffled {
                investigator.take(
                    event, digest: StableDigest.identifier(of: [String(decoding: event, as: UTF8.self)]),
                    isOfRecord: true)
            }
            if !investigator.finishRound() { return investigator }
        }
    }

    static func investigation(
        _ name: String, _ events: [[UInt8]] = story.map(text), order: (inout [[UInt8]]) -> Void = { _ in }
    ) -> Investigation? {
        let gathered = gather(name, events, order: order)
        return Investigation(gathered, CaseFindings(about: gathered), from: nil, to: nil)
    }
}
