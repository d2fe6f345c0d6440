/// Reads from events which permissions were used: AWS, Azure and Google Cloud.
package struct UseReader {
    private let permissions: EventPermissions
    private let catalogue: ActionCatalogue
    private var values = EventMembers()

    /// Kinds of resources beyond which an action is on several at once, of which a record names only some.
    private static let kindsMax = 3
    /// Resources of one request that are taken.
    private static let resourcesMax = 16

    package init(_ permissions: EventPermissions, _ catalogue: ActionCatalogue) {
        self.permissions = permissions
        self.catalogue = catalogue
    }

    /// `nil` where the event is no request for a permission.
    package mutating func use(
        _ event: Event, of batch: borrowing EventBatch, feed: String
    ) -> ObservedUse? {
        guard event.kind == .event else { return nil }
        let provider: ObservedRequest.Provider
        switch feed {
        case "aws.cloudtrail": provider = .aws
        case "azure.activity": provider = .azure
        case "gcp.audit": provider = .gcp
        default: return nil
        }
        guard values.read(batch.bytes.span.extracting(event.json.range)) else { return nil }
        var use = ObservedUse(
            requests: [], time: event.time, uid: batch.uid(of: event), isDenied: false, isData: false,
            service: "",
            account: values.text("cloud", "account", "uid") ?? "")
        switch provider {
        case .aws: amazon(&use)
        case .azure: azure(&use, isFailure: event.statusID == 2)
        case .gcp: google(&use)
        }
        return use.service.isEmpty ? nil : use
    }

    // MARK: AWS

    private func amazon(_ use: inout ObservedUse) {
        let kind = values.text("metadata", "event_code")
        guard kind == nil || kind == "AwsApiCall" || kind == "AwsConsoleAction",
            let source = values.text("api", "service", "name"),
            let operation = values.text("api", "operation")
        else { return }
        let service = permissions.service(source)
        let event = EventPermissions.unversioned(operation)
        use.service = service
        use.isData = values.text("metadata", "product", "feature", "name") == "Data"
        let error = values.text("status_code") ?? values.text("api", "response", "error") ?? ""
        use.isDenied = ["AccessDenied", "Unauthorized", "NotAuthorized"].contains { error.contains($0) }
        guard let principal = principal else { return }
        let needed = permissions.permissions(service: service, event: event)
        for action in needed {
            // The catalogue's own way to write it: events and permissions differ in case now and then.
            let name = catalogue.action(action)?.name ?? action
            for resource in resources(of: name, service, use.account) {
                use.requests.append(request(principal, use.account, name, resource))
            }
        }
        for path in permissions.rolePaths(service: service, event: event) {
            guard let role = values.text(values.node(["api", "request", "data"] + path)) else { continue }
            let isARN = role.hasPrefix("arn:") && !role.contains(":instance-profile/")
            use.requests.append(request(principal, use.account, "iam:PassRole", isARN ? role : nil))
        }
    }

    private var principal: String? {
        if let issuer = values.text("actor", "session", "issuer"), issuer.contains(":role/") { return issuer }
        guard let user = values.text("actor", "user", "uid"), user.hasPrefix("arn:") else { return nil }
        return user
    }

    private func request(
        _ principal: String, _ account: String, _ action: String, _ resource: String?
    ) -> ObservedRequest {
        var request = ObservedRequest(.aws, principal: principal, account: account, action: action)
        request.resource = resource
        request.region = values.text("cloud", "region") ?? ""
        request.address = values.text("src_endpoint", "ip") ?? ""
        request.hasMFA = values.text("actor", "session", "is_mfa").map { $0 == "true" }
        request.isByService = values.text("actor", "app_name")?.hasSuffix(".amazonaws.com") ?? false
        return request
    }

    /// What the action was asked on: ARNs that fit it, `*` for an action on nothing, `nil` where none is told.
    private func resources(of action: String, _ service: String, _ account: String) -> [String?] {
        guard let known = catalogue.action(action) else { return [nil] }
        let patterns = catalogue.resources(of: known)
        if patterns.isEmpty { return ["*"] }
        if patterns.count > Self.kindsMax { return [nil] }
        func fits(_ arn: String) -> Bool {
            guard arn.hasPrefix("arn:"), !arn.contains(where: { "*?$".contains($0) }) else { return false }
            let text = ResourceText(arn)
            return patterns.contains { $0.matches(text, .segment) }
        }
        var told = values.elements(values.node(["resources"])).compactMap {
            values.text(values.member("uid", of: $0))
        }.filter(fits)
        if told.isEmpty {
            let request = values.texts(of: values.node(["api", "request", "data"]))
            told = request.map(\.value).filter(fits)
            if told.isEmpty { told = made(from: request, service, account).filter(fits) }
        }
        let distinct = Array(Set(told)).sorted()
        // Of a bucket and what is in it, the longer is what was asked for where both fit.
        return distinct.isEmpty ? [nil] : distinct.prefix(Self.resourcesMax).map { Optional($0) }
    }

    private func made(
        from request: [(key: String, value: String)], _ service: String, _ account: String
    ) -> [String] {
        let region = values.text("cloud", "region") ?? ""
        let partition =
            region.hasPrefix("cn-") ? "aws-cn" : region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
        return permissions.resourceMembers(service).compactMap { member in
            guard let value = request.first(where: { $0.key == member.name })?.value, !value.hasPrefix("arn:")
            else { return nil }
            // A parameter's name may begin with the slash that the ARN has already.
            let name = value.hasPrefix("/") && member.arn.hasSuffix("/{}") ? String(value.dropFirst()) : value
            return member.arn.replacing("arn:aws:", with: "arn:\(partition):")
                .replacing("{r}", with: region).replacing("{a}", with: account).replacing("{}", with: name)
        }
    }

    // MARK: Azure

    private func azure(_ use: inout ObservedUse, isFailure: Bool) {
        guard let action = values.text("api", "operation"), action.contains("/"),
            let principal = values.text("actor", "user", "uid") ?? values.text("actor", "user", "email_addr")
        else { return }
        use.service =
            values.text("api", "service", "name") ?? action.split(separator: "/").first.map(String.init) ?? ""
        let detail = [values.text("status_code"), values.text("status_detail")].compactMap { $0 }
        use.isDenied =
            isFailure && detail.contains { $0.contains("Forbidden") || $0.contains("AuthorizationFailed") }
        var request = ObservedRequest(.azure, principal: principal, account: use.account, action: action)
        request.resource = values.elements(values.node(["resources"])).first.flatMap {
            values.text(values.member("uid", of: $0))
        }
        request.address = values.text("src_endpoint", "ip") ?? ""
        use.requests = [request]
    }

    // MARK: Google Cloud

    private func google(_ use: inout ObservedUse) {
        guard
            let principal = values.text("actor", "user", "email_addr") ?? values.text("actor", "user", "name")
        else { return }
        use.service = values.text("api", "service", "name") ?? "gcp"
        use.isData = values.text("metadata", "log_name")?.contains("data_access") ?? false
        for item in values.elements(values.node(["actor", "authorizations"])).prefix(Self.resourcesMax) {
            guard let permission = values.text(values.node(["policy", "name"], of: item)),
                permission.contains("."), permission != "Unknown"
            else { continue }
            if values.text(values.member("decision", of: item)) == "denied" { use.isDenied = true }
            var request = ObservedRequest(
                .gcp, principal: principal, account: use.account, action: permission)
            request.resource = values.text(values.node(["policy", "uid"], of: item))
            request.address = values.text("src_endpoint", "ip") ?? ""
            use.requests.append(request)
        }
    }
}
