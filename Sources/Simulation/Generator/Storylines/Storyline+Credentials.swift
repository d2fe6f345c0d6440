import Engine

extension Storyline {
    /// A tool of intruders: a plain SDK on a distribution made for testing defences.
    private static let kali =
        "aws-cli/2.23.6 md/awscrt#0.23.8 ua/2.1 os/linux#6.11.2-amd64 md/arch#x86_64 lang/python#3.12.7 "
        + "md/pyimpl#CPython md/distrib#kali.2024"
    private static let script = "Boto3/1.35.99 md/Botocore#1.35.99 ua/2.0 os/windows#10 lang/python#3.10.11"

    static let stolenKey = Storyline(
        name: "stolen-key",
        summary:
            "A reporting job's long-lived key, leaked, is used from a new network: recon, then a key of its own.",
        begins: 0.165,
        beats: [
            .useKey(of: "svc-reporting", in: "data", from: "198.51.100.213", agent: kali),
            .call(0...60, "T1078.004", "sts:GetCallerIdentity"),
            .call(20...90, "T1619", "s3:ListBuckets"),
            .call(5...40, "T1087.004", "iam:ListUsers"),
            .refused(4...20, "T1087.004", "iam:GetAccountAuthorizationDetails"),
            .call(4...30, "T1069.003", "iam:ListAttachedUserPolicies", "userName=svc-reporting"),
            .call(4...30, "T1069.003", "iam:ListUserPolicies", "userName=svc-reporting"),
            .call(4...30, "T1069.003", "iam:ListGroupsForUser", "userName=svc-reporting"),
            .call(4...30, "T1087.004", "iam:ListRoles"),
            .refused(10...30, "T1580", "ec2:DescribeInstances", times: 3),
            .refused(10...30, "T1526", "lambda:ListFunctions20150331"),
            .refused(10...30, "T1526", "ses:GetSendQuota"),
            .refused(10...60, "T1555.006", "secretsmanager:ListSecrets"),
            .call(30...90, "T1619", "s3:ListObjects", times: 6),
            .call(60...240, "T1087.004", "iam:ListAccessKeys", "userName=ops-legacy"),
            .act(60...240, "T1098.001") { trail, intruder, time in
                guard let session = intruder.session else { return }
                let key = String(trail.organization.longLivedKey(of: "second", in: session.account))
                var call = Call(trail.catalogue.index("iam:CreateAccessKey"))
                call.parameters = Template(fields: "userName=ops-legacy")
                call.response = Template(
                    #"{"accessKey":{"userName":"ops-legacy","accessKeyId":"\#(key)","status":"Active","#
                        + #""createDate":"\#(time.inWords)"}}"#)
                trail.emit(call, by: session, at: time)
                intruder.session = trail.user(
                    "ops-legacy", in: session.account, key: key, from: "198.51.100.227", agent: script,
                    human: intruder.human)
            },
            .call(600...2_400, "T1078.004", "sts:GetCallerIdentity"),
            .call(20...90, "T1580", "ec2:DescribeInstances", region: 1),
            .call(
                120...400, "T1136.003", "iam:CreateUser", "userName=support-svc",
                response:
                    #"user:={"userName":"support-svc","path":"/","arn":"arn:aws:iam::@account@:user/support-svc"}"#
            ),
            .call(
                10...40, "T1098.003", "iam:AttachUserPolicy",
                "userName=support-svc policyArn=arn:aws:iam::aws:policy/AdministratorAccess"),
            .call(
                10...40, "T1098.001", "iam:CreateLoginProfile",
                "userName=support-svc passwordResetRequired:=false",
                response: #"loginProfile:={"userName":"support-svc","passwordResetRequired":false}"#),
        ])

    static let consoleTakeover = Storyline(
        name: "console-takeover",
        summary:
            "A forgotten console user without a second factor falls to guessed passwords, then opens doors.",
        begins: 0.33,
        beats: [
            .act(0...1, nil) { _, intruder, _ in
                intruder.agent = Names.browsers[2]
                intruder.human = "user:ops-legacy"
            }
        ]
            + (0..<9).map { _ in
                Beat.act(5...40, "T1110.003") { trail, intruder, time in
                    let account = trail.organization.account("staging")
                    let bare = trail.user(
                        "ops-legacy", in: account, key: "", from: intruder.address, agent: intruder.agent,
                        human: intruder.human)
                    trail.emitConsoleLogin(by: bare, mfa: false, at: time, failure: "Failed authentication")
                }
            } + [
                .act(20...60, "T1078.004") { trail, intruder, time in
                    let account = trail.organization.account("staging")
                    let bare = trail.user(
                        "ops-legacy", in: account, key: "", from: intruder.address, agent: intruder.agent,
                        human: intruder.human)
                    trail.emitConsoleLogin(by: bare, mfa: false, at: time)
                    intruder.session = trail.consoleUser(
                        "ops-legacy", in: account, from: intruder.address, agent: intruder.agent, mfa: false,
                        human: intruder.human, at: time)
                },
                .call(5...20, "T1087.004", "iam:ListUsers"),
                .call(5...20, "T1087.004", "iam:GetAccountSummary"),
                .call(5...30, "T1087.004", "iam:ListMFADevices", "userName=build-bot"),
                .call(30...120, "T1098", "iam:UpdateLoginProfile", "userName=backup-agent"),
                .call(
                    30...120, "T1556.006", "iam:DeactivateMFADevice",
                    "userName=build-bot serialNumber=arn:aws:iam::555566667777:mfa/build-bot"),
                .call(
                    20...60, "T1098.003", "iam:AddUserToGroup", "userName=ops-legacy groupName=administrators"
                ),
                .call(60...300, "T1580", "ec2:DescribeInstances", times: 3),
                .call(60...300, "T1651", "ssm:SendCommand"),
                .call(
                    60...300, "T1562.007", "ec2:AuthorizeSecurityGroupIngress",
                    #"groupId=@securityGroup@ ipPermissions:={"items":[{"ipProtocol":"tcp","fromPort":22,"toPort":22,"#
                        + #""groups":{},"ipRanges":{"items":[{"cidrIp":"0.0.0.0/0"}]}}]}"#),
            ])

    static let roleChain = Storyline(
        name: "role-chain",
        summary:
            "A developer's stolen Identity Center session walks from dev through staging into prod's secrets.",
        begins: 0.375,
        beats: [
            .act(0...1, "T1078.004") { trail, intruder, time in
                intruder.session = trail.signIn(
                    intruder.person, account: trail.organization.account("dev"), permissionSet: "Developer",
                    from: intruder.address, agent: kali, console: false, at: time)
            },
            .call(10...40, "T1087.004", "sts:GetCallerIdentity"),
            .call(10...60, "T1087.004", "iam:ListRoles"),
            .call(10...60, "T1069.003", "iam:GetRole", "roleName=DeployRole"),
            .refused(10...60, "T1550.001", "sts:AssumeRole", "roleSessionName=dev", times: 4),
            .assume(30...120, "T1550.001", "DeployRole", in: "staging", as: "deploy"),
            .call(5...30, "T1087.004", "sts:GetCallerIdentity"),
            .call(5...30, "T1069.003", "iam:ListAttachedRolePolicies", "roleName=DeployRole"),
            .call(5...30, "T1580", "ec2:DescribeInstances"),
            .assume(60...240, "T1550.001", "ReleaseManager", in: "prod", as: "release"),
            .call(5...30, "T1087.004", "sts:GetCallerIdentity"),
            .call(20...60, "T1526", "secretsmanager:ListSecrets"),
            .call(3...10, "T1555.006", "secretsmanager:GetSecretValue", times: 9),
            .call(5...20, "T1555.006", "ssm:GetParametersByPath"),
            .call(20...60, "T1580", "ssm:DescribeInstanceInformation"),
            .call(30...120, "T1651", "ssm:SendCommand"),
            .call(60...180, "T1021.007", "ssm:StartSession"),
            .call(60...240, "T1580", "rds:DescribeDBInstances"),
        ])
}
