/// How much an action can do, told from the event's class and from its name's verb.
enum ActionLevel {
    static func of(_ event: Event, _ operation: Span<UInt8>) -> AccessLevel {
        switch event.classUID {
        // Accounts, access, groups and users are managed.
        case 3001, 3004, 3005, 3006, 3007: return .permissions
        case 3002, 3003: return .read
        default: break
        }
        if contains(operation, permissionWords) { return startsRead(operation) ? .read : .permissions }
        if starts(operation, listVerbs) { return .list }
        if startsRead(operation) || event.activityID == 2 && event.classUID == 6003 { return .read }
        return .write
    }

    static func isDeletion(_ event: Event, _ operation: Span<UInt8>) -> Bool {
        event.classUID == 6003 && event.activityID == 4 || starts(operation, deletionVerbs)
            || contains(operation, ["/delete", ".delete"])
    }

    /// Whether data leaves: objects, secrets, parameters, snapshots, rows.
    static func isDataRead(_ operation: Span<UInt8>) -> Bool {
        starts(operation, dataReads) || contains(operation, ["storage.objects.get", "download", "Download"])
    }

    private static let listVerbs: [String] = ["List", "Describe", "list", "watch"]
    private static let readVerbs: [String] = [
        "Get", "Head", "Lookup", "BatchGet", "Query", "Select", "Scan", "Search", "Filter", "Check", "Test",
        "get", "read", "Read", "Retrieve", "View",
    ]
    private static let deletionVerbs: [String] = [
        "Delete", "Terminate", "Remove", "Purge", "Destroy", "ScheduleKeyDeletion", "delete",
    ]
    private static let dataReads: [String] = [
        "GetObject", "GetSecretValue", "BatchGetSecretValue", "GetParameter", "GetPasswordData", "Select",
        "Scan", "Query", "GetRecords", "GetItem", "BatchGetItem", "CopySnapshot", "CreateSnapshot",
        "ModifySnapshotAttribute", "GetEbsEncryptionByDefault", "StartExportTask", "DownloadDBLogFilePortion",
        "FileDownloaded", "MailItemsAccessed",
    ]
    private static let permissionWords: [String] = [
        "Policy", "Permission", "AccessKey", "LoginProfile", "AssumeRolePolicy", "MFADevice",
        "InstanceProfile",
        "UserToGroup", "RoleToInstance", "SetIamPolicy", "roleAssignments", "roleDefinitions", "Grant",
        "ShareAttribute", "SnapshotAttribute", "ImageAttribute", "Federat", "SAMLProvider", "OpenIDConnect",
        "ServiceSpecificCredential", "CreateRole", "CreateUser", "TrustAnchor", "serviceAccountKeys",
        "ServiceAccountKey", "owner", "credential",
    ]

    private static func startsRead(_ operation: Span<UInt8>) -> Bool {
        starts(operation, readVerbs) || starts(operation, listVerbs)
    }

    private static func starts(_ text: Span<UInt8>, _ words: [String]) -> Bool {
        words.contains { word in
            let word = Array(word.utf8)
            return text.count >= word.count && Bytes.equal(text.extracting(0..<word.count), word.span)
        }
    }

    private static func contains(_ text: Span<UInt8>, _ words: [String]) -> Bool {
        words.contains { Bytes.contain(text, Array($0.utf8).span) }
    }

    /// Actions that attackers of cloud accounts have been seen to use, from public reports of incidents.
    static let catalogue: Set<String> = [
        "AddUserToGroup", "AssociateIamInstanceProfile", "AttachRolePolicy", "AttachUserPolicy",
        "AuthorizeDbSecurityGroupIngress", "AuthorizeSecurityGroupIngress", "BatchGetSecretValue",
        "CreateAccessKey", "CreateFunction20150331", "CreateGroup", "CreateImage", "CreateInstanceExportTask",
        "CreateInstances", "CreateKeyPair", "CreateLoginProfile", "CreatePolicyVersion", "CreateRole",
        "CreateSecurityGroup", "CreateSnapshot", "CreateUser", "CreateVirtualMFADevice",
        "DeactivateMFADevice",
        "DeleteBucket", "DeleteBucketPolicy", "DeleteDBCluster", "DeleteDBInstance", "DeleteDetector",
        "DeleteFlowLogs", "DeleteLogGroup", "DeleteLogStream", "DeleteLoginProfile", "DeleteObject",
        "DeleteObjects", "DeleteRolePermissionsBoundary", "DeleteTrail", "DeleteUserPolicy", "DeleteVolume",
        "DescribeInstanceAttribute", "DescribeSnapshotAttribute", "DisableKey", "DisassociateMembers",
        "EnableSerialConsoleAccess", "GenerateCredentialReport", "GetAccountAuthorizationDetails",
        "GetCallerIdentity", "GetCostAndUsage", "GetFederationToken", "GetFoundationModelAvailability",
        "GetPasswordData", "GetSecretValue", "GetSendQuota", "InvokeModel", "InviteAccountToOrganization",
        "LeaveOrganization", "ListAccessKeys", "ListBuckets", "ListIdentities", "ListSecrets",
        "ListServiceQuotas", "ModifyImageAttribute", "ModifyInstanceAttribute", "ModifySnapshotAttribute",
        "PutBucketLifecycle", "PutBucketPolicy", "PutBucketReplication", "PutBucketVersioning",
        "PutEventSelectors", "PutGroupPolicy", "PutRolePolicy", "PutUserPolicy", "RegisterTaskDefinition",
        "RequestServiceQuotaIncrease", "ResumeSession", "RunInstances", "ScheduleKeyDeletion", "SendCommand",
        "SendSSHPublicKey", "SendSerialConsoleSSHPublicKey", "SetDefaultPolicyVersion",
        "SharedSnapshotCopyInitiated",
        "StartInstances", "StartSession", "StopInstances", "StopLogging", "TerminateInstances",
        "UpdateAccessKey", "UpdateAssumeRolePolicy", "UpdateDistribution", "UpdateDetector",
        "UpdateFunctionCode20150331v2", "UpdateFunctionConfiguration20150331v2", "UpdateIPSet",
        "UpdateLoginProfile", "UpdateTrail",
        "Add owner to application", "Add service principal credentials",
        "Add member to role", "Consent to application", "Microsoft.Authorization/elevateAccess/action",
        "Microsoft.Compute/virtualMachines/runCommand/action",
        "Microsoft.KeyVault/vaults/accessPolicies/write",
        "Microsoft.Storage/storageAccounts/listKeys/action",
        "google.iam.admin.v1.CreateServiceAccountKey", "google.iam.credentials.v1.GenerateAccessToken",
        "SetIamPolicy", "user.mfa.factor.reset_all", "policy.rule.update", "system.api_token.create",
        "user.account.privilege.grant", "zone.deactivate", "application.policy.sign_on.update",
    ]

    /// Actions that blind an audit log, a detector or a flow log.
    static let logTampering: Set<String> = [
        "StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors", "DeleteFlowLogs", "DeleteLogGroup",
        "DeleteLogStream", "DeleteDetector", "UpdateDetector", "StopConfigurationRecorder",
        "DeleteConfigurationRecorder", "DeleteDeliveryChannel", "DisableSecurityHub", "DeleteEventDataStore",
        "StopEventDataStoreIngestion", "PutBucketLifecycle", "DeleteResolverQueryLogConfig",
        "Microsoft.Insights/diagnosticSettings/delete", "google.logging.v2.ConfigServiceV2.DeleteSink",
        "google.logging.v2.ConfigServiceV2.UpdateSink", "system.log_stream.lifecycle.deactivate",
        "system.log_stream.lifecycle.delete", "Set-AdminAuditLogConfig", "Disable Strong Authentication",
    ]

    /// Actions that make a credential for whoever asks, or for another principal.
    static let credentialMaking: Set<String> = [
        "CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile", "CreateServiceSpecificCredential",
        "UploadSigningCertificate", "CreateVirtualMFADevice", "Add service principal credentials",
        "Add owner to application", "google.iam.admin.v1.CreateServiceAccountKey", "system.api_token.create",
        "Reset user password", "user.account.reset_password",
    ]

    static let factorRemovals: Set<String> = [
        "DeactivateMFADevice", "DeleteVirtualMFADevice", "user.mfa.factor.deactivate",
        "user.mfa.factor.reset_all", "user.mfa.factor.suspend", "User deleted security info",
        "Admin deleted security info", "2sv_disable", "Disable Strong Authentication",
    ]
}
