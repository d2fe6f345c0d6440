/// An AWS policy document, read: what it allows and what it denies.
package struct AccessPolicy: Sendable {
    /// Where a document is attached decides what its statements must have.
    package enum Place: Sendable {
        /// To a user, group, role or session, as a boundary, or to an organization's unit: no principals.
        case identity
        /// To a resource: with principals.
        case resource
        /// To a role, saying who may take it: with principals, without resources.
        case trust
    }

    package var statements: [PolicyStatement]

    package init(statements: [PolicyStatement]) { self.statements = statements }

    /// Allows everything: what stands for policies that are not looked at.
    package static var everything: AccessPolicy {
        AccessPolicy(statements: [
            PolicyStatement(
                index: 0, sid: nil, isAllow: true, actions: .everything, resources: .everything)
        ])
    }

    /// Actions, resources and values of a document; no real one has so many.
    static let textsMax = 200_000
    /// Bytes of an action, a resource or a value: AWS's longest ARNs have as many.
    static let textBytesMax = 2_048
}

/// One statement: its effect, and which requests it is about.
package struct PolicyStatement: Sendable {
    /// A list that is meant, or all but that list.
    package struct Choice<Element: Hashable & Sendable>: Hashable, Sendable {
        package var elements: [Element]
        package var isComplement: Bool

        static var everything: Choice { Choice(elements: [], isComplement: true) }
    }

    /// From 0, in the document's order.
    package var index: Int
    package var sid: String?
    package var isAllow: Bool
    package var actions: Choice<ActionPattern>
    /// Left out of the actions, and of nothing else: Azure's `notActions`.
    package var exceptActions: [ActionPattern] = []
    package var resources: Choice<ResourcePattern>
    /// Everybody where the document has no principals.
    package var principals: Choice<PrincipalPattern> = .everything
    package var conditions: [PolicyCondition] = []
    /// Conditions that mean the same, text by text, have the same.
    var conditionKey = ""
    package var position: SourcePosition?

    func concerns(action: [WildcardPattern.Symbol]) -> Bool {
        actions.elements.contains { $0.pattern.matches(action) } != actions.isComplement
            && !exceptActions.contains { $0.pattern.matches(action) }
    }

    func concerns(principal: RequestPrincipal) -> Bool {
        principals.elements.contains { $0.matches(principal) } != principals.isComplement
    }
}

/// An action with wildcards, in lower case: `s3:get*`.
package struct ActionPattern: Hashable, Sendable {
    package let text: String
    package let folded: String
    let pattern: WildcardPattern
    /// The service, if no wildcard stands in it.
    let service: String?

    init(_ text: String) {
        let folded = text.lowercased()
        // Every action has its service before a colon.
        self.init(WildcardPattern(folded == "*" ? "*:*" : folded), text: text, folded: folded)
    }

    init(_ pattern: WildcardPattern) {
        let text = pattern.description
        self.init(pattern, text: text, folded: text)
    }

    private init(_ pattern: WildcardPattern, text: String, folded: String) {
        self.text = text
        self.folded = folded
        self.pattern = pattern
        let service = folded.utf8.prefix { $0 != UInt8(ascii: ":") }
        let isPlain = !service.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
        self.service = isPlain ? String(Substring(service)) : nil
    }

    var isLiteral: Bool { pattern.isLiteral }
}
