/// AWS's own policies that give the power over others, which no event and few snapshots show.
///
/// Facts of AWS's, as far as they matter here: of a policy that is not in it, its name is judged.
enum KnownPolicies {
    /// What is known of a policy by its ARN alone.
    struct Fact {
        var isProviders: Bool
        var document: String?
        var effect: DriftFinding.Effect

        init(_ arn: String) {
            isProviders = KnownPolicies.isProviders(arn)
            // Where it is one that gives the power over others, what it allows is certain.
            document = isProviders ? KnownPolicies.document(of: arn) : nil
            effect = KnownPolicies.effect(of: arn)
        }
    }

    private static func isProviders(_ arn: String) -> Bool {
        arn.utf8.starts(with: "arn:".utf8) && arn.contains(":aws:policy/")
    }

    private static func document(of arn: String) -> String? {
        switch arn.split(separator: "/").last.map({ String($0) }) {
        case "AdministratorAccess": return PolicyJudge.everything
        case "IAMFullAccess":
            return
                #"{"Statement":[{"Action":["iam:*","organizations:DescribeAccount"],"Effect":"Allow","Resource":"*"}],"#
                + #""Version":"2012-10-17"}"#
        case "PowerUserAccess":
            return #"{"Statement":[{"Effect":"Allow","NotAction":["account:*","iam:*","organizations:*","#
                + #""sts:AssumeRole"],"Resource":"*"}],"Version":"2012-10-17"}"#
        default: return nil
        }
    }

    /// What a policy can do at most, by its name.
    private static func effect(of arn: String) -> DriftFinding.Effect {
        let name = arn.split(separator: "/").last.map { String($0) } ?? arn
        if name.hasSuffix("ReadOnlyAccess") || name.hasSuffix("ReadOnly") || name.contains("ViewOnly")
            || name == "SecurityAudit"
        {
            return .reads
        }
        return name.lowercased().contains("admin") ? .permissions : .writes
    }
}
