/// One event as an investigation sees it: who, with what, from where, on what, and what was known of the human then.
package struct CaseEvent: Sendable {
    package enum Outcome: String, Sendable { case success, failure, unknown }

    /// A credential or session on the way to the human, with what joins it to the next.
    package struct Link: Hashable, Sendable {
        package var type: String
        package var uid: String
        package var via: String
        package var certainty: String
        package var evidence: String
        package var time: Timestamp
    }

    /// Where the chain ends.
    package struct Root: Hashable, Sendable {
        package var uid = ""
        package var name = ""
        package var system = ""
        package var type = ""
    }

    package struct Target: Hashable, Sendable {
        package var type: String
        package var uid: String
        package var name: String

        package var label: String { uid.isEmpty ? name : uid }
    }

    package var time: Timestamp
    package var uid: String
    /// SHA-256 of the evidence, in hexadecimal.
    package var digest = ""
    /// Whether that is of the vendor's record, and not of the event.
    package var isOfRecord = false

    /// `AWS`, `GCP`, `Okta`.
    package var provider = ""
    package var classUID: Int64 = 0
    package var activityID: Int64 = 0
    package var operation = ""
    package var service = ""
    package var outcome = Outcome.unknown
    package var reason = ""

    package var principal = ""
    package var principalAlt = ""
    package var principalName = ""
    package var email = ""
    package var credential = ""
    package var session = ""
    package var role = ""
    package var roleName = ""
    package var application = ""

    package var address = ""
    package var network = ""
    package var country = ""
    package var agent = ""
    /// The user agent without its versions.
    package var agentFamily = ""
    package var account = ""
    package var region = ""

    package var targets: [Target] = []
    package var affectedUser = Target(type: "user", uid: "", name: "")
    package var affectedEmail = ""
    /// Credentials that it hands out.
    package var issued: [String] = []
    /// When what it hands out ends.
    package var issuedUntil: Timestamp?
    /// Values of the request and the answer that tell what was made or changed.
    package var parameters: [String: String] = [:]

    /// Whom attribution found; empty where nobody.
    package var who = ""
    package var nature = ""
    package var certainty = ""
    package var root = Root()
    package var chain: [Link] = []

    package init(time: Timestamp, uid: String) {
        self.time = time
        self.uid = uid
    }

    /// What the timeline calls it: `iam CreateAccessKey`.
    package var action: String { service.isEmpty ? operation : "\(service) \(operation)" }

    /// Whom it is of, as a person would say it.
    package var actor: String {
        if !who.isEmpty { return who }
        return [email, principal, principalName, application, address].first { !$0.isEmpty } ?? "nobody"
    }

    func names(_ kind: CaseEntity.Kind) -> [String] {
        switch kind {
        // Where one acts in another's name the address is the account's, and not the human's.
        case .human: [who, chain.contains { $0.type == "delegation" } ? "" : email]
        case .key: [credential] + chain.filter { $0.type == "credential" }.map(\.uid)
        case .session:
            [session, isSessionName(principal) ? principal : ""]
                + chain.filter { $0.type == "session" }.map(\.uid)
        case .principal:
            [principal, principalAlt, principalName, application, root.uid]
                + chain.filter { $0.type == "delegation" }.map(\.uid)
        case .role: [role, roleName]
        case .address: [address]
        case .resource: []
        }
    }

    func affectedNames(_ kind: CaseEntity.Kind) -> [String] {
        switch kind {
        case .human: [affectedEmail]
        case .key: issued + [parameters["accessKeyId"] ?? ""]
        case .principal: [affectedUser.uid, affectedUser.name, parameters["userName"] ?? ""]
        case .role: [parameters["roleName"] ?? "", parameters["roleArn"] ?? ""]
        case .resource: targets.flatMap { [$0.uid, $0.name] }
        case .session, .address: []
        }
    }

    private func isSessionName(_ text: String) -> Bool { text.contains(":assumed-role/") }

    /// Credentials and sessions that the act was done with, those that they came from included.
    var held: [String] { [credential, session].filter { !$0.isEmpty } + chain.map(\.uid) }

    /// Whether somebody has to look at it: it changed something, was refused, let somebody in or took data out.
    var isNotable: Bool {
        outcome == .failure || change != nil || classUID == 3002 || isDataRead
    }

    /// What it did to what it was on; `nil` where it only looked.
    var change: CaseThing.Change? {
        guard outcome != .failure else { return nil }
        switch (classUID, activityID) {
        case (3002, _), (3003, _): return nil
        case (6003, 1): return .created
        case (6003, 3): return .changed
        case (6003, 4): return .removed
        case (6003, _): return UndoCatalogue.entry(for: self) == nil ? nil : .changed
        case (3000..<4000, 1): return .created
        case (3004, 2), (3000..<4000, 0): return nil
        case (3008, 3), (3007, 5), (3004, 4): return .removed
        case (3000..<4000, _): return .changed
        default: return UndoCatalogue.entry(for: self) == nil ? nil : .changed
        }
    }

    var isDataRead: Bool {
        let name = Array(operation.utf8)
        return ActionLevel.isDataRead(name.span)
    }

    /// What decides which of two events stays where there are too many: the first does.
    static func isKept(_ a: CaseEvent, before b: CaseEvent) -> Bool {
        if a.isNotable != b.isNotable { return a.isNotable }
        if a.time != b.time { return a.time > b.time }
        return a.uid < b.uid
    }

    static func isEarlier(_ a: CaseEvent, _ b: CaseEvent) -> Bool {
        a.time != b.time ? a.time < b.time : a.uid < b.uid
    }
}
