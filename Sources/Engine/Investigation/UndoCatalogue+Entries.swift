extension UndoCatalogue {
    /// Identities and access of AWS.
    static let identityEntries: [Entry] = [
        Entry(
            "iam", "CreateAccessKey", "access key", ["accessKeyId"],
            undoneBy: ["DeleteAccessKey", "UpdateAccessKey?status=Inactive"],
            "aws iam delete-access-key --user-name {userName} --access-key-id {accessKeyId}"),
        Entry(
            "iam", "CreateLoginProfile", "console password", ["userName"], undoneBy: ["DeleteLoginProfile"],
            "aws iam delete-login-profile --user-name {userName}"),
        Entry(
            "iam", "UpdateLoginProfile", "console password", ["userName"], undoneBy: ["DeleteLoginProfile"],
            "aws iam delete-login-profile --user-name {userName}"),
        Entry(
            "iam", "CreateUser", "user", ["userName"], undoneBy: ["DeleteUser"],
            "aws iam delete-user --user-name {userName}"),
        Entry(
            "iam", "CreateRole", "role", ["roleName"], undoneBy: ["DeleteRole"],
            "aws iam delete-role --role-name {roleName}"),
        Entry(
            "iam", "CreateGroup", "group", ["groupName"], undoneBy: ["DeleteGroup"],
            "aws iam delete-group --group-name {groupName}"),
        Entry(
            "iam", "AttachRolePolicy", "policy on a role", ["roleName", "policyArn"],
            undoneBy: ["DetachRolePolicy"],
            "aws iam detach-role-policy --role-name {roleName} --policy-arn {policyArn}"),
        Entry(
            "iam", "AttachUserPolicy", "policy on a user", ["userName", "policyArn"],
            undoneBy: ["DetachUserPolicy"],
            "aws iam detach-user-policy --user-name {userName} --policy-arn {policyArn}"),
        Entry(
            "iam", "AttachGroupPolicy", "policy on a group", ["groupName", "policyArn"],
            undoneBy: ["DetachGroupPolicy"],
            "aws iam detach-group-policy --group-name {groupName} --policy-arn {policyArn}"),
        Entry(
            "iam", "PutRolePolicy", "inline policy of a role", ["roleName", "policyName"],
            undoneBy: ["DeleteRolePolicy"],
            "aws iam delete-role-policy --role-name {roleName} --policy-name {policyName}"),
        Entry(
            "iam", "PutUserPolicy", "inline policy of a user", ["userName", "policyName"],
            undoneBy: ["DeleteUserPolicy"],
            "aws iam delete-user-policy --user-name {userName} --policy-name {policyName}"),
        Entry(
            "iam", "PutGroupPolicy", "inline policy of a group", ["groupName", "policyName"],
            undoneBy: ["DeleteGroupPolicy"],
            "aws iam delete-group-policy --group-name {groupName} --policy-name {policyName}"),
        Entry(
            "iam", "AddUserToGroup", "membership", ["userName", "groupName"],
            undoneBy: ["RemoveUserFromGroup"],
            "aws iam remove-user-from-group --user-name {userName} --group-name {groupName}"),
        Entry(
            "iam", "UpdateAssumeRolePolicy", "trust policy", ["roleName"], undoneBy: ["DeleteRole"],
            "aws iam update-assume-role-policy --role-name {roleName} --policy-document file://before.json"),
        Entry(
            "iam", "CreatePolicy", "policy", ["policyName"], undoneBy: ["DeletePolicy"],
            "aws iam delete-policy --policy-arn arn:aws:iam::{account}:policy/{policyName}"),
        Entry(
            "iam", "CreatePolicyVersion", "version of a policy", ["policyArn"],
            undoneBy: ["DeletePolicyVersion", "SetDefaultPolicyVersion"],
            "aws iam set-default-policy-version --policy-arn {policyArn} --version-id v1"),
        Entry(
            "iam", "SetDefaultPolicyVersion", "version of a policy", ["policyArn"], undoneBy: [],
            "aws iam set-default-policy-version --policy-arn {policyArn} --version-id v1"),
        Entry(
            "iam", "DeactivateMFADevice", "missing second factor", ["userName"],
            undoneBy: ["EnableMFADevice"],
            "aws iam list-mfa-devices --user-name {userName}"),
        Entry(
            "iam", "EnableMFADevice", "second factor", ["userName", "serialNumber"],
            undoneBy: ["DeactivateMFADevice"],
            "aws iam deactivate-mfa-device --user-name {userName} --serial-number {serialNumber}"),
        Entry(
            "iam", "DeleteRolePermissionsBoundary", "missing boundary", ["roleName"],
            undoneBy: ["PutRolePermissionsBoundary"],
            "aws iam put-role-permissions-boundary --role-name {roleName} --permissions-boundary BOUNDARY_ARN"
        ),
        Entry(
            "iam", "DeleteUserPermissionsBoundary", "missing boundary", ["userName"],
            undoneBy: ["PutUserPermissionsBoundary"],
            "aws iam put-user-permissions-boundary --user-name {userName} --permissions-boundary BOUNDARY_ARN"
        ),
        Entry(
            "sso", "CreateAccountAssignment", "assignment", ["targetId", "permissionSetArn", "principalId"],
            undoneBy: ["DeleteAccountAssignment"],
            "aws sso-admin delete-account-assignment --instance-arn {instanceArn} --target-id {targetId} "
                + "--target-type AWS_ACCOUNT --permission-set-arn {permissionSetArn} "
                + "--principal-type {principalType} --principal-id {principalId}"),
        Entry(
            "kms", "CreateGrant", "grant on a key", ["grantId"], undoneBy: ["RevokeGrant"],
            "aws kms revoke-grant --key-id {keyId} --grant-id {grantId} --region {region}"),
        Entry(
            "kms", "ScheduleKeyDeletion", "deletion of a key", ["keyId"], undoneBy: ["CancelKeyDeletion"],
            "aws kms cancel-key-deletion --key-id {keyId} --region {region}"),
        Entry(
            "kms", "DisableKey", "disabled key", ["keyId"], undoneBy: ["EnableKey"],
            "aws kms enable-key --key-id {keyId} --region {region}"),
    ]

    /// Machines, data and logs of AWS.
    static let cloudEntries: [Entry] = [
        Entry(
            "ec2", "RunInstances", "instance", ["instanceId"], undoneBy: ["TerminateInstances"],
            "aws ec2 terminate-instances --instance-ids {instanceId} --region {region}"),
        Entry(
            "ec2", "CreateKeyPair", "key pair", ["keyName"], undoneBy: ["DeleteKeyPair"],
            "aws ec2 delete-key-pair --key-name {keyName} --region {region}"),
        Entry(
            "ec2", "AuthorizeSecurityGroupIngress", "opening in a security group", ["groupId"],
            undoneBy: ["RevokeSecurityGroupIngress", "DeleteSecurityGroup"],
            "aws ec2 describe-security-group-rules --filters Name=group-id,Values={groupId} --region {region}"
        ),
        Entry(
            "ec2", "CreateSnapshot", "snapshot", ["snapshotId"], undoneBy: ["DeleteSnapshot"],
            "aws ec2 delete-snapshot --snapshot-id {snapshotId} --region {region}"),
        Entry(
            "ec2", "ModifySnapshotAttribute", "shared snapshot", ["snapshotId"],
            undoneBy: ["ResetSnapshotAttribute", "DeleteSnapshot"],
            "aws ec2 reset-snapshot-attribute --snapshot-id {snapshotId} --attribute createVolumePermission "
                + "--region {region}"),
        Entry(
            "ec2", "ModifyImageAttribute", "shared image", ["imageId"],
            undoneBy: ["ResetImageAttribute", "DeregisterImage"],
            "aws ec2 reset-image-attribute --image-id {imageId} --attribute launchPermission --region {region}"
        ),
        Entry(
            "ec2", "DeleteFlowLogs", "missing flow log", ["target"], undoneBy: [],
            "aws ec2 create-flow-logs help"),
        Entry(
            "rds", "CreateDBSnapshot", "database snapshot", ["dBSnapshotIdentifier"],
            undoneBy: ["DeleteDBSnapshot"],
            "aws rds delete-db-snapshot --db-snapshot-identifier {dBSnapshotIdentifier} --region {region}"),
        Entry(
            "rds", "ModifyDBSnapshotAttribute", "shared database snapshot", ["dBSnapshotIdentifier"],
            undoneBy: ["DeleteDBSnapshot"],
            "aws rds modify-db-snapshot-attribute --db-snapshot-identifier {dBSnapshotIdentifier} "
                + "--attribute-name restore --values-to-remove all --region {region}"),
        Entry(
            "lambda", "CreateFunction20150331", "function", ["functionName"],
            undoneBy: ["DeleteFunction20150331"],
            "aws lambda delete-function --function-name {functionName} --region {region}"),
        Entry(
            "lambda", "UpdateFunctionCode20150331v2", "code of a function", ["functionName"],
            undoneBy: ["DeleteFunction20150331"],
            "aws lambda list-versions-by-function --function-name {functionName} --region {region}"),
        Entry(
            "s3", "PutBucketPolicy", "bucket policy", ["bucketName"], undoneBy: ["DeleteBucketPolicy"],
            "aws s3api delete-bucket-policy --bucket {bucketName}"),
        Entry(
            "s3", "DeleteBucketPublicAccessBlock", "missing public access block", ["bucketName"],
            undoneBy: ["PutBucketPublicAccessBlock"],
            "aws s3api put-public-access-block --bucket {bucketName} --public-access-block-configuration "
                + "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
        ),
        Entry(
            "s3", "PutBucketLifecycle", "lifecycle of a bucket", ["bucketName"],
            undoneBy: ["DeleteBucketLifecycle"],
            "aws s3api delete-bucket-lifecycle --bucket {bucketName}"),
        Entry(
            "s3", "PutBucketReplication", "replication of a bucket", ["bucketName"],
            undoneBy: ["DeleteBucketReplication"],
            "aws s3api delete-bucket-replication --bucket {bucketName}"),
        Entry(
            "cloudtrail", "StopLogging", "stopped trail", ["name"], undoneBy: ["StartLogging"],
            "aws cloudtrail start-logging --name {name} --region {region}"),
        Entry(
            "cloudtrail", "DeleteTrail", "missing trail", ["name"], undoneBy: ["CreateTrail"],
            "aws cloudtrail create-trail help"),
        Entry(
            "cloudtrail", "PutEventSelectors", "what a trail records", ["trailName"], undoneBy: [],
            "aws cloudtrail get-event-selectors --trail-name {trailName} --region {region}"),
        Entry(
            "config", "StopConfigurationRecorder", "stopped recorder", ["configurationRecorderName"],
            undoneBy: ["StartConfigurationRecorder"],
            "aws configservice start-configuration-recorder --configuration-recorder-name "
                + "{configurationRecorderName} --region {region}"),
        Entry(
            "guardduty", "UpdateDetector", "detector's settings", ["detectorId"], undoneBy: [],
            "aws guardduty update-detector --detector-id {detectorId} --enable --region {region}"),
        Entry(
            "logs", "DeleteLogGroup", "missing log group", ["logGroupName"], undoneBy: ["CreateLogGroup"],
            "aws logs create-log-group --log-group-name {logGroupName} --region {region}"),
        Entry(
            "secretsmanager", "PutSecretValue", "secret's value", ["secretId"], undoneBy: [],
            "aws secretsmanager list-secret-version-ids --secret-id {secretId} --region {region}"),
    ]

    /// Okta, Google Cloud, Entra, Azure, GitHub and Kubernetes.
    static let otherEntries: [Entry] = [
        Entry(
            "", "user.mfa.factor.activate", "second factor", ["user"],
            undoneBy: ["user.mfa.factor.deactivate", "user.mfa.factor.reset_all"],
            "curl -X POST -H \"Authorization: SSWS $OKTA_TOKEN\" "
                + "https://$OKTA_HOST/api/v1/users/{user}/lifecycle/reset_factors"),
        Entry(
            "", "user.mfa.factor.reset_all", "missing second factors", ["user"],
            undoneBy: ["user.mfa.factor.activate"],
            "curl -H \"Authorization: SSWS $OKTA_TOKEN\" https://$OKTA_HOST/api/v1/users/{user}/factors"),
        Entry(
            "", "user.account.reset_password", "password", ["user"], undoneBy: [],
            "curl -X POST -H \"Authorization: SSWS $OKTA_TOKEN\" "
                + "https://$OKTA_HOST/api/v1/users/{user}/lifecycle/expire_password"),
        Entry(
            "", "user.account.privilege.grant", "administrator's role", ["user"],
            undoneBy: ["user.account.privilege.revoke"],
            "curl -H \"Authorization: SSWS $OKTA_TOKEN\" https://$OKTA_HOST/api/v1/users/{user}/roles"),
        Entry(
            "", "system.api_token.create", "API token", ["target"], undoneBy: ["system.api_token.revoke"],
            "curl -X DELETE -H \"Authorization: SSWS $OKTA_TOKEN\" https://$OKTA_HOST/api/v1/api-tokens/{target}"
        ),
        Entry(
            "", "group.user_membership.add", "membership", ["user", "target"],
            undoneBy: ["group.user_membership.remove"],
            "curl -X DELETE -H \"Authorization: SSWS $OKTA_TOKEN\" "
                + "https://$OKTA_HOST/api/v1/groups/{target}/users/{user}"),
        Entry(
            "", "google.iam.admin.v1.CreateServiceAccountKey", "service account key", ["target"],
            undoneBy: ["google.iam.admin.v1.DeleteServiceAccountKey"],
            "gcloud iam service-accounts keys list --iam-account {target}"),
        Entry(
            "", "SetIamPolicy", "policy of a project", ["target"], undoneBy: [],
            "gcloud projects get-iam-policy {target}"),
        Entry(
            "", "Add member to role", "directory role", ["user", "target"],
            undoneBy: ["Remove member from role"],
            "az rest --method get --url https://graph.microsoft.com/v1.0/directoryRoles"),
        Entry(
            "", "Add service principal credentials", "application credential", ["target"],
            undoneBy: ["Remove service principal credentials"], "az ad app credential list --id {target}"),
        Entry(
            "", "Add owner to application", "application's owner", ["target", "user"],
            undoneBy: ["Remove owner from application"],
            "az ad app owner remove --id {target} --owner-object-id {user}"),
        Entry(
            "", "Microsoft.Authorization/roleAssignments/write", "role assignment", ["target"],
            undoneBy: ["Microsoft.Authorization/roleAssignments/delete"],
            "az role assignment delete --ids {target}"),
        Entry(
            "", "protected_branch.policy_override", "pushed past a branch's protection", ["target"],
            undoneBy: [],
            "gh api repos/{target}/commits"),
        Entry(
            "", "repo.add_member", "collaborator", ["target", "user"], undoneBy: ["repo.remove_member"],
            "gh api -X DELETE repos/{target}/collaborators/{user}"),
        Entry(
            "", "public_key.create", "deploy key", ["target"], undoneBy: ["public_key.delete"],
            "gh api repos/{target}/keys"),
        Entry(
            "kubernetes", "create clusterrolebindings", "cluster role binding", ["targetName"],
            undoneBy: ["delete clusterrolebindings"], "kubectl delete clusterrolebinding -- {targetName}"),
        Entry(
            "kubernetes", "create pods/exec", "command in a pod", ["targetName"],
            undoneBy: ["delete pods"],
            // Its namespace is not known here, and a pod of that name in another one is somebody else's.
            "kubectl get pods -A --field-selector metadata.name={targetName}"),
    ]
}
