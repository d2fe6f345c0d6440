/// Which feeds a rule's logsource means, and under which names the fields it uses stand in their records.
///
/// Sigma names raw vendor fields, but the shared rules are not of one mind: the same Azure field is called three
/// things, Google's carry an ECS prefix. The tables here only add names; the written name is always tried too.
extension Logsource {
    /// Logsources whose feed is not simply `product.service`. Services are compared after the product.
    private static let feeds: [String: [String]] = [
        "aws/cloudtrail": ["aws.cloudtrail"],
        "azure/activitylogs": ["azure.activity"],
        "azure/auditlogs": ["entra.audit"],
        "azure/signinlogs": ["entra.signin"],
        "azure/pim": ["entra.risk", "entra.pim"],
        "azure/riskdetection": ["entra.risk"],
        "gcp/gcp.audit": ["gcp.audit"],
        "gcp/google_workspace.admin": ["google_workspace.activity"],
        "gcp/google_workspace.login": ["google_workspace.activity"],
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

    /// Whether rules of this logsource are evaluated on a feed's records. `generic.json` takes every rule, because
    /// nothing is known of it but its fields.
    package func applies(to feed: String) -> Bool {
        if feed == "generic.json" { return true }
        guard let product else { return false }
        guard let service else {
            let beginnings = Self.products[product] ?? [product + "."]
            return beginnings.contains { feed.hasPrefix($0) }
        }
        if let named = Self.feeds["\(product)/\(service)"] { return named.contains(feed) }
        return feed == "\(product).\(service)"
    }

    /// More names of a field, by product: the rule's name in lower case, then where it stands in the records.
    private static let aliases: [String: [String: [String]]] = [
        "gcp": [
            "gcp.audit.method_name": ["protopayload.methodname"],
            "eventservice": ["protopayload.servicename", "id.applicationname"],
            "eventname": ["protopayload.metadata.event.eventname", "events.name"],
            "protopayload.servicename": ["protopayload.servicename"],
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
        ],
        "kubernetes": [
            "apigroup": ["objectref.apigroup"],
            "hostpath": ["requestobject.spec.volumes.hostpath"],
            "capabilities": ["requestobject.spec.containers.securitycontext.capabilities.add"],
        ],
        "m365": [
            "eventsource": ["workload", "source"],
            "eventname": ["operation", "name"],
            "payload": ["parameters"],
        ],
    ]

    /// The paths under which a rule's field is looked for, the written one first, folded to lower case.
    func paths(of field: String) -> [String] {
        let name = String(decoding: CaseFolding.folded(field), as: UTF8.self)
        var paths = [name]
        func add(_ path: String) { if !paths.contains(path) { paths.append(path) } }
        guard let product else { return paths }
        for path in Self.aliases[product]?[name] ?? [] { add(path) }
        switch product {
        case "gcp":
            // Rules written for a pipeline that nests the log entry under `data`.
            if name.hasPrefix("data.") { add(String(name.dropFirst(5))) }
        case "azure":
            // The same record stands bare in Graph and under `properties` in diagnostic settings.
            if name.hasPrefix("properties.") {
                add(String(name.dropFirst(11)))
            } else {
                add("properties." + name)
            }
        default: break
        }
        return paths
    }
}
