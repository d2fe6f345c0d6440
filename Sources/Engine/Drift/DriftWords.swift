/// What things are called in findings.
enum DriftWords {
    static func thing(_ kind: AccessState.Kind, _ part: String) -> String {
        switch kind {
        case .identity: "the identity"
        case .membership: "the membership of \(part)"
        case .attachment: "the attached policy \(part)"
        case .inline: "its own policy \(part)"
        case .boundary: "the permissions boundary"
        case .trust: "the trust policy"
        case .version, .defaultVersion: part.isEmpty ? "the policy" : "the policy's version \(part)"
        case .accessKey: part.hasPrefix("of ") ? "an access key" : "the access key \(part)"
        case .password: "the password"
        case .mfa: "the second factor \(part)"
        case .resourcePolicy: "the resource's policy"
        case .publicAccessBlock: "the public access block"
        case .sharing: "the share with \(part)"
        case .guardrail: "the guardrail's document"
        case .guardrailTarget: part.isEmpty ? "the guardrail" : "the guardrail \(part)"
        case .placement: "its place in the organization"
        case .assignment: "the assignment \(part)"
        case .roleDefinition: "what the role may do"
        case .federation: "the identity provider"
        case .recording: "the recording"
        }
    }
}
