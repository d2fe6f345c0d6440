import Engine

extension Storyline {
    static func enter(
        _ account: String, as permissionSet: String, console: Bool = false, technique: String? = "T1078.004"
    ) -> Beat {
        .act(0...1, technique) { trail, intruder, time in
            let agent = console ? Names.browsers[1] : intruder.agent
            intruder.session = trail.signIn(
                intruder.person, account: trail.organization.account(account), permissionSet: permissionSet,
                from: intruder.address, agent: agent, console: console, at: time)
        }
    }

    static let privilegeEscalation = Storyline(
        name: "privilege-escalation",
        summary:
            "A developer's session tries every known way up, and finds two: a policy version and a passed role.",
        begins: 0.49,
        beats: [
            enter("dev", as: "Developer"),
            .call(10...40, "T1069.003", "iam:ListPolicies"),
            .call(5...20, "T1069.003", "iam:GetPolicyVersion"),
            .refused(5...30, "T1098.003", "iam:AttachUserPolicy", times: 2),
            .refused(5...30, "T1098.003", "iam:PutUserPolicy"),
            .refused(5...30, "T1098.003", "iam:AttachRolePolicy"),
            .refused(5...30, "T1098.001", "iam:CreateAccessKey", "userName=build-bot"),
            .refused(5...30, "T1098.001", "iam:UpdateLoginProfile", "userName=ops-legacy"),
            .call(
                60...300, "T1098.003", "iam:CreatePolicyVersion",
                "policyArn=arn:aws:iam::@account@:policy/catalog-access setAsDefault:=true "
                    + #"policyDocument={\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","#
                    + #"\"Action\":\"*\",\"Resource\":\"*\"}]}"#,
                response: #"policyVersion:={"versionId":"v3","isDefaultVersion":true}"#),
            .call(
                30...120, "T1098.003", "iam:AttachRolePolicy",
                "roleName=catalog-task policyArn=arn:aws:iam::aws:policy/AdministratorAccess"),
            .call(
                30...120, "T1484.002", "iam:UpdateAssumeRolePolicy",
                "roleName=catalog-task "
                    + #"policyDocument={\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","#
                    + #"\"Principal\":{\"AWS\":\"arn:aws:iam::333344445555:root\"},\"Action\":\"sts:AssumeRole\"}]}"#
            ),
            .call(
                60...240, "T1648", "lambda:CreateFunction20150331",
                "functionName=metrics-sync runtime=python3.13 role=arn:aws:iam::@account@:role/catalog-task "
                    + "handler=app.handler publish:=true",
                response:
                    "functionName=metrics-sync role=arn:aws:iam::@account@:role/catalog-task state=Active"),
            .call(
                10...60, "T1648", "lambda:Invoke",
                "functionName=arn:aws:lambda:@region@:@account@:function:metrics-sync invocationType=RequestResponse"
            ),
            .call(
                60...240, "T1098.003", "iam:PutUserPolicy",
                "userName=build-bot policyName=inline policyDocument={}"),
        ])

    static let logTampering = Storyline(
        name: "log-tampering",
        summary:
            "With an auditor's session in the security account, the lights are put out one after another.",
        begins: 0.6,
        beats: [
            enter("security", as: "SecurityAudit"),
            .call(10...40, "T1526", "cloudtrail:DescribeTrails"),
            .call(5...20, "T1526", "cloudtrail:GetEventSelectors"),
            .call(5...20, "T1526", "guardduty:ListDetectors"),
            .refused(20...60, "T1562.008", "cloudtrail:DeleteTrail"),
            .call(
                20...60, "T1562.008", "cloudtrail:PutEventSelectors",
                "trailName=org-trail "
                    + #"eventSelectors:=[{"readWriteType":"WriteOnly","includeManagementEvents":false,"dataResources":[]}]"#
            ),
            .call(20...60, "T1562.008", "cloudtrail:StopLogging", "name=org-trail"),
            .call(30...90, "T1562.001", "guardduty:UpdateDetector", "detectorId=@hex32@ enable:=false"),
            .call(
                30...90, "T1562.001", "guardduty:CreateFilter",
                "detectorId=@hex32@ name=maintenance action=ARCHIVE"),
            .call(30...90, "T1562.008", "config:StopConfigurationRecorder"),
            .call(30...90, "T1562.008", "ec2:DeleteFlowLogs"),
            .call(30...90, "T1070", "logs:DeleteLogGroup", "logGroupName=/aws/vpc/flow-logs"),
            .call(
                60...180, "T1070", "s3:PutBucketLifecycle",
                "bucketName=example-security-logs lifecycle= LifecycleConfiguration:="
                    + #"{"Rule":{"Status":"Enabled","Expiration":{"Days":1},"ID":"tidy"}}"#),
            .call(1_200...2_400, "T1562.008", "cloudtrail:StartLogging", "name=org-trail"),
        ], team: "security")

    static let exfiltration = Storyline(
        name: "exfiltration",
        summary:
            "Disks, databases and buckets of the data account leave for an account outside the organization.",
        begins: 0.74,
        beats: [
            .useKey(of: "svc-reporting", in: "data", from: "192.0.2.233", agent: "rclone/v1.71.0"),
            .call(0...40, "T1619", "s3:ListBuckets"),
            .call(
                10...40, "T1619", "s3:ListObjects", "bucketName=example-data-customer-records list-type=2",
                times: 12),
            .call(
                2...6, "T1530", "s3:GetObject",
                "bucketName=example-data-customer-records key=@object@ Host=example-data-customer-records.s3.amazonaws.com",
                times: 240),
            .call(
                60...120, "T1578.001", "ec2:CreateSnapshot", "volumeId=@volume@ description=copy", times: 2),
            .call(
                200...600, "T1537", "ec2:ModifySnapshotAttribute",
                "snapshotId=@snapshot@ attributeType=CREATE_VOLUME_PERMISSION "
                    + #"createVolumePermission:={"add":{"items":[{"userId":"333344445555"}]}}"#,
                times: 2),
            .call(
                60...240, "T1537", "rds:ModifyDBSnapshotAttribute",
                #"dBSnapshotIdentifier=data-orders-nightly attributeName=restore valuesToAdd:=["333344445555"]"#
            ),
            .call(
                60...240, "T1537", "ec2:ModifyImageAttribute",
                "imageId=@image@ attributeType=launchPermission "
                    + #"launchPermission:={"add":{"items":[{"group":"all"}]}}"#),
            .call(60...240, "T1562.007", "s3:DeleteBucketPublicAccessBlock"),
            .call(
                20...60, "T1537", "s3:PutBucketPolicy",
                "bucketName=example-data-exports policy= "
                    + #"bucketPolicy:={"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","#
                    + #""Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::example-data-exports","#
                    + #""arn:aws:s3:::example-data-exports/*"]}]}"#),
        ])

    static let insider = Storyline(
        name: "insider",
        summary:
            "An analyst about to leave copies customer data on a Saturday, from home, with their own rights.",
        begins: 0.8,
        beats: [
            .act(0...1, nil) { trail, intruder, time in
                let who = trail.organization.people[intruder.person]
                intruder.address = who.homeAddress
                trail.emitUserAuthentication(
                    intruder.person, from: who.homeAddress, agent: who.browser, at: time)
            },
            enter("data", as: "DataAnalyst", technique: nil),
            .call(30...90, "T1213", "glue:GetTables"),
            .call(30...90, "T1213", "athena:StartQueryExecution", times: 7),
            .call(10...30, "T1213", "athena:GetQueryResults", times: 14),
            .call(
                60...200, "T1619", "s3:ListObjects", "bucketName=example-data-customer-records list-type=2",
                times: 5),
            .call(
                5...20, "T1530", "s3:GetObject",
                "bucketName=example-data-customer-records key=@object@ Host=example-data-customer-records.s3.amazonaws.com",
                times: 160),
            .refused(60...200, "T1555.006", "secretsmanager:GetSecretValue", times: 2),
            .call(
                5...20, "T1530", "s3:GetObject", "bucketName=example-data-models key=@object@", times: 40),
        ], team: "data", isWithinRights: true)

    static let resourceHijack = Storyline(
        name: "resource-hijack",
        summary:
            "A sandbox session, phished at the week-end, starts machines to mine on in a region nobody uses.",
        begins: 0.88,
        beats: [
            enter("sandbox", as: "Developer", console: true),
            .call(20...60, "T1580", "ec2:DescribeRegions", region: 2),
            .call(10...30, "T1580", "servicequotas:ListServiceQuotas", region: 2),
            .call(20...60, "T1496.001", "servicequotas:RequestServiceQuotaIncrease", region: 2),
            .call(20...60, "T1098.004", "ec2:CreateKeyPair", region: 2),
            .call(
                20...60, "T1562.007", "ec2:AuthorizeSecurityGroupIngress",
                #"groupId=@securityGroup@ ipPermissions:={"items":[{"ipProtocol":"-1","groups":{},"#
                    + #""ipRanges":{"items":[{"cidrIp":"0.0.0.0/0"}]}}]}"#, region: 2),
            .refused(
                10...60, "T1578.002", "ec2:RunInstances",
                #"instancesSet:={"items":[{"imageId":"@image@","minCount":8,"maxCount":8}]} instanceType=p5.48xlarge"#,
                code: "Client.VcpuLimitExceeded", times: 2),
            .call(
                30...90, "T1578.002", "ec2:RunInstances",
                #"instancesSet:={"items":[{"imageId":"@image@","minCount":20,"maxCount":20}]} "#
                    + "instanceType=g5.12xlarge subnetId=@subnet@",
                region: 2, times: 3),
            .call(60...200, "T1580", "ec2:DescribeInstances", region: 2, times: 4),
        ])
}
