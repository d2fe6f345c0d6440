package import Collectors
package import Engine

extension SnapshotService: ConfigChoice {}

package struct SnapshotCollectorConfig: ConfigValue {
    /// Each item's own feed is told by its shape.
    package var feed = Placed("auto")
    package var collect: [SnapshotService] = [.iam]
    package var roles: [String] = []
    package var regions: [String] = []
    package var teamTable: String?
    package var interval = Duration.hours(24)
    package var patience = Duration.minutes(15)
    package var aws = AWSConfig()

    package init() {}

    package static let name = "an aws_snapshot collector"
    package static let summary =
        "Access as it stands in AWS accounts, taken whole at an interval: one event for each thing there is."
    package static var fields: [ConfigField<Self>] {
        [
            .init("collect", \.collect, "What to take") {
                $0.isEmpty ? "at least one is needed" : nil
            },
            .init(
                "roles", \.roles,
                "A role to assume in each account to look at; without it the credentials' own account"),
            .init("regions", \.regions, "Where regional services are asked; without it `region`"),
            .init("team_table", \.teamTable, "DynamoDB table of TEAM's requests, for `team`"),
            .init("interval", \.interval, "How often a snapshot is taken") {
                $0 < .minutes(1) ? "must be at least 1m" : nil
            },
            .init(
                "patience", \.patience,
                "How long AWS may leave one question unanswered before the snapshot is cut"),
        ] + AWSConfig.fields.map { $0.lifted(\.aws) }
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        let assumesRoles = aws.roleARN != nil || !roles.isEmpty
        aws.check(at: position, assumesRoles: assumesRoles, by: &decoder)
        for region in regions where !AWSConfig.isRegion(region) {
            decoder.complain(at: position, "regions: “\(region)” is not a region's name")
        }
        for (name, values) in [("regions", regions), ("roles", roles), ("collect", collect.map(\.rawValue))]
        where Set(values).count < values.count {
            decoder.complain(at: position, "\(name): one is named twice")
        }
        for role in roles where Self.account(of: role) == nil {
            decoder.complain(
                at: position, "roles: “\(role)” is not a role's ARN",
                hint: "arn:aws:iam::111122223333:role/audit")
        }
        if collect.contains(.team), teamTable == nil {
            decoder.complain(at: position, "team needs team_table, the name of TEAM's requests table")
        }
        if teamTable != nil, !collect.contains(.team) {
            decoder.complain(at: position, "team_table without team in collect")
        }
    }

    /// The account that a role's ARN names.
    static func account(of role: String) -> String? {
        let parts = role.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[5].hasPrefix("role/"),
            parts[4].utf8.count == 12, parts[4].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return String(parts[4])
    }
}
