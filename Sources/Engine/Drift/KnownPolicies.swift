/// AWS's own policies that give the power over others, which no event and few snapshots show.
///
/// Facts of AWS's, as far as they matter here: of a policy that is not in it, its name is judged.
enum KnownPolicies {
    static func isProviders(_ arn: String) -> Bool { arn.contains(":aws:policy/") }

    static func document(of arn: String) -> String? {
        guard isProviders(arn) else { return nil }
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
    static func effect(of arn: String) -> DriftFinding.Effect {
        let name = arn.split(separator: "/").last.map { String($0) } ?? arn
        if name.hasSuffix("ReadOnlyAccess") || name.hasSuffix("ReadOnly") || name.contains("ViewOnly")
            || name == "SecurityAudit"
        {
            return .reads
        }
        return name.lowercased().contains("admin") ? .permissions : .writes
    }
}
