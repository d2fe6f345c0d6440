import Engine

/// Attacks that cross systems: no single log tells them, and a different principal stands in each.
extension Storyline {
    private static let python =
        "Boto3/1.40.12 md/Botocore#1.40.12 ua/2.1 os/linux#6.8.0 lang/python#3.12.3"

    private static func call(
        _ method: String, _ service: String, _ permission: String, _ resource: String,
        isAdministration: Bool = false
    ) -> SyntheticFeeds.GoogleCall {
        SyntheticFeeds.GoogleCall(
            method: method, service: service, permission: permission, resource: resource,
            isAdministration: isAdministration)
    }

    private static let exporter = "warehouse-export@example-analytics.iam.gserviceaccount.com"

    static let phishedSession = Storyline(
        name: "phished-session",
        summary:
            "An analyst tired of push prompts lets an intruder into Okta, and so into AWS, Google Cloud and Snowflake.",
        begins: 0.235,
        beats: [
            .act(0...1, nil) { _, intruder, _ in intruder.agent = python },
            .elsewhere(0...1, "T1078.004", .okta("user.session.start", "User login to Okta")),
            .elsewhere(
                5...20, "T1621",
                .okta(
                    "user.mfa.okta_verify.deny_push", "User rejected Okta push verify",
                    failure: "USER_REJECTED_OKTA_PUSH_VERIFY"), times: 7),
            .elsewhere(
                20...60, "T1621",
                .okta("user.authentication.auth_via_mfa", "Authentication of user via MFA")),
            .elsewhere(
                60...200, "T1098.005",
                .okta("user.mfa.factor.activate", "Activate factor for user")),
            .elsewhere(
                30...90, "T1078.004",
                .okta(
                    "user.authentication.sso", "User single sign on to app",
                    to: .application("AWS IAM Identity Center"))),
            enter("data", as: "DataAnalyst"),
            .call(10...40, "T1087.004", "sts:GetCallerIdentity"),
            .call(10...60, "T1087.004", "iam:ListRoles"),
            .refused(10...60, "T1550.001", "sts:AssumeRole", "roleSessionName=warehouse", times: 2),
            .assume(30...120, "T1550.001", "WarehouseLoader", in: "data", as: "warehouse"),
            .call(5...30, "T1526", "secretsmanager:ListSecrets"),
            .call(3...10, "T1555.006", "secretsmanager:GetSecretValue", times: 3),
            .elsewhere(
                60...200, "T1078.004",
                .okta(
                    "user.authentication.sso", "User single sign on to app",
                    to: .application("Google Cloud"))),
            .elsewhere(
                20...60, "T1550.001",
                .googleCloud(
                    call(
                        "GenerateAccessToken", "iamcredentials", "iam.serviceAccounts.getAccessToken",
                        "projects/-/serviceAccounts/\(exporter)"))),
            .elsewhere(
                5...20, "T1530",
                .googleCloud(
                    call(
                        "storage.objects.get", "storage", "storage.objects.get",
                        "projects/_/buckets/example-customer-exports/objects/customers.parquet"),
                    as: exporter), times: 14),
            .elsewhere(60...240, "T1078.004", .snowflake(user: "SVC_WAREHOUSE", isDenied: true), times: 2),
            .elsewhere(30...90, "T1078.004", .snowflake(user: "SVC_WAREHOUSE")),
        ], team: "data")

    static let pipelineToken = Storyline(
        name: "pipeline-token",
        summary:
            "A developer's stolen GitHub token changes a workflow, and the pipeline's own role and cluster account follow.",
        begins: 0.42,
        beats: [
            .act(0...1, nil) { _, intruder, _ in intruder.agent = python }
        ]
            + Names.services.prefix(6).map {
                Beat.elsewhere(3...15, "T1213.003", .gitHub("git.clone", repository: "example-corp/\($0)"))
            } + [
                .elsewhere(
                    5...20, "T1213.003",
                    .gitHub("repo.download_zip", repository: "example-corp/infrastructure")),
                .elsewhere(
                    60...200, "T1562.001",
                    .gitHub("protected_branch.policy_override", repository: "example-corp/infrastructure")),
                .elsewhere(
                    5...20, "T1677", .gitHub("git.push", repository: "example-corp/infrastructure")),
                .elsewhere(
                    5...20, "T1677",
                    .gitHub("workflows.created_workflow_run", repository: "example-corp/infrastructure")),
                .act(60...200, "T1550.001") { trail, intruder, time in
                    // From here on it is the pipeline's own access.
                    intruder.human = "ci:infrastructure"
                    intruder.session = trail.assumeWithWebIdentity(
                        trail.organization.role("github-deploy", in: trail.organization.account("prod")),
                        as: "GitHubActions", provider: "token.actions.githubusercontent.com",
                        subject: "repo:example-corp/infrastructure:ref:refs/heads/fix-ci",
                        audience: "sts.amazonaws.com", from: intruder.address, agent: python,
                        human: intruder.human, at: time)
                },
                .call(5...20, "T1087.004", "sts:GetCallerIdentity"),
                .call(5...20, "T1526", "secretsmanager:ListSecrets"),
                .call(2...6, "T1555.006", "secretsmanager:GetSecretValue", times: 6),
                .call(60...200, "T1525", "lambda:UpdateFunctionCode20150331v2"),
                .call(
                    60...240, "T1098.003", "iam:PutRolePolicy",
                    #"roleName=github-deploy policyName=cache policyDocument={\"Version\":\"2012-10-17\","#
                        + #"\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:*\",\"Resource\":\"*\"}]}"#),
                .elsewhere(
                    60...200, "T1552.007",
                    .kubernetes("list", "secrets", in: "checkout", as: "system:serviceaccount:ci:deployer"),
                    times: 5),
                .elsewhere(
                    20...60, "T1098.006",
                    .kubernetes(
                        "create", "clusterrolebindings", "ci-cache", as: "system:serviceaccount:ci:deployer")),
                .elsewhere(
                    20...60, "T1609",
                    .kubernetes(
                        "create", "pods/exec", "payments-0", in: "payments",
                        as: "system:serviceaccount:ci:deployer"), times: 2),
            ])

    static let brokenGrant = Storyline(
        name: "broken-grant",
        summary:
            "Refused production access, an engineer approves a second request themselves, and works on after it ended.",
        begins: 0.56,
        beats: [
            .act(0...1, nil) { trail, intruder, time in
                let who = trail.organization.people[intruder.person]
                intruder.address = who.homeAddress
                intruder.agent = who.shell
                intruder.request = trail.dice.uuid()
                trail.enter(
                    request(of: who, intruder.request, until: time + .hours(1)), by: intruder, at: time)
            },
            .act(200...600, nil) { trail, intruder, time in
                let members = #""id":"\#(intruder.request)","state":"DENIED","proposed_state":"DENIED","#
                let reviewer = trail.organization.people[trail.firstOf(team: "security")]
                trail.enter(
                    .teleport(
                        "access_request.review", "T5002I",
                        members + #""reviewer":"\#(reviewer.email)","roles":["prod-admin"]"#),
                    by: intruder, at: time)
            },
            .act(300...900, "T1548.005") { trail, intruder, time in
                let who = trail.organization.people[intruder.person]
                intruder.request = trail.dice.uuid()
                trail.enter(
                    request(of: who, intruder.request, until: time + .hours(1)), by: intruder, at: time)
            },
            .act(20...60, "T1548.005") { trail, intruder, time in
                let who = trail.organization.people[intruder.person]
                trail.enter(
                    .teleport(
                        "access_request.review", "T5002I",
                        #""id":"\#(intruder.request)","state":"APPROVED","proposed_state":"APPROVED","#
                            + #""reviewer":"\#(who.email)","roles":["prod-admin"]"#), by: intruder, at: time)
            },
            .act(20...60, "T1078") { trail, intruder, time in session(&trail, intruder, time) },
            enter("prod", as: "PlatformAdmin"),
            .call(60...240, "T1580", "ec2:DescribeInstances", times: 3),
            .call(60...240, "T1021.007", "ssm:StartSession"),
            .act(3_700...4_200, "T1078") { trail, intruder, time in session(&trail, intruder, time) },
            enter("prod", as: "PlatformAdmin"),
            .call(
                30...120, "T1098.003", "iam:AttachRolePolicy",
                "roleName=payments-task policyArn=arn:aws:iam::aws:policy/AdministratorAccess"),
            .call(30...120, "T1098.001", "iam:CreateAccessKey", "userName=backup-agent"),
            .call(60...240, "T1555.006", "secretsmanager:GetSecretValue", times: 2),
        ], team: "platform")

    private static func request(
        of who: Organization.Person, _ id: String, until expires: Timestamp
    ) -> SyntheticFeeds.Deed {
        .teleport(
            "access_request.create", "T5000I",
            #""id":"\#(id)","user":"\#(who.email)","roles":["prod-admin"],"state":"PENDING","#
                + #""reason":"urgent","expires":"\#(expires.wholeSeconds.iso8601)""#)
    }

    private static func session(_ trail: inout SyntheticTrail, _ intruder: Intruder, _ time: Timestamp) {
        let who = trail.organization.people[intruder.person]
        trail.enter(
            .teleport(
                "session.start", "T2000I",
                #""user":"\#(who.email)","login":"ops","sid":"\#(trail.dice.uuid())","#
                    + #""addr.remote":"\#(intruder.address):50100","server_hostname":"prod-bastion-1","#
                    + #""server_id":"\#(trail.dice.uuid())","access_requests":["\#(intruder.request)"]"#),
            by: intruder, at: time)
    }

    static let helpDesk = Storyline(
        name: "help-desk",
        summary:
            "Somebody of the help desk resets an administrator's password and factors, and goes on as the administrator.",
        begins: 0.68,
        beats: [
            .act(0...1, nil) { trail, intruder, _ in
                let who = trail.organization.people[intruder.person]
                intruder.address = who.homeAddress
                intruder.agent = who.browser
            },
            .elsewhere(0...1, nil, .okta("user.session.start", "User login to Okta")),
            .act(60...200, "T1098") { trail, intruder, time in
                let victim = trail.firstOf(team: "platform")
                trail.enter(
                    .okta(
                        "user.account.reset_password", "Fired when the user's Okta password is reset",
                        to: .person(victim)), by: intruder, at: time)
            },
            .act(20...60, "T1556.006") { trail, intruder, time in
                let victim = trail.firstOf(team: "platform")
                trail.enter(
                    .okta("user.mfa.factor.reset_all", "Reset all factors for user", to: .person(victim)),
                    by: intruder, at: time)
            },
            .act(60...200, "T1078.004") { trail, intruder, time in
                trail.enter(
                    .oktaAs(trail.firstOf(team: "platform"), "user.session.start", "User login to Okta"),
                    by: intruder, at: time)
            },
            .act(10...40, "T1078.004") { trail, intruder, time in
                trail.enter(
                    .oktaAs(
                        trail.firstOf(team: "platform"), "user.authentication.sso",
                        "User single sign on to app", to: .application("AWS IAM Identity Center")),
                    by: intruder, at: time)
            },
            .act(5...20, "T1078.004") { trail, intruder, time in
                intruder.session = trail.signIn(
                    trail.firstOf(team: "platform"), account: trail.organization.account("prod"),
                    permissionSet: "PlatformAdmin", from: intruder.address, agent: intruder.agent,
                    console: false, at: time)
            },
            .call(30...120, "T1580", "rds:DescribeDBInstances", times: 2),
            .call(60...240, "T1578.001", "rds:CreateDBSnapshot"),
            .call(
                5...20, "T1530", "s3:GetObject",
                "bucketName=example-prod-exports key=@object@ Host=example-prod-exports.s3.amazonaws.com",
                times: 60),
            .act(60...200, "T1213.003") { trail, intruder, time in
                trail.enter(
                    .gitHubAs(
                        trail.firstOf(team: "platform"), "repo.download_zip",
                        repository: "example-corp/infrastructure"), by: intruder, at: time)
            },
        ], team: "support")
}

extension SyntheticTrail {
    /// The first person of a team: who is asked, or whose account it is that somebody wants. Nobody there, the first of all.
    func firstOf(team: String) -> Int { organization.people.firstIndex { $0.team.name == team } ?? 0 }
}
