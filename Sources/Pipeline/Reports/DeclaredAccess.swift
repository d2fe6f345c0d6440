package import Engine

/// Access as files declare it: a saved baseline, an account's authorization details, Terraform's plan or state in JSON, a
/// CloudFormation template, or policies by themselves in a folder.
package struct DeclaredAccess: Sendable {
    /// Facts of one baseline; no organization's has so many. More is an error.
    package static let factsMax = 2_000_000

    package private(set) var facts: [AccessState.Key: String] = [:]
    /// When it was taken, where the file says.
    package private(set) var time: Timestamp?
    /// Whether it names all that there should be of the accounts it is about.
    package private(set) var isWhole = false
    /// What a file declares and could not be understood, in sentences.
    package private(set) var leftOut: [String] = []
    let ownAccount: String
    private let texts = TextForms()

    /// - Parameter account: whose it is where a file does not say.
    package init(account: String = "") { ownAccount = account }

    /// Reads one file; false where it is nothing that declares access.
    package mutating func read(_ document: Document, path: String) -> Bool {
        if document["baseline"]?.string == "martlet" { return readBaseline(document) }
        if let snapshot = AccessSnapshot(authorizationDetails: document, PolicyTexts()) {
            facts.merge(snapshot.facts) { $1 }
            isWhole = true
            return true
        }
        if let module = document["planned_values"]?["root_module"] ?? document["values"]?["root_module"] {
            readTerraform(module, depth: 0)
            return true
        }
        if let resources = document["Resources"]?.map, document["Statement"] == nil {
            for resource in resources { readCloudFormation(resource.key, resource.value) }
            return true
        }
        guard document["Statement"] != nil else { return false }
        return readPolicy(document, path)
    }

    mutating func put(
        _ account: String?, _ subject: String, _ kind: AccessState.Kind, _ part: String, _ value: String
    ) {
        guard facts.count < Self.factsMax else { return }
        facts[AccessState.Key(account ?? ownAccount, subject, kind, part)] = value
    }

    mutating func leaveOut(_ text: String) {
        if leftOut.count < 100 { leftOut.append(text) }
    }

    /// A document given as text or as it is, in its one form; `nil` where it is known only when it is made.
    func document(_ given: Document?) -> String? {
        guard let given, !given.isNull else { return nil }
        if let text = given.string { return text.isEmpty ? nil : texts.canonical(text) }
        return given.map == nil || Self.hasFunction(given) ? nil : given.plainJSON
    }

    /// Whether a template computes a part of it.
    private static func hasFunction(_ document: Document) -> Bool {
        if let entries = document.map {
            return entries.contains { $0.key == "Ref" || $0.key.hasPrefix("Fn::") || hasFunction($0.value) }
        }
        return document.list?.contains { hasFunction($0) } ?? false
    }

    // MARK: Ours

    private mutating func readBaseline(_ document: Document) -> Bool {
        time = document["time"]?.string.flatMap { Timestamp(iso8601: $0) }
        isWhole = document["whole"]?.bool ?? true
        for fact in document["facts"]?.list ?? [] {
            guard let account = fact["account"]?.string, let subject = fact["subject"]?.string,
                let kind = fact["kind"]?.string.flatMap({ AccessState.Kind(rawValue: $0) }),
                let value = fact["value"]?.string
            else {
                leaveOut("a fact of the baseline says nothing that can be understood")
                continue
            }
            put(account, subject, kind, fact["part"]?.string ?? "", value)
        }
        return true
    }

    /// A baseline as it is saved: facts in order.
    package static func text(_ facts: [AccessState.Key: String], name: String, at time: Timestamp) -> [UInt8]
    {
        func quoted(_ text: String) -> String { String(decoding: JSONFragment.quoted(text), as: UTF8.self) }
        var lines = facts.sorted { $0.key < $1.key }.map { key, value in
            "{\"account\":\(quoted(key.account)),\"subject\":\(quoted(key.subject)),\"kind\":\(quoted(key.kind.rawValue)),"
                + "\"part\":\(quoted(key.part)),\"value\":\(quoted(value))}"
        }.joined(separator: ",\n")
        if !lines.isEmpty { lines = "\n\(lines)\n" }
        return Array(
            ("{\"baseline\":\"martlet\",\"name\":\(quoted(name)),\"time\":\(quoted(DriftFinding.text(time))),"
                + "\"whole\":true,\"facts\":[\(lines)]}\n").utf8)
    }

    // MARK: Policies by themselves

    /// `…/111122223333/role/deploy/inline/name.json`, `…/role/deploy/trust.json`, `…/policy/name.json`, `…/s3/bucket.json`.
    private mutating func readPolicy(_ document: Document, _ path: String) -> Bool {
        var parts = path.split(separator: "/").map { String($0) }
        guard let file = parts.popLast(), file.hasSuffix(".json") else { return false }
        let name = String(file.dropLast(5))
        let account = parts.last { $0.utf8.count == 12 && Int($0) != nil }
        let text = document.plainJSON
        func owner(_ drop: Int) -> String? {
            let rest = parts.dropLast(drop)
            guard let own = rest.last, let kind = rest.dropLast().last,
                ["user", "role", "group"].contains(kind)
            else { return nil }
            return "\(kind)/\(own)"
        }
        if parts.last == "inline", let owner = owner(1) {
            put(account, owner, .inline, name, text)
        } else if name == "trust", let owner = owner(0) {
            put(account, owner, .trust, "", text)
        } else if parts.last == "policy" {
            let arn = "arn:aws:iam::\(account ?? ownAccount):policy/\(name)"
            put(account, arn, .defaultVersion, "", "v1")
            put(account, arn, .version, "v1", text)
        } else if parts.last == "s3" {
            put(account, "s3/\(name)", .resourcePolicy, "", text)
        } else {
            leaveOut("\(path): whose policy this is, its place does not say (role/NAME/inline/POLICY.json)")
        }
        return true
    }
}

/// Texts in their one form, for a value that is sent about.
private struct TextForms: Sendable {
    func canonical(_ text: String) -> String { PolicyTexts().canonical(text) }
}
