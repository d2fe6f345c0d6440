/// What a document that grants access is.
package enum PolicyKind: String, CaseIterable, Sendable {
    /// Attached to users, groups, roles and sessions; boundaries and organizations' policies, too.
    case awsIdentity = "aws-identity"
    case awsResource = "aws-resource"
    case awsTrust = "aws-trust"
    case azureRole = "azure-role"
    case googleRole = "gcp-role"
    case googleBindings = "gcp-bindings"

    package var place: AccessPolicy.Place? {
        switch self {
        case .awsIdentity: .identity
        case .awsResource: .resource
        case .awsTrust: .trust
        default: nil
        }
    }
}
