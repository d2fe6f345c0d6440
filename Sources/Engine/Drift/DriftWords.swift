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
        case .mfa: part.isEmpty ? "the second factor" : "the second factor \(part)"
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

extension DriftChange {
    /// What was changed and how, in words: `the policy arn:… was attached`.
    package var words: String {
        let thing = DriftWords.thing(kind, object)
        guard isWider else { return "\(thing) is \(verdict.rawValue)" }
        switch kind {
        case .attachment: return "the policy \(object) was attached"
        case .membership: return "it was put into \(object)"
        case .assignment: return "\(thing) was made"
        case .sharing: return "it was shared with \(object)"
        case .accessKey: return "\(thing) was made or activated"
        case .password: return "a password was set"
        case .mfa: return "\(thing) was taken away"
        case .boundary, .publicAccessBlock: return "\(thing) was removed or is looser"
        case .guardrailTarget: return "\(thing) holds there no more"
        case .recording: return "it records less than before"
        case .federation: return "\(thing) is new or another"
        default:
            return verdict == .incomparable
                ? "\(thing) allows more than before, and less elsewhere" : "\(thing) allows more than before"
        }
    }
}
