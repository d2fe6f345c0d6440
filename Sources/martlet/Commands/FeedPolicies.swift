import Engine
import Pipeline
import Ports

/// What feeds must be allowed, as the document that a cloud takes: no more than that, so that nobody has to widen it
/// by hand.
struct FeedPolicies {
    static let clouds = ["aws", "azure", "entra", "google"]

    private let permissions: [String]

    /// The permissions of some feeds that belong to a cloud.
    init(_ feeds: [FeedProtocol], cloud: String) {
        let all = feeds.flatMap { feed in
            feed.permissions.flatMap { $0.split(separator: ",").map { String($0.drop { $0 == " " }) } }
                .filter { Self.cloud(of: $0, feed: feed.feed) == cloud }
        }
        permissions = Set(all).sorted()
    }

    var isEmpty: Bool { permissions.isEmpty }

    /// Whose permission a name is, as far as its form and its feed tell.
    private static func cloud(of permission: String, feed: String) -> String? {
        let vendor = feed.prefix { $0 != "." }
        return switch vendor {
        case "aws": "aws"
        case "azure": "azure"
        case "entra", "m365": permission.hasPrefix("Microsoft.") ? "azure" : "entra"
        case "gcp": "google"
        default: nil
        }
    }

    func text(for cloud: String) -> String {
        switch cloud {
        case "aws": aws
        case "azure": azure
        case "google": google
        default: permissions.map { $0 + "\n" }.joined()
        }
    }

    private func list(_ indent: String) -> String {
        permissions.map { "\(indent)\(quoted($0))" }.joined(separator: ",\n")
    }

    /// Actions that read the whole account take no resource; those of a bucket and a queue are to be narrowed to it.
    private var aws: String {
        """
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Sid": "MartletReads",
              "Effect": "Allow",
              "Action": [
        \(list("        "))
              ],
              "Resource": "*"
            }
          ]
        }

        """
    }

    private var azure: String {
        """
        {
          "Name": "Martlet reader",
          "IsCustom": true,
          "Description": "What Martlet reads",
          "Actions": [
        \(list("    "))
          ],
          "NotActions": [],
          "AssignableScopes": ["/subscriptions/SUBSCRIPTION"]
        }

        """
    }

    private var google: String {
        "title: Martlet reader\ndescription: What Martlet reads\nstage: GA\nincludedPermissions:\n"
            + permissions.map { "- \($0)\n" }.joined()
    }
}
