/// What makes an act privileged: what it does that not everybody may do.
///
/// One table for every feed. Only what succeeded counts, never a sign-in, and never a record by which a broker tells of
/// a grant: those are the grant, not its use.
package enum Privilege: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    /// Changes who may do what: identities, roles, policies, credentials, trust.
    case permissions = 1
    /// Creates, changes or deletes something that a platform is made of.
    case write
    /// Reads a secret.
    case secret
    /// Opens a session on a machine, a container or a database.
    case session

    package var name: String {
        switch self {
        case .permissions: "permissions"
        case .write: "write"
        case .secret: "secret"
        case .session: "session"
        }
    }

    /// Systems whose API changes are changes of a platform. Elsewhere they are everyday work (a push, a document).
    private static let platforms: Set<String> = ["aws", "azure", "gcp", "kubernetes", "entra", "okta"]

    /// Calls that write data, not the platform that holds it.
    private static let dataWrites: Set<String> = [
        "PutObject", "CopyObject", "UploadPart", "UploadPartCopy", "CreateMultipartUpload",
        "CompleteMultipartUpload", "AbortMultipartUpload", "DeleteObject", "DeleteObjects", "RestoreObject",
        "PutObjectTagging", "DeleteObjectTagging", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem",
        "TransactWriteItems", "SendMessage", "SendMessageBatch", "DeleteMessage", "DeleteMessageBatch",
        "ReceiveMessage", "ChangeMessageVisibility", "Publish", "PublishBatch", "PutRecord", "PutRecords",
        "PutEvents", "PutMetricData", "PutLogEvents", "CreateLogStream", "StartQuery", "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext", "Encrypt", "Decrypt", "ReEncrypt", "Sign", "CreateGrant",
        "RetireGrant", "InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload", "PutImage",
        "UpdateInstanceInformation", "UpdateInstanceAssociationStatus", "PutInventory",
        "SubmitTaskStateChange",
        "SubmitContainerStateChange", "RegisterContainerInstance", "CreateNetworkInterface",
        "google.cloud.bigquery.v2.JobService.InsertJob", "jobservice.insert",
    ]

    private static let dataWriteParts = [
        "storage.objects.", "datastore.", "bigquery.v2.TableDataService", "/blobServices/",
        "pubsub.v1.Publisher",
    ]

    /// Reads that hand out a secret.
    private static let secrets: Set<String> = [
        "GetSecretValue", "BatchGetSecretValue", "GetPasswordData", "GetLoginProfile",
        "GetAuthorizationToken",
        "google.cloud.secretmanager.v1.SecretManagerService.AccessSecretVersion", "SecretGet",
        "Microsoft.Storage/storageAccounts/listKeys/action",
        "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action",
    ]

    private static let sessions: Set<String> = [
        "StartSession", "ResumeSession", "SendCommand", "ExecuteCommand", "SendSSHPublicKey",
        "SendSerialConsoleSSHPublicKey", "EnableSerialConsoleAccess",
        "Microsoft.Compute/virtualMachines/runCommand/action",
        "Microsoft.SerialConsole/serialPorts/connect/action",
    ]

    /// - Parameter system: whose event it is, by its feed's vendor: `aws`, `azure`, `kubernetes`, …
    /// - Parameter operation: what was called, as text.
    static func of(_ event: Event, _ operation: String, system: String) -> Privilege? {
        guard event.kind == .event, event.statusID != 2 else { return nil }
        switch event.classUID {
        case 3002, 3003: return nil
        case 3000..<4000:
            return ActionLevel.of(event, Array(operation.utf8).span) == .permissions ? .permissions : nil
        case 6003: break
        default: return nil
        }
        if secrets.contains(operation) { return .secret }
        if sessions.contains(operation) { return .session }
        guard platforms.contains(system) else { return nil }
        switch event.activityID {
        case 1, 3, 4: break
        // Kubernetes: commands in containers, forwarded ports. Others: what is neither made, changed nor deleted.
        case 99:
            if system == "kubernetes" { return .session }
            return nil
        default: return nil
        }
        if dataWrites.contains(operation) || dataWriteParts.contains(where: { operation.contains($0) }) {
            return nil
        }
        let level = ActionLevel.of(event, Array(operation.utf8).span)
        return level == .permissions ? .permissions : level == .write ? .write : nil
    }
}
