/// Which feeds a rule's logsource means, and under which names the fields it uses stand in their records.
///
/// Sigma names raw vendor fields, but the shared rules are not of one mind: the same Azure field is called
/// three things, Google's carry an ECS prefix. The tables here only add names; the written name is always
/// tried too.
extension Logsource {
    /// Logsources whose feed is not simply `product.service`. Services are compared after the product.
    private static let feeds: [String: [String]] = [
        "aws/cloudtrail": ["aws.cloudtrail"],
        "azure/activitylogs": ["azure.activity"],
        "azure/auditlogs": ["entra.audit"],
        "azure/signinlogs": ["entra.signin"],
        "azure/pim": ["entra.risk", "entra.pim"],
        "azure/riskdetection": ["entra.risk"],
        // Some public rules count Microsoft 365 among Azure.
        "azure/m365": ["m365.audit"],
        "gcp/gcp.audit": ["gcp.audit"],
        // From Workspace's own interface, or through Cloud Logging.
        "gcp/google_workspace.admin": ["google_workspace.activity", "gcp.audit"],
        "gcp/google_workspace.login": ["google_workspace.activity", "gcp.audit"],
        "google_workspace/google_workspace.admin": ["google_workspace.activity"],
        "okta/okta": ["okta.system_log"],
        "github/audit": ["github.audit"],
        "kubernetes/audit": ["kubernetes.audit"],
        "m365/audit": ["m365.audit"],
        "m365/exchange": ["m365.audit"],
        "m365/m365": ["m365.audit"],
        "m365/threat_detection": ["m365.audit"],
        "m365/threat_management": ["m365.audit"],
        "onelogin/onelogin.events": ["onelogin.events"],
    ]

    /// Products whose rules, where they name no service, are for every feed with one of these beginnings.
    private static let products: [String: [String]] = [
        "azure": ["azure.", "entra."], "gcp": ["gcp.", "google_workspace."],
    ]

    /// Whether rules of this logsource are evaluated on a feed's records. `generic.json` takes every rule,
    /// because nothing is known of it but its fields.
    package func applies(to feed: String) -> Bool {
        if isOCSF { return service == nil || service == feed }
        if feed == "generic.json" { return true }
        guard let product else { return false }
        guard let service else {
            let beginnings = Self.products[product] ?? [product + "."]
            return beginnings.contains { feed.hasPrefix($0) }
        }
        if let named = Self.feeds["\(product)/\(service)"] { return named.contains(feed) }
        return feed == "\(product).\(service)"
    }

    /// The feed whose records a rule is written for, where that is one; `nil` for a product alone and for OCSF rules.
    package var feed: String? {
        guard !isOCSF, let product, let service else { return nil }
        return Self.feeds["\(product)/\(service)"]?.first ?? "\(product).\(service)"
    }

    /// More names of a field, by product: the rule's name in lower case, then where it stands in the records.
    private static let aliases: [String: [String: [String]]] = [
        "gcp": [
            "gcp.audit.method_name": ["protopayload.methodname"],
            "eventservice": ["protopayload.servicename", "id.applicationname"],
            "eventname": ["protopayload.metadata.event.eventname", "events.name"],
            "protopayload.servicename": ["protopayload.servicename"],
            "protopayload.metadata.event.eventname": ["events.name"],
            "data.protopayload.logname": ["logname"],
            "data.protopayload.resource.type": ["resource.type"],
            // Parameters stand beside their names; a rule asks for the event's name as well.
            "setting_name": ["events.parameters.value", "protopayload.metadata.event.parameter.value"],
            "new_value": ["events.parameters.value", "protopayload.metadata.event.parameter.value"],
        ],
        "azure": [
            "properties.message": ["activitydisplayname", "operationname"],
            "operationname": ["activitydisplayname", "operationname.value"],
            "operationnamevalue": ["operationname.value", "operationname"],
            "categoryvalue": ["category.value", "category"],
            "resourceprovidervalue": ["resourceprovidername.value", "resourceprovider"],
            "status": ["result", "status.errorcode"],
            "initiatied.by": ["initiatedby.user.userprincipalname"],
            "initiatedby": ["initiatedby.user.userprincipalname"],
            "resulttype": ["status.errorcode"],
            "resultdescription": ["status.failurereason"],
            "username": ["userprincipalname"],
            "clientapp": ["clientappused"],
            "target": ["targetresources.userprincipalname"],
            "activitytype": ["activitydisplayname"],
            "additionaldetails.additionalinfo": ["additionaldetails.value"],
            "failure_status_reason": ["resultreason"],
        ],
        "aws": ["src_ip": ["sourceIPAddress"]],
        "kubernetes": ["apigroup": ["objectRef.apiGroup"]],
        "m365": [
            "eventsource": ["workload", "source"],
            "eventname": ["operation", "name"],
            "payload": ["parameters"],
            "requesttype": ["extendedproperties.value"],
        ],
    ]

    /// Products of which the shared rules write the same field in several cases, and so do the vendor's
    /// exports.
    private static let caseBlindProducts: Set<String> = ["azure", "gcp", "google_workspace", "m365"]

    /// Field names as the vendor writes them, by product, for rules that write them in another case. Below
    /// the open objects, whose members are the caller's, nothing is changed.
    private static let spellings: [String: [String]] = [
        "aws": [
            "additionalEventData", "apiVersion", "awsRegion", "errorCode", "errorMessage", "eventCategory",
            "eventID",
            "eventName", "eventSource", "eventTime", "eventType", "eventVersion", "managementEvent",
            "readOnly",
            "recipientAccountId", "requestID", "requestParameters", "resources", "responseElements",
            "serviceEventDetails", "sharedEventID", "sourceIPAddress", "tlsDetails", "userAgent",
            "userIdentity",
            "vpcEndpointId", "accessKeyId", "accountId", "arn", "attributes", "creationDate", "credentialId",
            "identityProvider", "invokedBy", "inScopeOf", "mfaAuthenticated", "onBehalfOf", "principalId",
            "sessionContext", "sessionIssuer", "type", "userId", "userName", "webIdFederationData",
        ],
        "okta": [
            "actor", "alternateId", "asNumber", "asOrg", "authenticationContext", "client", "debugContext",
            "debugData", "displayMessage", "displayName", "eventType", "ipAddress", "isProxy",
            "legacyEventType",
            "outcome", "published", "reason", "result", "securityContext", "severity", "target", "userAgent",
            "uuid",
        ],
    ]
    private static let openObjects: Set<String> = [
        "additionalEventData", "requestParameters", "responseElements", "serviceEventDetails", "debugData",
    ]

    /// The paths under which a rule's field is looked for, the written one first.
    func paths(of field: String) -> [FieldPath] {
        guard let product else { return [FieldPath(name: field, isCaseBlind: false)] }
        let isCaseBlind = Self.caseBlindProducts.contains(product)
        let folded = String(decoding: CaseFolding.folded(field), as: UTF8.self)
        let name = isCaseBlind ? folded : Self.respelled(field, Self.spellings[product] ?? [])
        var paths = [FieldPath(name: name, isCaseBlind: isCaseBlind)]
        func add(_ name: String) {
            let path = FieldPath(name: name, isCaseBlind: isCaseBlind)
            if !paths.contains(path) { paths.append(path) }
        }
        for path in Self.aliases[product]?[folded] ?? [] { add(path) }
        switch product {
        case "gcp":
            // Rules written for a pipeline that nests the log entry under `data`.
            if folded.hasPrefix("data.") { add(String(folded.dropFirst(5))) }
        case "azure":
            // The same record stands bare in Graph and under `properties` in diagnostic settings.
            for name in paths.map(\.name) {
                add(name.hasPrefix("properties.") ? String(name.dropFirst(11)) : "properties." + name)
            }
        default: break
        }
        return paths
    }

    private static func respelled(_ field: String, _ spellings: [String]) -> String {
        var segments = field.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        for i in segments.indices {
            guard let known = spellings.first(where: { $0.lowercased() == segments[i].lowercased() }) else {
                break
            }
            segments[i] = known
            if openObjects.contains(known) { break }
        }
        return segments.joined(separator: ".")
    }
}
