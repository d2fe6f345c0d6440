import Engine

/// Privileged work that is innocent and that, one record at a time, looks like an intruder's: every organization has
/// some of it each week, and who judges detections without it flatters them.
enum Errand: String, CaseIterable, Sendable {
    /// A service user gets a second long-lived key, to change over to, as every quarter.
    case keyRotation
    /// Two colleagues get access to another account, as they asked for.
    case accessRequest
    /// A telephone was lost: its second factor goes, a new one comes.
    case lostTelephone
    /// The base image of the month is shared with the organization's other accounts.
    case imageRelease
    /// The on-call engineer restarts an agent on machines that hang.
    case onCall
    /// A key that nothing uses any more is let go, with the longest time to think again.
    case keyRetired
    /// Somebody tries something out in the sandbox, opens a port to everybody, and closes it again.
    case experiment

    /// Day of the week from Monday, 0; seconds after midnight, UTC; who does it; where.
    fileprivate var plan: (day: Int, second: Int, team: String, account: String) {
        switch self {
        case .accessRequest: (0, 54_600, "platform", "management")
        case .keyRotation: (1, 57_900, "platform", "prod")
        case .imageRelease: (1, 64_200, "platform", "dev")
        case .lostTelephone: (2, 53_100, "platform", "management")
        case .experiment: (3, 68_400, "backend", "sandbox")
        case .keyRetired: (3, 60_300, "platform", "staging")
        case .onCall: (4, 75_600, "platform", "staging")
        }
    }

    /// The permission set it is done with.
    fileprivate var permissionSet: String { plan.team == "platform" ? "PlatformAdmin" : "Developer" }
}

extension SyntheticTrail {
    /// No program uses it: what is pending deletion cannot be used.
    private static let retiredKey = "0f1e2d3c-4b5a-4697-8877-665544332211"

    mutating func scheduleErrands(on midnight: Timestamp, weekday: Int) {
        for errand in Errand.allCases where errand.plan.day == weekday {
            agenda.push(.errand(errand), at: midnight + .seconds(errand.plan.second + dice.below(2_400)))
        }
    }

    /// Calls are a few seconds to half a minute apart, from the office, in a session of their own.
    mutating func run(_ errand: Errand, at time: Timestamp) {
        let plan = errand.plan
        let members = organization.people.indices.filter { organization.people[$0].team.name == plan.team }
        if members.isEmpty { return }
        let person = dice.pick(members)
        let who = organization.people[person]
        let account = organization.account(plan.account)
        let session = signIn(
            person, account: account, permissionSet: errand.permissionSet, from: who.officeAddress,
            agent: who.browser, console: true, at: time)
        var moment = time + .seconds(8)
        for (operation, parameters) in calls(of: errand) {
            var call = Call(catalogue.index(operation))
            if !parameters.isEmpty { call.parameters = Template(fields: parameters[...]) }
            if parameters.contains(Self.retiredKey) {
                call.resources = Template(
                    #"[{"accountId":"@account@","type":"AWS::KMS::Key","ARN":"#
                        + #""arn:aws:kms:@region@:@account@:key/\#(Self.retiredKey)"}]"#)
            }
            emit(call, by: session, at: moment)
            moment = moment + .seconds(dice.within(4...30))
        }
    }

    private mutating func calls(of errand: Errand) -> [(operation: String, parameters: String)] {
        switch errand {
        case .keyRotation:
            return [
                ("iam:ListAccessKeys", "userName=backup-agent"),
                ("iam:GetAccessKeyLastUsed", ""),
                ("iam:CreateAccessKey", "userName=backup-agent"),
            ]
        case .accessRequest:
            return (0..<2).map { _ in
                let colleague = organization.people[dice.below(organization.people.count)]
                let target = dice.pick(organization.accounts).id
                return (
                    "sso:CreateAccountAssignment",
                    "targetId=\(target) targetType=AWS_ACCOUNT principalType=USER principalId=\(colleague.storeID)"
                )
            }
        case .lostTelephone:
            let device = "serialNumber=arn:aws:iam::@account@:mfa/break-glass-2"
            return [
                ("iam:ListMFADevices", "userName=break-glass-2"),
                ("iam:DeactivateMFADevice", "userName=break-glass-2 \(device)"),
                ("iam:EnableMFADevice", "userName=break-glass-2 \(device)-2"),
            ]
        case .imageRelease:
            let others = ["staging", "prod", "data"].map {
                #"{"userId":"\#(organization.accounts[organization.account($0)].id)"}"#
            }
            let added = others.joined(separator: ",")
            return [
                ("ec2:DescribeImages", ""),
                (
                    "ec2:ModifyImageAttribute",
                    "imageId=@image@ attributeType=launchPermission "
                        + #"launchPermission:={"add":{"items":[\#(added)]}}"#
                ),
            ]
        case .onCall:
            return [
                ("ssm:DescribeInstanceInformation", ""), ("ssm:SendCommand", ""),
                ("ec2:DescribeInstanceStatus", ""),
            ]
        case .keyRetired:
            return [
                ("kms:ListKeys", ""), ("kms:DescribeKey", "keyId=\(Self.retiredKey)"),
                ("kms:ScheduleKeyDeletion", "keyId=\(Self.retiredKey) pendingWindowInDays:=30"),
            ]
        case .experiment:
            let opening =
                #"groupId=@securityGroup@ ipPermissions:={"items":[{"ipProtocol":"tcp","fromPort":22,"toPort":22,"#
                + #""groups":{},"ipRanges":{"items":[{"cidrIp":"0.0.0.0/0"}]}}]}"#
            return [
                ("ec2:DescribeSecurityGroups", ""), ("ec2:AuthorizeSecurityGroupIngress", opening),
                ("ec2:DescribeInstances", ""), ("ec2:RevokeSecurityGroupIngress", ""),
            ]
        }
    }
}
