/// A policy's document as people and programs at Example Corp write it; `@account@` stands for the account it is in.
struct PolicyText: Sendable {
    let json: String

    init(_ statements: String...) {
        json = #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
    }

    init(allowing actions: [String], on resource: String = "*") {
        self.init(Self.allow(actions, on: resource))
    }

    private static func allow(_ actions: [String], on resource: String = "*") -> String {
        let list = actions.map { "\"\($0)\"" }.joined(separator: ",")
        return
            #"{"Effect":"Allow","Action":\#(actions.count == 1 ? list : "[\(list)]"),"Resource":"\#(resource)"}"#
    }

    /// As a text within JSON, which is how requests carry it.
    var escaped: String { json.replacing("\"", with: #"\""#) }

    func of(_ account: String) -> String { json.replacing("@account@", with: account) }

    // MARK: What is handed out

    static let taskPrincipal = #"{"Service":"ecs-tasks.amazonaws.com"}"#
    static let taskTrust = PolicyText(
        #"{"Effect":"Allow","Principal":\#(taskPrincipal),"Action":"sts:AssumeRole"}"#)
    static let logs = PolicyText(
        allowing: ["logs:CreateLogStream", "logs:PutLogEvents"], on: "arn:aws:logs:*:@account@:*")
    static let queue = PolicyText(allowing: ["sqs:SendMessage"], on: "arn:aws:sqs:*:@account@:*")
    static let backup = PolicyText(allowing: ["s3:PutObject"], on: "arn:aws:s3:::example-prod-backups/*")
    /// What every service's policy allows as the log begins, and what a later version allows.
    static let formerAccess = access(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"])
    static let access = access([
        "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem",
    ])

    private static func access(_ tables: [String]) -> PolicyText {
        PolicyText(
            allow(["s3:GetObject", "s3:ListBucket"], on: "arn:aws:s3:::example-*"),
            allow(tables, on: "arn:aws:dynamodb:*:@account@:table/*"))
    }
}
