/// Small random policies that meet often, and requests near them; the same for the same seed.
struct PolicyDice {
    private var state: UInt64

    /// Seeds are far from each other in the sequence.
    init(seed: UInt64) { state = (seed &+ 1) &* 0xD134_2543_DE82_EF95 ^ seed << 32 }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
    mutating func pick<T>(_ list: [T]) -> T { list[below(list.count)] }
    mutating func some<T>(_ list: [T], _ most: Int) -> [T] { (0..<(1 + below(most))).map { _ in pick(list) } }

    static let actions = [
        "s3:GetObject", "s3:Get*", "s3:*", "s3:PutObject", "s3:*Object", "s3:?etObject", "ec2:RunInstances",
        "ec2:*",
        "s3:G*t", "*", "S3:getobject", "iam:PassRole", "iam:*Role",
    ]
    static let resources = [
        "*", "arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3:::*", "arn:aws:s3:::a/b*", "arn:aws:s3:::a/?",
        "arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:us-east-1:1:instance/i", "arn:*:s3:::a/*",
        "arn:aws:iam::*:role/*",
        "arn:aws:iam::1:role/x*", "arn:aws:s3:::a/${aws:username}/*", "arn:aws:ec2:*",
        "arn:aws:iam::1:role/*:z",
    ]
    static let requestActions = [
        "s3:GetObject", "s3:GetObjectAcl", "s3:PutObject", "s3:ListBucket", "ec2:RunInstances",
        "ec2:StopInstances",
        "iam:PassRole", "iam:GetRole", "s3:Get", "s3:netObject", "sqs:SendMessage",
    ]
    static let requestResources = [
        "*", "arn:aws:s3:::a", "arn:aws:s3:::a/b", "arn:aws:s3:::a/bc/d", "arn:aws:s3:::q",
        "arn:aws-cn:s3:::a/x",
        "arn:aws:ec2:us-east-1:1:instance/i", "arn:aws:ec2:eu-west-1:2:instance/j", "arn:aws:iam::1:role/x",
        "arn:aws:iam::2:role/y", "arn:aws:s3:::a/ada/k", "arn:aws:s3:::a/c", "arn:aws:iam::1:role/x:z",
        "arn:aws:ec2:us-east-1:1:volume/v",
    ]
    static let conditions: [(names: [String], key: String, values: [String])] = [
        (
            [
                "StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase",
                "StringEqualsIfExists", "StringNotLikeIfExists", "Null",
            ], "aws:RequestTag/team", ["red", "Red", "r*", "blue", "?ed", "*d"]
        ),
        (
            [
                "ForAllValues:StringEquals", "ForAnyValue:StringEquals", "ForAllValues:StringLike",
                "ForAnyValue:StringNotEquals", "ForAllValues:StringNotLike", "StringEquals", "StringLike",
            ], "aws:TagKeys", ["x", "y", "x*"]
        ),
        (
            ["NumericLessThan", "NumericGreaterThanEquals", "NumericNotEquals", "NumericLessThanIfExists"],
            "s3:max-keys", ["5", "10", "7"]
        ),
        (
            ["IpAddress", "NotIpAddress", "IpAddressIfExists"], "aws:SourceIp",
            ["10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0"]
        ),
        (["Bool", "BoolIfExists"], "aws:SecureTransport", ["true", "false"]),
        (
            ["ArnLike", "ArnNotLike", "StringLike", "StringNotEquals"], "aws:SourceArn",
            ["arn:aws:iam::1:role/*", "arn:*:iam::*:role/x", "arn:aws:iam::*", "*role/x"]
        ),
    ]
    static let contextValues: [String: [String]] = [
        "aws:requesttag/team": ["red", "Red", "RED", "blue", "rose", "led"],
        "aws:tagkeys": ["x", "y", "xz", "w"], "s3:max-keys": ["4", "5", "6", "7", "9", "10", "11", "many"],
        "aws:sourceip": ["10.0.0.1", "10.1.2.3", "11.0.0.1", "9.255.255.255"],
        "aws:securetransport": ["true", "false"], "aws:username": ["ada", "b"],
        "aws:sourcearn": [
            "arn:aws:iam::1:role/x", "arn:aws:iam::1:role/a:role/x", "arn:aws:sqs:a:1:role/x", "role/x",
        ],
    ]

    mutating func statement() -> PolicyJudge.Statement {
        var statement = PolicyJudge.Statement()
        statement.isAllow = below(4) != 0
        statement.actions = some(Self.actions, 3)
        statement.isNotAction = below(8) == 0
        statement.resources = some(Self.resources, 2)
        statement.isNotResource = below(10) == 0
        if statement.isNotResource || statement.isNotAction {
            // Everything but everything is nothing.
            statement.actions.removeAll { $0 == "*" && statement.isNotAction }
            if statement.actions.isEmpty { statement.actions = ["iam:*"] }
        }
        for _ in 0..<below(3) { statement.conditions.append(condition()) }
        var seen = Set<String>()
        statement.conditions = statement.conditions.filter { seen.insert("\($0.name) \($0.key)").inserted }
        return statement
    }

    mutating func condition() -> PolicyJudge.Condition {
        let kind = pick(Self.conditions)
        let name = pick(kind.names)
        return PolicyJudge.Condition(
            name: name, key: kind.key,
            values: name == "Null" ? [pick(["true", "false"])] : some(kind.values, 2))
    }

    mutating func policy() -> PolicyJudge {
        PolicyJudge(statements: (0..<(1 + below(3))).map { _ in statement() })
    }

    /// The same with one thing changed.
    mutating func changed(_ policy: PolicyJudge) -> PolicyJudge {
        var policy = policy
        let at = below(policy.statements.count)
        switch below(8) {
        case 0: policy.statements[at].actions.append(pick(Self.actions))
        case 1: policy.statements[at].resources.append(pick(Self.resources))
        case 2: policy.statements[at].resources = [pick(Self.resources)]
        case 3 where !policy.statements[at].conditions.isEmpty: policy.statements[at].conditions.removeLast()
        case 4: policy.statements.append(statement())
        case 5 where policy.statements.count > 1: policy.statements.remove(at: at)
        case 6:
            let new = condition()
            policy.statements[at].conditions.removeAll { $0.name == new.name && $0.key == new.key }
            policy.statements[at].conditions.append(new)
        default: policy.statements.reverse()
        }
        return policy
    }

    mutating func request() -> PolicyJudge.Request {
        var request = PolicyJudge.Request(
            action: pick(Self.requestActions), resource: pick(Self.requestResources), context: [:])
        for key in Self.contextValues.keys.sorted() where below(2) == 0 {
            let values = Self.contextValues[key] ?? []
            if key == "aws:tagkeys", below(2) == 0 {
                request.context[key] = Array(Set(some(values, 3))).sorted()
                if request.context[key]?.count ?? 0 > 1 { request.lists.insert(key) }
            } else {
                request.context[key] = [pick(values)]
            }
        }
        return request
    }
}
