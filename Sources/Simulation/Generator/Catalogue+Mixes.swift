extension Catalogue {
    /// Mixes by name: `service:Name*weight` words.
    static let mixLines = #"""
        compute ec2:DescribeInstances*14 ec2:DescribeInstanceStatus*6 ec2:DescribeVolumes*5 ec2:DescribeTags*4 \#
        ec2:DescribeSecurityGroups*6 ec2:DescribeVpcs*3 ec2:DescribeSubnets*3 ec2:DescribeImages*3 \#
        ec2:DescribeAddresses*2 ec2:DescribeKeyPairs ec2:DescribeAccountAttributes*3 ec2:DescribeRegions*2 \#
        ec2:DescribeSnapshots*2 ec2:DescribeAvailabilityZones*2 monitoring:DescribeAlarms*3 \#
        autoscaling:DescribeAutoScalingGroups*3 elasticloadbalancing:DescribeLoadBalancers*3 \#
        elasticloadbalancing:DescribeTargetHealth*3 ec2:GetConsoleOutput ec2:CreateTags ec2:StartInstances \#
        ec2:StopInstances ssm:DescribeInstanceInformation*2 ssm:StartSession health:DescribeEventAggregates*2
        storage s3:ListBuckets*8 s3:ListObjects*10 s3:GetBucketLocation*4 s3:GetBucketAcl*4 s3:GetBucketPolicy*3 \#
        s3:GetBucketPolicyStatus*3 s3:GetBucketVersioning*3 s3:GetBucketEncryption*3 \#
        s3:GetBucketPublicAccessBlock*3 s3:GetObject*8 s3:HeadObject*4 s3:PutObject*2 s3:PutBucketTagging
        serverless lambda:ListFunctions20150331*8 lambda:GetFunction20150331v2*8 dynamodb:ListTables*3 \#
        lambda:GetFunctionConfiguration20150331v2*5 dynamodb:DescribeTable*5 dynamodb:Query*4 \#
        logs:DescribeLogGroups*5 logs:FilterLogEvents*8 cloudformation:DescribeStacks*3 lambda:Invoke*2 \#
        lambda:UpdateFunctionConfiguration20150331v2 sqs:ListQueues*2 sqs:GetQueueAttributes*3 sns:ListTopics*2
        containers ecs:ListClusters*4 ecs:DescribeServices*8 ecs:ListTasks*5 ecs:DescribeTasks*5 \#
        ecs:DescribeTaskDefinition*4 eks:ListClusters*4 eks:DescribeCluster*5 eks:ListNodegroups*2 \#
        ecr:DescribeImages*4 ecr:GetAuthorizationToken*3 logs:FilterLogEvents*5 ecs:UpdateService
        monitoring monitoring:DescribeAlarms*6 monitoring:GetMetricData*8 monitoring:ListMetrics*4 \#
        monitoring:GetDashboard*5 logs:DescribeLogGroups*4 logs:StartQuery*5 logs:GetQueryResults*8 \#
        logs:FilterLogEvents*4 monitoring:PutMetricAlarm health:DescribeEventAggregates
        data athena:ListWorkGroups*3 athena:GetWorkGroup*4 athena:StartQueryExecution*8 \#
        athena:GetQueryExecution*14 athena:GetQueryResults*8 glue:GetTables*6 glue:GetTable*6 \#
        glue:GetDatabases*4 glue:GetPartitions*4 s3:ListObjects*5 s3:GetObject*8 redshift:DescribeClusters*2
        databases rds:DescribeDBInstances*8 rds:DescribeDBSnapshots*4 rds:DescribeDBClusters*4 \#
        secretsmanager:ListSecrets*2 secretsmanager:DescribeSecret*2 secretsmanager:GetSecretValue \#
        monitoring:GetMetricData*3 rds:CreateDBSnapshot dynamodb:DescribeTable*2
        identity iam:ListRoles*6 iam:GetRole*6 iam:ListAttachedRolePolicies*6 iam:ListRolePolicies*4 \#
        iam:GetPolicy*4 iam:GetPolicyVersion*4 iam:ListUsers*4 iam:GetUser*3 iam:ListAccessKeys*3 \#
        iam:GetAccessKeyLastUsed*2 iam:ListMFADevices*2 iam:GetAccountSummary*3 iam:ListPolicies*3 \#
        iam:ListGroupsForUser*2 iam:ListAttachedUserPolicies*2 iam:SimulatePrincipalPolicy iam:ListAccountAliases*3
        security guardduty:ListDetectors*4 guardduty:ListFindings*8 guardduty:GetFindings*8 \#
        securityhub:GetFindings*8 securityhub:BatchUpdateFindings access-analyzer:ListFindingsV2*4 \#
        cloudtrail:DescribeTrails*3 cloudtrail:LookupEvents*6 cloudtrail:GetTrailStatus*2 \#
        cloudtrail:GetEventSelectors config:DescribeConfigurationRecorders*2 \#
        config:GetResourceConfigHistory*4 inspector2:ListFindings*4 kms:ListKeys*2 kms:DescribeKey*2 \#
        kms:GetKeyPolicy*2 guardduty:ArchiveFindings iam:GenerateCredentialReport iam:GetCredentialReport
        finance ce:GetCostAndUsage*12 organizations:ListAccounts*3 organizations:DescribeOrganization*2 \#
        tagging:GetResources*3 ec2:DescribeInstances*2
        network ec2:DescribeVpcs*5 ec2:DescribeSubnets*5 ec2:DescribeRouteTables*4 ec2:DescribeSecurityGroups*6 \#
        ec2:DescribeNetworkInterfaces*5 ec2:DescribeFlowLogs*2 route53:ListHostedZones*3 \#
        elasticloadbalancing:DescribeLoadBalancers*4 elasticloadbalancing:DescribeTargetGroups*4 \#
        wafv2:GetWebACL*2 cloudfront:ListDistributions*2 ec2:AuthorizeSecurityGroupIngress
        models bedrock:ListFoundationModels*3 bedrock:InvokeModel*14 bedrock:Converse*12 \#
        bedrock:GetModelInvocationLoggingConfiguration
        administration iam:CreateRole iam:AttachRolePolicy*2 iam:PutRolePolicy iam:TagRole*2 iam:GetRole*4 \#
        iam:UpdateAssumeRolePolicy organizations:ListAccounts*4 organizations:ListPoliciesForTarget*3 \#
        ssm:PutParameter*2 kms:ListAliases*2 secretsmanager:PutSecretValue s3:PutBucketPolicy \#
        ec2:DescribeInstances*6 ec2:AuthorizeSecurityGroupIngress*2 cloudformation:DescribeStacks*4 \#
        servicequotas:ListServiceQuotas*2 iam:CreatePolicyVersion iam:DeletePolicyVersion
        webservice dynamodb:GetItem*20 dynamodb:PutItem*8 dynamodb:Query*10 s3:GetObject*14 s3:PutObject*6 \#
        kms:Decrypt*10 kms:GenerateDataKey*5 secretsmanager:GetSecretValue*2 ssm:GetParameter*2 sns:Publish*4 \#
        sts:GetCallerIdentity
        batch s3:ListObjects*6 s3:GetObject*24 s3:PutObject*14 kms:Decrypt*12 kms:GenerateDataKey*8 \#
        dynamodb:PutItem*4 ssm:GetParameters*2 secretsmanager:GetSecretValue
        function s3:GetObject*10 s3:PutObject*8 dynamodb:PutItem*8 logs:CreateLogStream*3 kms:Decrypt*6 \#
        ssm:GetParameter*2 sqs:ReceiveMessage*8
        agent ssm:UpdateInstanceInformation*10 ec2:DescribeTags*3 ec2:DescribeInstances*2 \#
        ecr:GetAuthorizationToken ecr:BatchGetImage*2 monitoring:GetMetricData
        etl glue:GetTable*6 glue:GetPartitions*6 s3:ListObjects*8 s3:GetObject*20 s3:PutObject*12 \#
        athena:StartQueryExecution*3 athena:GetQueryExecution*8 glue:StartJobRun kms:Decrypt*8
        operator ec2:DescribeInstances*6 autoscaling:DescribeAutoScalingGroups*8 ec2:DescribeSubnets*3 \#
        ec2:DescribeSecurityGroups*3 elasticloadbalancing:DescribeTargetHealth*8 \#
        elasticloadbalancing:DescribeLoadBalancers*5 elasticloadbalancing:RegisterTargets \#
        ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ec2:DescribeAvailabilityZones*2
        vendor monitoring:GetMetricData*20 monitoring:ListMetrics*8 ec2:DescribeInstances*8 \#
        tagging:GetResources*6 rds:DescribeDBInstances*4 elasticloadbalancing:DescribeLoadBalancers*4 \#
        lambda:ListFunctions20150331*3 sqs:ListQueues*2 ecs:ListClusters*2
        posture iam:ListRoles*4 iam:ListUsers*3 iam:GetRole*8 iam:ListAttachedRolePolicies*8 iam:GetPolicyVersion*6 \#
        s3:GetBucketPolicy*6 s3:GetBucketAcl*6 s3:GetBucketPublicAccessBlock*6 s3:GetBucketEncryption*6 \#
        ec2:DescribeSecurityGroups*4 ec2:DescribeSnapshots*2 kms:GetKeyRotationStatus*4 kms:GetKeyPolicy*3 \#
        cloudtrail:DescribeTrails*2 cloudtrail:GetTrailStatus*2 iam:GetAccountPasswordPolicy \#
        iam:GetAccountAuthorizationDetails iam:GetAccountSummary rds:DescribeDBSnapshots*2 s3:ListBuckets*2
        configuration ec2:DescribeSecurityGroups*6 ec2:DescribeNetworkInterfaces*6 ec2:DescribeInstances*4 \#
        ec2:DescribeVolumes*3 s3:GetBucketAcl*6 s3:GetBucketPolicy*5 s3:GetBucketEncryption*4 \#
        iam:ListRolePolicies*3 iam:GetRole*4 iam:ListAttachedRolePolicies*3 kms:DescribeKey*4 kms:GetKeyPolicy*3 \#
        lambda:GetFunctionConfiguration20150331v2*4 config:PutEvaluations*6 rds:DescribeDBInstances*3
        planning ec2:DescribeVpcs*6 ec2:DescribeSubnets*8 ec2:DescribeRouteTables*6 ec2:DescribeSecurityGroups*10 \#
        iam:GetRole*12 iam:ListRolePolicies*8 iam:ListAttachedRolePolicies*10 iam:GetPolicy*6 \#
        iam:GetPolicyVersion*6 s3:GetBucketPolicy*6 s3:GetBucketVersioning*5 s3:GetBucketEncryption*5 \#
        kms:DescribeKey*5 lambda:GetFunction20150331v2*5 dynamodb:DescribeTable*4 sts:GetCallerIdentity*2 \#
        s3:GetObject*2 iam:ListInstanceProfilesForRole*3 rds:DescribeDBInstances*2
        applying iam:CreateRole*4 iam:AttachRolePolicy*5 iam:PutRolePolicy*3 iam:CreatePolicy*2 \#
        iam:CreatePolicyVersion*2 iam:TagRole*3 ec2:CreateSecurityGroup*3 ec2:AuthorizeSecurityGroupIngress*4 \#
        ec2:CreateTags*4 s3:PutBucketPolicy*2 s3:PutBucketPublicAccessBlock*2 s3:PutBucketTagging*2 \#
        iam:DeleteRole*2 iam:DetachRolePolicy*2 lambda:UpdateFunctionConfiguration20150331v2*3 \#
        logs:PutRetentionPolicy*2 events:PutRule*2 kms:CreateGrant monitoring:PutMetricAlarm*3 \#
        route53:ChangeResourceRecordSets iam:UpdateAssumeRolePolicy dynamodb:UpdateTable
        shipping ecr:GetAuthorizationToken*2 ecr:BatchCheckLayerAvailability*6 ecr:InitiateLayerUpload*4 \#
        ecr:PutImage*2 ecs:RegisterTaskDefinition*2 ecs:UpdateService*2 ecs:DescribeServices*8 \#
        lambda:UpdateFunctionCode20150331v2*2 cloudformation:CreateChangeSet cloudformation:ExecuteChangeSet \#
        cloudformation:DescribeStackEvents*6 s3:PutObject*6 cloudfront:CreateInvalidation
        """#
}
