extension Catalogue {
    /// One operation a line, in the form `Operation.init(line:)` reads.
    static let lines = #"""
        ec2 DescribeInstances r instancesSet:={"items":[{"instanceId":"@instance@"}]} filterSet:={}
        ec2 DescribeInstanceStatus r maxResults:=@n1000@ includeAllInstances:=true
        ec2 DescribeVolumes r maxResults:=500 volumeSet:={} filterSet:={}
        ec2 DescribeSnapshots r maxResults:=100 snapshotSet:={} ownersSet:={"items":[{"owner":"self"}]}
        ec2 DescribeSecurityGroups r securityGroupIdSet:={"items":[{"groupId":"@securityGroup@"}]} filterSet:={}
        ec2 DescribeVpcs r vpcSet:={} filterSet:={}
        ec2 DescribeSubnets r subnetSet:={"items":[{"subnetId":"@subnet@"}]} filterSet:={}
        ec2 DescribeImages r imagesSet:={"items":[{"imageId":"@image@"}]} ownersSet:={} filterSet:={}
        ec2 DescribeRegions r regionSet:={} allRegions:=true
        ec2 DescribeAddresses r publicIpsSet:={} filterSet:={}
        ec2 DescribeTags r filterSet:={"items":[{"name":"resource-id","valueSet":{"items":[{"value":"@instance@"}]}}]}
        ec2 DescribeRouteTables r routeTableIdSet:={} filterSet:={}
        ec2 DescribeNetworkInterfaces r networkInterfaceIdSet:={"items":[{"networkInterfaceId":"@eni@"}]} filterSet:={}
        ec2 DescribeKeyPairs r keySet:={} filterSet:={}
        ec2 DescribeAccountAttributes r accountAttributeNameSet:={"items":[{"attributeName":"supported-platforms"}]}
        ec2 DescribeAvailabilityZones r allAvailabilityZones:=false
        ec2 DescribeFlowLogs r DescribeFlowLogsRequest:={}
        ec2 GetConsoleOutput r instanceId=@instance@
        ec2 RunInstances w instancesSet:={"items":[{"imageId":"@image@","minCount":1,"maxCount":1}]} \#
        instanceType=m6i.large subnetId=@subnet@ clientToken=@uuid@ -> \#
        requestId=@uuid2@ instancesSet:={"items":[{"instanceId":"i-@hex17@","imageId":"@image@"}]}
        ec2 StartInstances w instancesSet:={"items":[{"instanceId":"@instance@"}]} -> requestId=@uuid@
        ec2 StopInstances w instancesSet:={"items":[{"instanceId":"@instance@"}]} force:=false -> requestId=@uuid@
        ec2 TerminateInstances w instancesSet:={"items":[{"instanceId":"@instance@"}]} -> requestId=@uuid@
        ec2 CreateTags w resourcesSet:={"items":[{"resourceId":"@instance@"}]} \#
        tagSet:={"items":[{"key":"team","value":"platform"}]} -> requestId=@uuid@ _return:=true
        ec2 CreateSnapshot w volumeId=@volume@ description=nightly -> \#
        requestId=@uuid@ snapshotId=snap-@hex17@ volumeId=@volume@ status=pending
        ec2 DeleteSnapshot w snapshotId=@snapshot@ force:=false -> requestId=@uuid@ _return:=true
        ec2 ModifySnapshotAttribute w snapshotId=@snapshot@ attributeType=CREATE_VOLUME_PERMISSION -> \#
        requestId=@uuid@ _return:=true
        ec2 ModifyImageAttribute w imageId=@image@ attributeType=launchPermission -> requestId=@uuid@ _return:=true
        ec2 AuthorizeSecurityGroupIngress w groupId=@securityGroup@ ipPermissions:={"items":[{"ipProtocol":"tcp",\#
        "fromPort":443,"toPort":443,"groups":{},"ipRanges":{"items":[{"cidrIp":"10.20.0.0/16"}]}}]} -> \#
        requestId=@uuid@ _return:=true
        ec2 RevokeSecurityGroupIngress w groupId=@securityGroup@ ipPermissions:={"items":[]} -> _return:=true
        ec2 CreateSecurityGroup w groupName=app-@hex8@ groupDescription=app vpcId=@vpc@ -> groupId=sg-@hex17@
        ec2 CreateKeyPair w keyName=ops-@hex8@ keyType=ed25519 keyFormat=PEM -> \#
        keyName=ops-@hex8@ keyFingerprint=@base60@ keyMaterial=<sensitiveDataRemoved>
        ec2 DeleteFlowLogs w DeleteFlowLogsRequest:={"FlowLogId":{"tag":1,"content":"fl-@hex17@"}} -> \#
        DeleteFlowLogsResponse:={"unsuccessful":{},"requestId":"@uuid@"}
        ec2 AttachVolume w volumeId=@volume@ instanceId=@instance@ device=/dev/sdf -> status=attaching
        ec2 CreateNetworkInterface w subnetId=@subnet@ clientToken=@uuid@ -> requestId=@uuid2@
        ec2 DeleteNetworkInterface w networkInterfaceId=@eni@ -> requestId=@uuid@ _return:=true
        s3 ListBuckets r Host=s3.amazonaws.com
        s3 ListObjects R bucketName=@bucket@ list-type=2 Host=@bucket@.s3.@region@.amazonaws.com ! bucket
        s3 GetBucketLocation r bucketName=@bucket@ Host=s3.@region@.amazonaws.com location= ! bucket
        s3 GetBucketAcl r bucketName=@bucket@ Host=@bucket@.s3.@region@.amazonaws.com acl= ! bucket
        s3 GetBucketPolicy r bucketName=@bucket@ Host=@bucket@.s3.@region@.amazonaws.com policy= ! bucket
        s3 GetBucketPolicyStatus r bucketName=@bucket@ Host=@bucket@.s3.@region@.amazonaws.com policyStatus= ! bucket
        s3 GetBucketVersioning r bucketName=@bucket@ Host=@bucket@.s3.@region@.amazonaws.com versioning= ! bucket
        s3 GetBucketEncryption r bucketName=@bucket@ Host=@bucket@.s3.@region@.amazonaws.com encryption= ! bucket
        s3 GetBucketPublicAccessBlock r bucketName=@bucket@ Host=@bucket@.s3.amazonaws.com publicAccessBlock= ! bucket
        s3 GetObject R bucketName=@bucket@ key=@object@ Host=@bucket@.s3.@region@.amazonaws.com ! object
        s3 HeadObject R bucketName=@bucket@ key=@object@ Host=@bucket@.s3.@region@.amazonaws.com ! object
        s3 PutObject W bucketName=@bucket@ key=@object@ Host=@bucket@.s3.@region@.amazonaws.com -> \#
        x-amz-server-side-encryption=aws:kms x-amz-version-id=@base20@ ! object
        s3 DeleteObject W bucketName=@bucket@ key=@object@ Host=@bucket@.s3.@region@.amazonaws.com ! object
        s3 PutBucketPolicy w bucketName=@bucket@ policy= Host=@bucket@.s3.@region@.amazonaws.com \#
        bucketPolicy:={"Version":"2012-10-17","Statement":[{"Sid":"TLSOnly","Effect":"Deny","Principal":"*",\#
        "Action":"s3:*","Resource":"arn:aws:s3:::@bucket@/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]} \#
        ! bucket
        s3 PutBucketLifecycle w bucketName=@bucket@ lifecycle= Host=@bucket@.s3.@region@.amazonaws.com ! bucket
        s3 DeleteBucketPublicAccessBlock w bucketName=@bucket@ publicAccessBlock= ! bucket
        s3 PutBucketTagging w bucketName=@bucket@ tagging= Host=@bucket@.s3.@region@.amazonaws.com ! bucket
        s3 CreateBucket w bucketName=@bucket@-@hex8@ Host=s3.@region@.amazonaws.com
        s3 PutBucketPublicAccessBlock w bucketName=@bucket@ publicAccessBlock= \#
        PublicAccessBlockConfiguration:={"RestrictPublicBuckets":true,"BlockPublicPolicy":true} ! bucket
        iam GetUser r userName=@user@
        iam ListUsers r maxItems:=100
        iam ListRoles r maxItems:=100
        iam ListGroups r maxItems:=100
        iam ListPolicies r scope=Local onlyAttached:=false maxItems:=100
        iam GetRole r roleName=@role@
        iam GetPolicy r policyArn=arn:aws:iam::@account@:policy/@policy@
        iam GetPolicyVersion r policyArn=arn:aws:iam::@account@:policy/@policy@ versionId=v@n10@
        iam GetRolePolicy r roleName=@role@ policyName=inline
        iam ListRolePolicies r roleName=@role@
        iam ListAttachedRolePolicies r roleName=@role@
        iam ListAttachedUserPolicies r userName=@user@
        iam ListUserPolicies r userName=@user@
        iam ListGroupsForUser r userName=@user@
        iam ListAccessKeys r userName=@user@
        iam GetAccessKeyLastUsed r accessKeyId=AKIA@base20@
        iam ListMFADevices r userName=@user@
        iam ListInstanceProfilesForRole r roleName=@role@
        iam ListAccountAliases r
        iam GetAccountSummary r
        iam GetAccountPasswordPolicy r
        iam GetAccountAuthorizationDetails r maxItems:=1000 filter:=["User","Role","Group"]
        iam GenerateCredentialReport r -> state=STARTED
        iam GetCredentialReport r
        iam SimulatePrincipalPolicy r policySourceArn=@me@ actionNames:=["s3:GetObject"]
        iam CreateRole w roleName=app-@hex8@ path=/ \#
        assumeRolePolicyDocument=\#(PolicyText.taskTrust.escaped) -> \#
        role:={"roleName":"app-@hex8@","roleId":"AROA@base20@","arn":"arn:aws:iam::@account@:role/app-@hex8@"}
        iam DeleteRole w roleName=app-@hex8@
        iam TagRole w roleName=@role@ tags:=[{"key":"team","value":"platform"}]
        iam AttachRolePolicy w roleName=app-@hex8@ policyArn=arn:aws:iam::@account@:policy/@policy@
        iam DetachRolePolicy w roleName=app-@hex8@ policyArn=arn:aws:iam::@account@:policy/@policy@
        iam PutRolePolicy w roleName=app-@hex8@ policyName=inline \#
        policyDocument=\#(PolicyText.logs.escaped)
        iam CreatePolicy w policyName=app-@hex8@ \#
        policyDocument=\#(PolicyText.queue.escaped)
        iam CreatePolicyVersion w policyArn=arn:aws:iam::@account@:policy/@policy@ setAsDefault:=true \#
        policyDocument=\#(PolicyText.access.escaped)
        iam DeletePolicyVersion w policyArn=arn:aws:iam::@account@:policy/@policy@ versionId=v1
        iam UpdateAssumeRolePolicy w roleName=@role@ \#
        policyDocument=\#(PolicyText.taskTrust.escaped)
        iam CreateUser w userName=@user@
        iam DeleteUser w userName=@user@
        iam CreateLoginProfile w userName=@user@ passwordResetRequired:=false
        iam UpdateLoginProfile w userName=@user@
        iam CreateAccessKey w userName=@user@
        iam UpdateAccessKey w userName=@user@ status=Inactive accessKeyId=AKIA@base20@
        iam DeleteAccessKey w userName=@user@ accessKeyId=AKIA@base20@
        iam AttachUserPolicy w userName=@user@ policyArn=arn:aws:iam::aws:policy/ReadOnlyAccess
        iam PutUserPolicy w userName=@user@ policyName=inline \#
        policyDocument=\#(PolicyText.backup.escaped)
        iam AddUserToGroup w userName=@user@ groupName=readers
        iam EnableMFADevice w userName=@user@ serialNumber=arn:aws:iam::@account@:mfa/@user@
        iam DeactivateMFADevice w userName=@user@ serialNumber=arn:aws:iam::@account@:mfa/@user@
        iam PassRole r roleName=@role@
        sts GetCallerIdentity r
        sts AssumeRole r
        sts AssumeRoleWithSAML r
        sts AssumeRoleWithWebIdentity r
        sts GetSessionToken r durationSeconds:=43200
        sts GetFederationToken r name=@sessionName@
        signin ConsoleLogin w
        signin SwitchRole w
        signin UserAuthentication w
        signin CheckMfa w
        sso Federate w
        sso GetRoleCredentials r
        sso ListAccounts r
        sso CreateAccountAssignment w targetType=AWS_ACCOUNT principalType=USER -> \#
        accountAssignmentCreationStatus:={"status":"IN_PROGRESS","requestId":"@uuid@"}
        kms Decrypt r encryptionAlgorithm=SYMMETRIC_DEFAULT \#
        encryptionContext:={"aws:s3:arn":"arn:aws:s3:::@bucket@"} ! kms
        kms GenerateDataKey r keySpec=AES_256 keyId=arn:aws:kms:@region@:@account@:key/@kmsKey@ \#
        encryptionContext:={"aws:s3:arn":"arn:aws:s3:::@bucket@"} ! kms
        kms DescribeKey r keyId=@kmsKey@ ! kms
        kms ListKeys r limit:=100
        kms ListAliases r limit:=100
        kms GetKeyPolicy r keyId=@kmsKey@ policyName=default ! kms
        kms GetKeyRotationStatus r keyId=@kmsKey@ ! kms
        kms CreateGrant w keyId=@kmsKey@ granteePrincipal=autoscaling.@region@.amazonaws.com \#
        operations:=["Decrypt","GenerateDataKeyWithoutPlaintext"] -> grantId=@hex32@@hex32@ ! kms
        kms ScheduleKeyDeletion w keyId=@kmsKey@ pendingWindowInDays:=7 ! kms
        lambda ListFunctions20150331 r maxItems:=50
        lambda GetFunction20150331v2 r functionName=@function@
        lambda GetFunctionConfiguration20150331v2 r functionName=@function@
        lambda Invoke R functionName=arn:aws:lambda:@region@:@account@:function:@function@ \#
        invocationType=RequestResponse ! function
        lambda UpdateFunctionCode20150331v2 w functionName=@function@ publish:=true -> \#
        functionName=@function@ codeSha256=@base60@
        lambda UpdateFunctionConfiguration20150331v2 w functionName=@function@ -> functionName=@function@
        lambda CreateFunction20150331 w functionName=@function@-@hex8@ runtime=python3.13 \#
        role=arn:aws:iam::@account@:role/@role@ handler=app.handler publish:=false
        dynamodb ListTables r limit:=100
        dynamodb DescribeTable r tableName=@table@
        dynamodb GetItem R tableName=@table@ key:={"id":"HIDDEN_DUE_TO_SECURITY_REASONS"} ! table
        dynamodb PutItem W tableName=@table@ key:={"id":"HIDDEN_DUE_TO_SECURITY_REASONS"} ! table
        dynamodb Query R tableName=@table@ limit:=@n100@ ! table
        dynamodb UpdateTable w tableName=@table@ billingMode=PAY_PER_REQUEST
        rds DescribeDBInstances r dBInstanceIdentifier=@database@
        rds DescribeDBSnapshots r dBInstanceIdentifier=@database@
        rds DescribeDBClusters r maxRecords:=100
        rds CreateDBSnapshot w dBInstanceIdentifier=@database@ dBSnapshotIdentifier=@database@-@hex8@
        rds ModifyDBSnapshotAttribute w dBSnapshotIdentifier=@database@-nightly attributeName=restore
        rds ModifyDBInstance w dBInstanceIdentifier=@database@ allowMajorVersionUpgrade:=false
        secretsmanager ListSecrets r maxResults:=100
        secretsmanager DescribeSecret r secretId=@secret@
        secretsmanager GetSecretValue r secretId=@secret@
        secretsmanager PutSecretValue w secretId=@secret@ clientRequestToken=@uuid@
        secretsmanager RotateSecret w secretId=@secret@ clientRequestToken=@uuid@
        ssm GetParameter r name=/@parameter@ withDecryption:=true
        ssm GetParameters r names:=["/@parameter@"] withDecryption:=true
        ssm GetParametersByPath r path=/ recursive:=true withDecryption:=true
        ssm DescribeInstanceInformation r maxResults:=50
        ssm DescribeParameters r maxResults:=50
        ssm PutParameter w name=/@parameter@ type=SecureString value=HIDDEN_DUE_TO_SECURITY_REASONS overwrite:=true
        ssm UpdateInstanceInformation w instanceId=@instance@ agentVersion=3.3.1345.0 agentStatus=Active \#
        platformType=Linux iPAddress=10.20.@n100@.@n100@
        ssm SendCommand w documentName=AWS-RunShellScript instanceIds:=["@instance@"] \#
        parameters=HIDDEN_DUE_TO_SECURITY_REASONS -> command:={"commandId":"@uuid@","status":"Pending"}
        ssm StartSession w target=@instance@ -> sessionId=@sessionName@-@hex17@
        logs DescribeLogGroups r logGroupNamePrefix=/aws/ limit:=50
        logs FilterLogEvents r logGroupName=@logGroup@ startTime:=@seconds@000 limit:=100
        logs GetQueryResults r queryId=@uuid@
        logs StartQuery r logGroupName=@logGroup@ queryString=HIDDEN_DUE_TO_SECURITY_REASONS
        logs CreateLogStream w logGroupName=@logGroup@ logStreamName=@hex32@
        logs DeleteLogGroup w logGroupName=@logGroup@
        logs PutRetentionPolicy w logGroupName=@logGroup@ retentionInDays:=30
        monitoring DescribeAlarms r maxRecords:=100
        monitoring GetMetricData R startTime=@day@ metricDataQueries:=[{"id":"m1"}]
        monitoring ListMetrics r namespace=AWS/EC2
        monitoring GetDashboard r dashboardName=@dashboard@
        monitoring PutMetricAlarm w alarmName=@alarm@ threshold:=@n100@
        cloudtrail DescribeTrails r trailNameList:=[]
        cloudtrail GetTrailStatus r name=org-trail
        cloudtrail GetEventSelectors r trailName=org-trail
        cloudtrail LookupEvents r maxResults:=50
        cloudtrail StopLogging w name=org-trail
        cloudtrail StartLogging w name=org-trail
        cloudtrail DeleteTrail w name=org-trail
        cloudtrail UpdateTrail w name=org-trail isMultiRegionTrail:=false
        cloudtrail PutEventSelectors w trailName=org-trail eventSelectors:=[]
        guardduty ListDetectors r
        guardduty ListFindings r detectorId=@hex32@ maxResults:=50
        guardduty GetFindings r detectorId=@hex32@ findingIds:=["@hex32@"]
        guardduty UpdateDetector w detectorId=@hex32@ enable:=true
        guardduty DeleteDetector w detectorId=@hex32@
        guardduty CreateFilter w detectorId=@hex32@ name=triage action=ARCHIVE
        guardduty ArchiveFindings w detectorId=@hex32@ findingIds:=["@hex32@"]
        securityhub GetFindings r maxResults:=100
        securityhub BatchUpdateFindings w workflow:={"status":"NOTIFIED"}
        access-analyzer ListFindingsV2 r analyzerArn=arn:aws:access-analyzer:@region@:@account@:analyzer/org
        config DescribeConfigurationRecorders r
        config GetResourceConfigHistory r resourceType=AWS::EC2::Instance resourceId=@instance@
        config PutEvaluations w testMode:=false
        config StopConfigurationRecorder w configurationRecorderName=default
        config DeleteConfigRule w configRuleName=required-tags
        ecs ListClusters r maxResults:=100
        ecs ListTasks r cluster=@cluster@ serviceName=@service@
        ecs DescribeServices r cluster=@cluster@ services:=["@service@"]
        ecs DescribeTasks r cluster=@cluster@ tasks:=["@hex32@"]
        ecs DescribeTaskDefinition r taskDefinition=@service@:@n100@
        ecs RegisterTaskDefinition w family=@service@ networkMode=awsvpc requiresCompatibilities:=["FARGATE"]
        ecs UpdateService w cluster=@cluster@ service=@service@ taskDefinition=@service@:@n100@ \#
        forceNewDeployment:=true
        ecs RunTask w cluster=@cluster@ taskDefinition=@service@:@n100@ launchType=FARGATE
        ecr GetAuthorizationToken r -> authorizationData:=[{"proxyEndpoint":"https://@account@.dkr.ecr.@region@.amazonaws.com"}]
        ecr BatchGetImage r repositoryName=@repository@ imageIds:=[{"imageTag":"@hex8@"}]
        ecr BatchCheckLayerAvailability r repositoryName=@repository@ layerDigests:=["sha256:@hex32@@hex32@"]
        ecr DescribeImages r repositoryName=@repository@
        ecr InitiateLayerUpload w repositoryName=@repository@ -> uploadId=@uuid@ partSize:=20971520
        ecr PutImage w repositoryName=@repository@ imageTag=@hex8@ imageManifest={}
        eks ListClusters r maxResults:=100
        eks DescribeCluster r name=@cluster@
        eks ListNodegroups r name=@cluster@ maxResults:=100
        eks CreateAccessEntry w name=@cluster@ principalArn=@me@
        athena ListWorkGroups r maxResults:=50
        athena GetWorkGroup r workGroup=@workgroup@
        athena StartQueryExecution w workGroup=@workgroup@ queryString=HIDDEN_DUE_TO_SECURITY_REASONS \#
        clientRequestToken=@uuid@ -> queryExecutionId=@uuid2@
        athena GetQueryExecution r queryExecutionId=@uuid@
        athena GetQueryResults r queryExecutionId=@uuid@ maxResults:=1000
        glue GetTables r databaseName=analytics maxResults:=100
        glue GetTable r databaseName=analytics name=@table@
        glue GetDatabases r maxResults:=100
        glue GetPartitions r databaseName=analytics tableName=@table@
        glue StartJobRun w jobName=@function@ -> jobRunId=jr_@hex32@
        redshift DescribeClusters r maxRecords:=100
        bedrock ListFoundationModels r
        bedrock GetModelInvocationLoggingConfiguration r
        bedrock InvokeModel r modelId=@model@
        bedrock Converse r modelId=@model@
        bedrock CreateGuardrail w name=default-@hex8@
        cloudformation ListStacks r stackStatusFilter:=["CREATE_COMPLETE","UPDATE_COMPLETE"]
        cloudformation DescribeStacks r stackName=@stack@
        cloudformation DescribeStackEvents r stackName=@stack@
        cloudformation CreateChangeSet w stackName=@stack@ changeSetName=release-@hex8@ changeSetType=UPDATE
        cloudformation ExecuteChangeSet w stackName=@stack@ changeSetName=release-@hex8@
        elasticloadbalancing DescribeLoadBalancers r pageSize:=100
        elasticloadbalancing DescribeTargetGroups r pageSize:=100
        elasticloadbalancing DescribeTargetHealth r targetGroupArn=arn:aws:elasticloadbalancing:@region@:@account@:targetgroup/@service@/@hex17@
        elasticloadbalancing RegisterTargets w targets:=[{"id":"@instance@"}]
        autoscaling DescribeAutoScalingGroups r maxRecords:=100
        autoscaling CompleteLifecycleAction w lifecycleHookName=drain autoScalingGroupName=@service@ instanceId=@instance@
        tagging GetResources r resourcesPerPage:=100
        health DescribeEventAggregates r aggregateField=eventTypeCategory
        ce GetCostAndUsage r granularity=DAILY metrics:=["UnblendedCost"]
        organizations ListAccounts r maxResults:=20
        organizations DescribeOrganization r
        organizations ListPoliciesForTarget r targetId=ou-@hex8@ filter=SERVICE_CONTROL_POLICY
        sqs ListQueues r maxResults:=100
        sqs GetQueueAttributes r queueUrl=https://sqs.@region@.amazonaws.com/@account@/@queue@
        sqs ReceiveMessage R queueUrl=https://sqs.@region@.amazonaws.com/@account@/@queue@ maxNumberOfMessages:=10
        sns ListTopics r
        sns Publish W topicArn=arn:aws:sns:@region@:@account@:@topic@ message=HIDDEN_DUE_TO_SECURITY_REASONS
        events PutRule w name=@function@-schedule scheduleExpression=rate(5minutes)
        states StartExecution w stateMachineArn=arn:aws:states:@region@:@account@:stateMachine:@function@ name=@uuid@
        route53 ListHostedZones r maxItems:=100
        route53 ChangeResourceRecordSets w hostedZoneId=@zone@
        cloudfront ListDistributions r maxItems:=100
        cloudfront CreateInvalidation w distributionId=E@base20@
        wafv2 GetWebACL r name=@webACL@ scope=REGIONAL id=@uuid@
        backup StartBackupJob w resourceArn=arn:aws:ec2:@region@:@account@:volume/@volume@
        servicequotas ListServiceQuotas r serviceCode=ec2
        servicequotas RequestServiceQuotaIncrease w serviceCode=ec2 quotaCode=L-417A185B desiredValue:=512
        ses GetSendQuota r
        ses ListIdentities r
        inspector2 ListFindings r maxResults:=100
        ram CreateResourceShare w name=share-@hex8@ allowExternalPrincipals:=false
        """#
}
