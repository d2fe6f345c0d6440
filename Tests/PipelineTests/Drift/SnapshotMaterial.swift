import Engine
import Ports

/// Items and marks of snapshots, as collectors hand them over.
struct SnapshotMaterial {
    let account: String
    let service: String
    let day: Int
    var region = ""

    init(_ service: String, day: Int, account: String = "999900001111", region: String = "") {
        self.service = service
        self.day = day
        self.account = account
        self.region = region
    }

    var time: String { "2026-05-0\(day)T06:00:00.000Z" }
    var id: String {
        ([account, service] + (region.isEmpty ? [] : [region]) + [time]).joined(separator: "/")
    }

    private var place: String {
        "\"id\":\"\(id)\",\"account\":\"\(account)\",\"taken_at\":\"\(time)\""
            + (region.isEmpty ? "" : ",\"region\":\"\(region)\"")
    }

    /// - Parameter fields: the item's own members, without the braces.
    func item(_ kind: String, _ name: String, _ fields: String) -> String {
        "{\(fields),\"snapshot\":{\(place),\"service\":\"\(service)\",\"kind\":\"\(kind)\",\"item\":\"\(kind)/\(name)\"}}"
    }

    /// The items with the mark behind them.
    ///
    /// - Parameter denied: calls that were refused, each with what they were asked about.
    func whole(
        _ items: [String], status: String = "complete", denied: [(operation: String, about: [String])] = []
    ) -> [String] {
        let coverage = denied.map { call in
            let subjects = call.about.map { "\"\($0)\"" }.joined(separator: ",")
            return
                "{\"operation\":\"\(call.operation)\",\"calls\":1,\"items\":0,\"denied\":\(max(1, call.about.count)),"
                + "\"failed\":0,\"gone\":0,\"subjects\":[\(subjects)]}"
        }.joined(separator: ",")
        return items + [
            "{\"begun_at\":\"\(time)\",\"coverage\":[\(coverage)],\"items\":\(items.count),\"status\":\"\(status)\","
                + "\"snapshot\":{\(place),\"mark\":\"end\",\"of\":\"\(service)\"}}"
        ]
    }
}

/// An organization: a root, a unit in it, and an account in the unit.
enum OrganizationMaterial {
    static let management = "999900001111"
    static let account = "111122223333"

    private static func arn(_ kind: String, _ id: String) -> String {
        "\"Arn\":\"arn:aws:organizations::\(management):\(kind)/o-exampleorg/\(id)\",\"Id\":\"\(id)\""
    }

    /// - Parameters:
    ///   - attached: policies by what they are attached to.
    ///   - policies: documents by policy.
    static func snapshot(
        day: Int, attached: [String: [String]], policies: [String: String] = [:], isOn: Bool = true,
        status: String = "complete", denied: [(operation: String, about: [String])] = []
    ) -> [String] {
        let material = SnapshotMaterial("organizations", day: day)
        let types = isOn ? "{\"Type\":\"SERVICE_CONTROL_POLICY\",\"Status\":\"ENABLED\"}" : ""
        var items = [
            material.item("root", "r-ab12", "\(arn("root", "r-ab12")),\"PolicyTypes\":[\(types)]"),
            material.item(
                "organizational_unit", "ou-ab12-prod",
                "\(arn("ou", "ou-ab12-prod")),\"ParentId\":\"r-ab12\""),
            material.item("account", account, "\(arn("account", account)),\"ParentId\":\"ou-ab12-prod\""),
        ]
        for (id, content) in policies.sorted(by: { $0.key < $1.key }) {
            items.append(
                material.item(
                    "policy", id,
                    "\(arn("policy", id)),\"Type\":\"SERVICE_CONTROL_POLICY\",\"Content\":\(content)"))
        }
        for (target, list) in attached.sorted(by: { $0.key < $1.key }) {
            for policy in list {
                items.append(
                    material.item(
                        "policy_target", "\(policy)/\(target)",
                        "\"Arn\":\"arn:aws:organizations::\(management):x/o-exampleorg/\(target)\","
                            + "\"TargetId\":\"\(target)\",\"PolicyId\":\"\(policy)\""))
            }
        }
        return material.whole(items, status: status, denied: denied)
    }

    static let everywhere = [
        "r-ab12": ["p-FullAWSAccess"], "ou-ab12-prod": ["p-FullAWSAccess"], account: ["p-FullAWSAccess"],
    ]
}
