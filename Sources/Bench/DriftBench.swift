import Engine
import Foundation
import Pipeline

/// What drift costs: changes read, taken and judged in a second on one core, and what they hold of memory.
enum DriftBench {
    private static let accounts = 10
    private static let policies = 500
    private static let documents = 400
    /// Changes between two evaluations, as pages bring them.
    private static let atOnce = 5_000

    /// - Parameter isDeclared: whether pipelines and a baseline are declared: then whatever others change is judged, and all
    ///   that differs from what was approved.
    static func run(principals: Int, changes: Int, isDeclared: Bool = false) throws {
        let texts = (0..<documents).map { document($0) }
        let settings = isDeclared ? declared(principals, texts) : DriftSettings()
        let before = residentBytes()
        var stream = DriftStream(settings, .builtIn())
        let reader = AccessEventReader()
        var reading = 0.0
        var judging = 0.0
        var findings = 0
        for first in stride(from: 0, to: changes, by: atOnce) {
            let batch = batch(first..<min(changes, first + atOnce), principals, texts)
            let start = now()
            for event in batch.events {
                guard let change = reader.change(event, of: batch) else { continue }
                for fact in Drift.Fact.of(change, stream.drift.texts) { stream.take(fact) }
            }
            let middle = now()
            var out = EventBatch()
            findings += stream.evaluate(into: &out).count
            reading += middle - start
            judging += now() - middle
        }
        let after = residentBytes()
        let start = now()
        let report = stream.drift.report(from: .epoch, to: .distantFuture)
        let bytes = DriftPage(report).bytes.count
        let rate = { (seconds: Double) in Int(Double(changes) / max(seconds, 1e-9)) }
        print("\(principals) principals, \(changes) change events, one thread")
        if let baseline = settings.baseline {
            print(
                "declared: a pipeline with half of the changes, a baseline of \(baseline.facts.facts.count) facts"
            )
        }
        print("read and take    \(rate(reading)) events/s")
        print("judge and tell   \(rate(judging)) events/s")
        print("together         \(rate(reading + judging)) events/s, \(findings) findings said")
        print(String(format: "report           %.2f s, %d KiB of HTML", now() - start, bytes >> 10))
        print("resident         \((after - before) >> 20) MiB")
    }

    /// What infrastructure as code would say: one in two who change is the pipeline's, and of every principal an attachment,
    /// a policy of its own and a trust are approved.
    private static func declared(_ principals: Int, _ texts: [String]) -> DriftSettings {
        var settings = DriftSettings()
        let actors = stride(from: 0, to: 97, by: 2).map { "*:assumed-role/admin/p\($0)@example.com" }
        settings.pipelines = [DriftSettings.Pipeline(name: "terraform", actors: actors)]
        let forms = PolicyTexts()
        func text(_ escaped: String) -> String { forms.canonical(escaped.replacing("\\\"", with: "\"")) }
        var facts: [AccessState.Key: String] = [:]
        for principal in 0..<principals {
            let account = "11112222333\(principal % accounts)"
            let role = "role/r\(principal)"
            let policy = "arn:aws:iam::\(account):policy/p\(principal % policies)"
            facts[AccessState.Key(account, role, .attachment, policy)] = "attached"
            facts[AccessState.Key(account, role, .inline, "inline")] = text(texts[principal % documents])
            facts[AccessState.Key(account, role, .trust)] = text(
                "{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Principal\\\":"
                    + "{\\\"AWS\\\":\\\"arn:aws:iam::\(account):user/u\(principal % 50)\\\"},\\\"Action\\\":\\\"sts:AssumeRole\\\"}]}"
            )
        }
        settings.baseline = DriftBaseline(name: "terraform", facts: facts, time: .distantPast, isWhole: false)
        return settings
    }

    private static func document(_ number: Int) -> String {
        let actions = [
            "s3:GetObject", "s3:*", "ec2:Describe*", "iam:PassRole", "lambda:InvokeFunction", "kms:Decrypt",
            "dynamodb:*", "iam:CreateAccessKey", "logs:*", "sqs:SendMessage",
        ]
        let statements = (0..<1 + number % 4).map { place in
            "{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":[\\\"\(actions[(number + place) % 10])\\\",\\\"\(actions[(number / 10 + place) % 10])\\\"],"
                + "\\\"Resource\\\":\\\"arn:aws:s3:::bucket-\(number)/*\\\"}"
        }
        return "{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[\(statements.joined(separator: ","))]}"
    }

    private static func batch(_ range: Range<Int>, _ principals: Int, _ texts: [String]) -> EventBatch {
        var batch = EventBatch()
        for number in range {
            let time = Timestamp(seconds: 1_790_000_000 + Int64(number) * 6)
            let mixed = number &* 2_654_435_761 & 0x7FFF_FFFF
            let principal = mixed % principals
            let account = "11112222333\(principal % accounts)"
            let (operation, request) = change(number, mixed, principal, account, texts)
            let uid = "c-\(number)"
            let start = batch.bytes.count
            let head = "{\"activity_id\":1,\"class_uid\":3007,\"metadata\":{\"uid\":\""
            let text =
                head + uid
                + "\",\"product\":{\"name\":\"CloudTrail\",\"vendor_name\":\"AWS\"}},\"time\":\(time.milliseconds),"
                + "\"cloud\":{\"provider\":\"AWS\",\"region\":\"us-east-1\",\"account\":{\"uid\":\"\(account)\"}},"
                + "\"api\":{\"operation\":\"\(operation)\",\"service\":{\"name\":\"iam.amazonaws.com\"},\"request\":{\"data\":"
                + "\(request)}},\"src_endpoint\":{\"ip\":\"198.51.100.7\"},\"actor\":{\"user\":{\"type\":\"AssumedRole\",\"uid\":"
                + "\"arn:aws:sts::\(account):assumed-role/admin/p\(mixed % 97)@example.com\",\"name\":\"p\"}},\"status_id\":1}"
            batch.bytes += Array(text.utf8)
            var event = Event(time: time)
            event.classUID = 3007
            event.activityID = 1
            event.statusID = 1
            event.json = Extent(start: start, count: batch.bytes.count - start)
            event.uid = Extent(start: start + head.utf8.count, count: uid.utf8.count)
            batch.events.append(event)
        }
        return batch
    }

    private static func change(
        _ number: Int, _ mixed: Int, _ principal: Int, _ account: String, _ texts: [String]
    ) -> (String, String) {
        let role = "\"roleName\":\"r\(principal)\""
        let user = "\"userName\":\"u\(principal)\""
        let arn = "\"policyArn\":\"arn:aws:iam::\(account):policy/p\(mixed % policies)\""
        let text = "\"policyDocument\":\"\(texts[mixed / 7 % documents])\""
        switch number % 10 {
        case 0, 1, 2: return ("AttachRolePolicy", "{\(role),\(arn)}")
        case 3: return ("DetachRolePolicy", "{\(role),\(arn)}")
        case 4, 5: return ("PutRolePolicy", "{\(role),\"policyName\":\"inline\",\(text)}")
        case 6: return ("CreatePolicyVersion", "{\(arn),\"setAsDefault\":true,\(text)}")
        case 7:
            let trust =
                "{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Principal\\\":"
                + "{\\\"AWS\\\":\\\"arn:aws:iam::\(account):user/u\(mixed % 50)\\\"},\\\"Action\\\":\\\"sts:AssumeRole\\\"}]}"
            return ("UpdateAssumeRolePolicy", "{\(role),\"policyDocument\":\"\(trust)\"}")
        case 8: return ("AddUserToGroup", "{\(user),\"groupName\":\"g\(mixed % 40)\"}")
        default: return ("CreateAccessKey", "{\(user)}")
        }
    }

    private static func now() -> Double { StageBench.now() }

    private static func residentBytes() -> Int64 {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int64($0) } ?? 0
        return pages * 4_096
    }
}
