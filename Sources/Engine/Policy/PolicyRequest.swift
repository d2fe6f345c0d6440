/// A request to AWS, as far as policies look at it.
package struct PolicyRequest: Hashable, Sendable {
    package var action: String
    /// An ARN, or `*` for an action that is for no resource of its own.
    package var resource: String
    /// Where the resource is; where it is not told, the account in its ARN, else the principal's.
    package var resourceAccount: String?
    package var principal: RequestPrincipal
    package var context: PolicyContext

    package init(
        action: String, resource: String, resourceAccount: String? = nil,
        principal: RequestPrincipal = RequestPrincipal(""), context: PolicyContext = PolicyContext()
    ) {
        self.action = action
        self.resource = resource
        self.resourceAccount = resourceAccount
        self.principal = principal
        self.context = context
    }

    /// Reads `{"action", "resource", "resourceAccount", "principal", "context"}`; `isAWS` asks for AWS's form of actions.
    package init(_ document: Document, isAWS: Bool = true) throws(Problems) {
        var problems: [Problem] = []
        let names = ["action", "resource", "resourceAccount", "principal", "context"]
        guard let entries = document.map else {
            throw Problems([
                Problem(at: document.position, "a request is a mapping, and this is \(document.kind)")
            ])
        }
        for entry in entries where !names.contains(entry.key) {
            let near = nearestName(to: entry.key, among: names)
            problems.append(
                Problem(
                    at: entry.keyPosition, "a request has no `\(entry.key.prefix(80))`",
                    hint: near.map { "did you mean `\($0)`?" } ?? names.joined(separator: ", ")))
        }
        func text(_ name: String) -> String? {
            guard let value = document[name], !value.isNull else { return nil }
            if let text = value.string { return text }
            // An account's number, where somebody left its quotes out.
            if name == "resourceAccount", value.integer != nil { return value.text }
            problems.append(Problem(at: value.position, "`\(name)` needs text, and this is \(value.kind)"))
            return nil
        }
        let action = text("action") ?? ""
        if document["action"]?.isNull ?? true {
            problems.append(
                Problem(
                    at: document.position, "a request has an `action`, and this has none",
                    hint: isAWS ? "as in s3:GetObject" : ""))
        } else if document["action"]?.string != nil,
            action.isEmpty || (isAWS && !action.contains(":")) || action.contains("*")
        {
            problems.append(
                Problem(
                    at: (document["action"] ?? document).position,
                    "`action` is one action, without wildcards",
                    hint: isAWS ? "as in s3:GetObject" : ""))
        }
        self.init(action: action, resource: text("resource") ?? "*", resourceAccount: text("resourceAccount"))
        if let account = document["principal"]?.map?.first, document["principal"]?.map?.count == 1 {
            principal = RequestPrincipal(account.value.string ?? "")
        } else {
            principal = RequestPrincipal(text("principal") ?? "")
        }
        for entry in document["context"]?.map ?? [] {
            context[entry.key] = Self.value(entry.value, &problems)
        }
        if let given = document["context"], given.map == nil, !given.isNull {
            problems.append(
                Problem(at: given.position, "`context` is a mapping of keys, and this is \(given.kind)"))
        }
        if !problems.isEmpty { throw Problems(problems) }
    }

    private static func value(_ given: Document, _ problems: inout [Problem]) -> PolicyContext.Value? {
        func text(_ item: Document) -> String? {
            switch item.value {
            case .string(let text): text
            case .bool(let bool): bool ? "true" : "false"
            case .integer, .number: item.text
            default: nil
            }
        }
        if given.isNull { return nil }
        if let list = given.list {
            let texts = list.compactMap(text)
            if texts.count == list.count { return texts.isEmpty ? nil : .list(texts) }
        } else if let text = text(given) {
            return .single(text)
        }
        problems.append(Problem(at: given.position, "a value of a key is text or a list of texts"))
        return nil
    }
}

/// What policies say to a request.
package enum PolicyDecision: String, Sendable {
    case allow
    /// A statement forbids it, whatever else allows it.
    case deny
    /// Nothing allows it.
    case implicitDeny = "implicit-deny"
}

/// A request with its texts made ready for matching.
struct PreparedRequest {
    let request: PolicyRequest
    let action: [WildcardPattern.Symbol]
    let resource: ResourceText
    let reading: ResourceReading
    /// With principals that statements name, or without: identity policies name none.
    let asksPrincipal: Bool

    init(_ request: PolicyRequest, _ reading: ResourceReading = .segment, asksPrincipal: Bool = true) {
        self.request = request
        action = WildcardPattern.letters(request.action.lowercased())
        resource = ResourceText(request.resource)
        self.reading = reading
        self.asksPrincipal = asksPrincipal
    }
}

extension PolicyStatement {
    /// Whether the statement is about the request, whatever it then says.
    func matches(_ prepared: PreparedRequest) -> Bool {
        let context = prepared.request.context
        guard concerns(action: prepared.action) else { return false }
        if prepared.asksPrincipal, !concerns(principal: prepared.request.principal) { return false }
        guard matchesResource(prepared, context) else { return false }
        return conditions.allSatisfy { $0.holds(in: context) }
    }

    private func matchesResource(_ prepared: PreparedRequest, _ context: PolicyContext) -> Bool {
        if resources.elements.isEmpty { return resources.isComplement }
        for pattern in resources.elements {
            // A variable without a value: the statement is not about this request, complement or not.
            guard let resolved = pattern.resolved(in: context) else {
                if resources.isComplement { return false }
                continue
            }
            if resolved.matches(prepared.resource, prepared.reading) { return !resources.isComplement }
        }
        return resources.isComplement
    }
}

extension AccessPolicy {
    /// What the document alone says, and the statement that decides.
    func decision(_ prepared: PreparedRequest) -> (PolicyDecision, PolicyStatement?) {
        var allowing: PolicyStatement?
        for statement in statements where statement.matches(prepared) {
            if !statement.isAllow { return (.deny, statement) }
            if allowing == nil { allowing = statement }
        }
        return allowing.map { (.allow, $0) } ?? (.implicitDeny, nil)
    }

    package func decision(_ request: PolicyRequest, _ reading: ResourceReading = .segment) -> PolicyDecision {
        decision(PreparedRequest(request, reading)).0
    }
}
