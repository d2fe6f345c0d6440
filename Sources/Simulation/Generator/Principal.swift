import Engine

/// A role somewhere in the organization; its id follows from its name, so it is the same wherever it is met.
struct Role: Sendable {
    let name: String
    let path: String
    let account: Int
    let accountID: String
    let id: String

    var arn: String { "arn:aws:iam::\(accountID):role\(path)\(name)" }
    func sessionARN(_ session: String) -> String {
        "arn:aws:sts::\(accountID):assumed-role/\(name)/\(session)"
    }
}

/// Who makes calls, from where, with which credentials: everything that stays the same from call to call.
struct Session: Sendable {
    /// The `userIdentity` object without its closing brace.
    var identity: String
    var account: Int
    var arn: String
    /// Session name of a role session, user name of a user.
    var name: String
    /// What stands before the colon in an assumed role's `principalId`, or the user's id.
    var principalID: String
    var keyID: String
    var address: String
    var agent: String
    var region: Int
    var sourceIdentity: String?
    /// Whether the calls come from the console's own back ends.
    var isConsole = false
    /// Set where an AWS service makes the call on somebody's behalf.
    var invokedBy: String?
    /// The person, or the machine, that is truly behind it: ground truth, never written into a record.
    var human: String
    var expires: Timestamp = .distantFuture
}

extension Organization {
    func role(_ name: String, in account: Int, path: String = "/") -> Role {
        var dice = Dice(seed: Dice.seed(seed, for: "\(account)/\(path)\(name)"))
        let owner = accounts[account]
        return Role(
            name: name, path: path, account: account, accountID: owner.id,
            id: "AROA\(owner.keyStem)\(dice.base32(9))")
    }

    /// The role Identity Center makes for a permission set in an account.
    func reservedRole(_ permissionSet: String, in account: Int) -> Role {
        var dice = Dice(seed: Dice.seed(seed, for: "\(account)/sso/\(permissionSet)"))
        return role(
            "AWSReservedSSO_\(permissionSet)_\(dice.hex(16))", in: account,
            path: "/aws-reserved/sso.amazonaws.com/")
    }

    func serviceRole(_ service: String, called name: String, in account: Int) -> Role {
        role("AWSServiceRoleFor\(name)", in: account, path: "/aws-service-role/\(service).amazonaws.com/")
    }

    func userID(_ name: String, in account: Int) -> String {
        var dice = Dice(seed: Dice.seed(seed, for: "\(account)/user/\(name)"))
        return "AIDA\(accounts[account].keyStem)\(dice.base32(9))"
    }

    /// The long-lived key a user has had since before the log begins.
    func longLivedKey(of name: String, in account: Int) -> String {
        var dice = Dice(seed: Dice.seed(seed, for: "\(account)/key/\(name)"))
        return "AKIA\(accounts[account].keyStem)\(dice.base32(8))"
    }
}

extension Role {
    /// The identity of a session of this role.
    func identity(
        session: String, key: String?, created: Timestamp, mfa: Bool = false, sourceIdentity: String? = nil,
        provider: String? = nil, isInstance: Bool = false
    ) -> String {
        var text =
            #"{"type":"AssumedRole","principalId":"\#(id):\#(session)","arn":"\#(sessionARN(session))","#
        text += #""accountId":"\#(accountID)""#
        if let key { text += #","accessKeyId":"\#(key)""# }
        text += #","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"\#(id)","arn":"\#(arn)","#
        text += #""accountId":"\#(accountID)","userName":"\#(name)"}"#
        if let provider {
            text += #","webIdFederationData":{"federatedProvider":"\#(provider)","attributes":{}}"#
        }
        if let sourceIdentity { text += #","sourceIdentity":"\#(sourceIdentity)""# }
        text += #","attributes":{"creationDate":"\#(created.wholeSeconds.iso8601)","#
        text += #""mfaAuthenticated":"\#(mfa)"}"#
        if isInstance { text += #","ec2RoleDelivery":"2.0""# }
        return text + "}"
    }
}

extension Timestamp {
    /// CloudTrail tells times to the second.
    var wholeSeconds: Timestamp { Timestamp(seconds: seconds) }

    /// `Nov 3, 2026, 4:07:39 PM`, as STS and IAM write times into their answers.
    var inWords: String {
        let civil = CivilTime(wholeSeconds)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let hour = civil.hour % 12 == 0 ? 12 : civil.hour % 12
        return "\(months[civil.month - 1]) \(civil.day), \(civil.year), \(hour):\(two(civil.minute)):"
            + "\(two(civil.second)) \(civil.hour < 12 ? "AM" : "PM")"
    }
}
