import Codecs
import Credentials
import Engine

/// IAM's XML as the JSON that the AWS tools make of it: the same names, lists as arrays, policy documents decoded.
enum IAMDocument {
    private static let numbers: Set<String> = [
        "AttachmentCount", "PermissionsBoundaryUsageCount", "MaxSessionDuration",
        "TotalAuthenticatedEntities",
    ]
    private static let flags: Set<String> = ["IsAttachable", "IsDefaultVersion", "IsTruncated"]
    private static let documents: Set<String> = ["PolicyDocument", "AssumeRolePolicyDocument", "Document"]
    /// Elements that are lists although they are empty.
    private static let lists: Set<String> = [
        "AttachedManagedPolicies", "Policies", "Tags", "Users", "Groups", "Roles", "AccessKeyMetadata",
        "ServicesLastAccessed",
    ]

    /// What stands in `<ActionResult>`; `nil` for any other answer.
    static func result(of action: String, in body: [UInt8]) -> JSONValue? {
        guard let root = XMLElement(xml: body), let result = root.first("\(action)Result") else { return nil }
        // An answer without anything in it is an object all the same.
        if result.children.isEmpty { return [:] }
        return value(of: result)
    }

    static func value(of element: XMLElement) -> JSONValue {
        if lists.contains(element.name) || element.name.hasSuffix("List")
            || (!element.children.isEmpty && element.children.allSatisfy { $0.name == "member" })
        {
            return .array(element.children.map { value(of: $0) })
        }
        guard element.children.isEmpty else {
            return .object(
                Dictionary(element.children.map { ($0.name, value(of: $0)) }) { _, last in last })
        }
        let text = element.text
        if numbers.contains(element.name), Int64(text) != nil { return .number(text) }
        if flags.contains(element.name), let flag = Bool(text) { return .bool(flag) }
        if documents.contains(element.name) {
            let plain = PercentEncoding.decode(text) ?? text
            return SnapshotScope.document(.string(plain)) ?? .string(plain)
        }
        return .string(text)
    }
}
