extension CaseEvent {
    /// Things that one act is on; of more the first are kept.
    static let targetsMax = 16
    /// Links between a credential and its human that are read.
    private static let chainMax = 16

    /// Reads an event of OCSF; `nil` where it is none.
    package init?(_ text: [UInt8]) {
        guard let values = EventValues(text), let time = values.integer("time") else { return nil }
        let uid = values.text("metadata.uid")
        guard !uid.isEmpty else { return nil }
        self.init(time: Timestamp(milliseconds: time), uid: uid)
        classUID = values.integer("class_uid") ?? 0
        activityID = values.integer("activity_id") ?? 0
        readAct(values)
        readActor(values)
        readPlace(values)
        readTargets(values)
        readIssued(values)
        for (place, enrichment) in values.list("enrichments").enumerated() where place < 64 {
            if values.text("name", of: enrichment) == Attributor.enrichmentName {
                readAttribution(values, enrichment)
            }
        }
    }

    private static func first(_ texts: String...) -> String { texts.first { !$0.isEmpty } ?? "" }

    private mutating func readAct(_ values: EventValues) {
        provider = Self.first(values.text("cloud.provider"), values.text("metadata.product.vendor_name"))
        operation = Self.first(
            values.text("api.operation"), values.text("metadata.event_code"), values.text("activity_name"),
            values.text("message"))
        service = values.text("api.service.name")
        for tail in [".amazonaws.com", ".googleapis.com"] where service.hasSuffix(tail) {
            service.removeLast(tail.count)
        }
        switch values.integer("status_id") {
        case 1: outcome = .success
        case 2: outcome = .failure
        default: break
        }
        guard outcome == .failure else { return }
        reason = Self.first(
            values.text("api.response.error"), values.text("status_detail"), values.text("status_code"))
    }

    private mutating func readActor(_ values: EventValues) {
        principal = values.text("actor.user.uid")
        principalAlt = values.text("actor.user.uid_alt")
        principalName = values.text("actor.user.name")
        email = values.text("actor.user.email_addr")
        application = Self.first(
            values.text("actor.app_uid"), values.text("actor.app_name"), values.text("actor.invoked_by"))
        let first = values.list("actor.user.programmatic_credentials").first
        credential = Self.first(
            values.text("actor.session.credential_uid"), values.text("actor.user.credential_uid"),
            first.map { values.text("uid", of: $0) } ?? "")
        session = values.text("actor.session.uid")
        let issuer = values.text("actor.session.issuer")
        role = Self.first(values.text("actor.iam_role.uid"), issuer.contains(":role/") ? issuer : "")
        roleName = values.text("actor.iam_role.name")
    }

    private mutating func readPlace(_ values: EventValues) {
        address = values.text("src_endpoint.ip")
        let number = values.text("src_endpoint.autonomous_system.number")
        network = number.isEmpty ? "" : "AS\(number)"
        country = values.text("src_endpoint.location.country")
        agent = values.text("http_request.user_agent")
        let bytes = Array(agent.utf8)
        var family: [UInt8] = []
        _ = AgentFamily.append(Extent(start: 0, count: bytes.count), bytes.span, to: &family)
        agentFamily = String(decoding: family, as: UTF8.self)
        account = Self.first(values.text("cloud.account.uid"), values.text("cloud.org.uid"))
        region = values.text("cloud.region")
    }

    private mutating func readTargets(_ values: EventValues) {
        var found: [Target] = []
        func add(_ type: String, _ node: Int) {
            let target = Target(
                type: Self.first(values.text("type", of: node), type), uid: values.text("uid", of: node),
                name: values.text("name", of: node))
            if !target.label.isEmpty, found.count < Self.targetsMax { found.append(target) }
        }
        for node in values.list("resources") { add("resource", node) }
        for node in values.list("policies") { add("policy", node) }
        for (key, type) in [
            ("resource", "resource"), ("iam_role", "role"), ("group", "group"), ("policy", "policy"),
            ("database", "database"), ("file", "file"), ("entity", "entity"),
        ] {
            if let node = values.member(key, of: 0) { add(type, node) }
        }
        targets = found
        affectedUser.uid = values.text("user.uid")
        affectedUser.name = values.text("user.name")
        affectedEmail = Self.first(
            values.text("user.email_addr"), affectedUser.name.contains("@") ? affectedUser.name : "")
        if provider == "Kubernetes", let type = found.first?.type { operation += " \(type)" }
    }

    private mutating func readIssued(_ values: EventValues) {
        values.scalars(below: "api.request.data", of: UndoCatalogue.parameters, into: &parameters)
        values.scalars(below: "api.response.data", of: UndoCatalogue.parameters, into: &parameters)
        let key = values.text("api.response.data.credentials.accessKeyId")
        guard !key.isEmpty else { return }
        issued = [key]
        let seconds = parameters["durationSeconds"].flatMap { Int($0) } ?? 3_600
        issuedUntil = time + .seconds(max(0, min(seconds, 1_000_000)))
    }

    private mutating func readAttribution(_ values: EventValues, _ node: Int) {
        nature = values.text("data.kind", of: node)
        certainty = values.text("data.certainty", of: node)
        if nature != "unknown" { who = values.text("value", of: node) }
        root.uid = values.text("data.root.uid", of: node)
        root.name = values.text("data.root.name", of: node)
        root.system = values.text("data.root.system", of: node)
        root.type = values.text("data.root.type", of: node)
        for link in values.list("data.chain", of: node).prefix(Self.chainMax) {
            chain.append(
                Link(
                    type: values.text("type", of: link), uid: values.text("uid", of: link),
                    via: values.text("via", of: link), certainty: values.text("certainty", of: link),
                    evidence: values.text("event_uid", of: link),
                    time: Timestamp(milliseconds: values.integer("time", of: link) ?? 0)))
        }
    }
}
