import Credentials
import Engine

/// How far events say what another reader of the same records says of them.
///
/// The other's words are compared where a word of theirs has attributes of OCSF that mean the same, and where the record says
/// what they say. What they derive or add of their own (categories, names for products, lists of all addresses) is counted
/// apart.
struct Agreement {
    private(set) var agreed = 0
    private(set) var compared = 0
    /// Their field, and what they have where the event has something else or nothing.
    private(set) var disagreements: [String: Int] = [:]
    private(set) var uncompared: [String: Int] = [:]

    /// Attributes of OCSF 1.9.0 in which an event may hold what the Elastic Common Schema's field holds; `*` is any.
    private static let ecs: [String: [String]] = [
        "@timestamp": ["time"],
        "event.action": ["api.operation", "metadata.event_code", "message", "activity_name", "entity.name"],
        "event.code": ["metadata.event_code", "api.operation"],
        "event.reason": ["status_detail", "message", "comment", "api.response.message"],
        "event.dataset": ["metadata.log_name", "metadata.log_level"],
        "event.provider": ["metadata.log_provider", "metadata.log_name", "service.name"],
        "event.outcome": ["status"],
        "organization.id": ["metadata.tenant_uid"],
        "observer.version": ["metadata.product.version"],
        "observer.name": ["src_endpoint.svc_name", "metadata.loggers.name"],
        "log.level": ["metadata.log_level"],
        "log.description": ["message"],
        "source.ip": ["src_endpoint.ip", "src_endpoint.proxy_endpoint.ip"],
        "source.address": [
            "src_endpoint.ip", "src_endpoint.hostname", "src_endpoint.name", "src_endpoint.proxy_endpoint.ip",
        ],
        "source.port": ["src_endpoint.port"], "source.mac": ["src_endpoint.mac"],
        "source.domain": ["src_endpoint.hostname", "src_endpoint.domain"],
        "source.geo.city_name": ["src_endpoint.location.city"],
        "source.geo.country_name": ["src_endpoint.location.country"],
        "source.geo.country_iso_code": ["src_endpoint.location.country"],
        "source.user.name": [
            "actor.user.name", "user.name", "group.name", "enrichments.data.requester.name",
        ],
        "source.user.email": ["actor.user.email_addr", "enrichments.data.requester.email_addr"],
        "source.user.id": ["actor.user.uid", "enrichments.data.requester.uid"],
        "destination.ip": ["dst_endpoint.ip", "enrichments.data.resources.name", "resources.name"],
        "destination.address": [
            "dst_endpoint.ip", "dst_endpoint.hostname", "dst_endpoint.name", "resources.name",
            "enrichments.data.resources.name",
        ],
        "destination.domain": ["dst_endpoint.hostname", "dst_endpoint.name"],
        "destination.port": ["dst_endpoint.port"],
        "destination.user.name": [
            "actor.user.account.name", "user.name", "enrichments.data.account.name",
        ],
        "user.name": ["actor.user.name", "user.name"],
        "user.full_name": ["actor.user.full_name", "actor.user.name"],
        "user.id": ["actor.user.uid"], "user.email": ["actor.user.email_addr"],
        "user.target.email": ["user.email_addr", "user.name"], "user.target.id": ["user.uid"],
        "user.target.name": [
            "user.name", "entity.name", "actor.user.account.name", "enrichments.data.account.name",
        ],
        "file.name": [
            "entity.name", "file.name", "file.path", "resources.name", "enrichments.data.resources.name",
        ],
        "file.path": ["entity.name", "file.path", "resources.name", "file.name"],
        "file.size": ["file.size"], "file.hash.sha256": ["file.hashes.value"],
        "group.name": [
            "group.name", "dst_endpoint.svc_name", "resources.group.name", "device.groups.name",
            "resources.name",
        ],
        "host.name": [
            "src_endpoint.hostname", "device.hostname", "dst_endpoint.hostname", "dst_endpoint.ip",
        ],
        "host.hostname": ["src_endpoint.hostname", "device.hostname"],
        "host.ip": ["src_endpoint.ip", "device.ip"],
        "network.protocol": ["connection_info.protocol_name"],
        "network.transport": ["connection_info.protocol_name"],
        "process.command_line": ["actor.process.cmd_line", "process.cmd_line"],
        "process.executable": ["actor.process.path", "process.path", "process.file.path"],
        "user_agent.original": ["http_request.user_agent"],
        "url.original": ["http_request.url.url_string", "url.url_string", "dst_endpoint.name"],
        "http.response.status_code": ["http_response.code", "api.response.code", "status_code"],
    ]
    /// What only says the same again, or is the other's own reckoning.
    private static let ecsOwn = [
        "event.category", "event.type", "event.kind", "event.severity", "event.duration", "related.",
        "observer.", "log.syslog.", "log.", "user_agent.", "url.", "message", "host.os.", "source.subdomain",
        "source.geo.timezone", "user.target.domain", "destination.user.domain", "file.directory",
        "cloud.provider", "process.",
    ]

    private static let udm: [String: [String]] = [
        "metadata.eventTimestamp": ["time"],
        "metadata.productLogId": [
            "metadata.uid", "metadata.original_event_uid",
        ],
        "metadata.productEventType": ["metadata.event_code", "metadata.log_name"],
        "metadata.description": ["message", "status_detail"],
        "network.http.method": ["http_request.http_method", "api.operation"],
        "network.http.responseCode": ["http_response.code", "status_code"],
        "principal.ip": ["src_endpoint.ip"], "principal.user.userid": ["actor.user.uid"],
        "principal.user.productObjectId": ["actor.session.credential_uid", "actor.session.uid"],
        "principal.url": ["metadata.log_provider"],
        "principal.hostname": ["device.hostname", "metadata.loggers.name", "src_endpoint.hostname"],
        "target.url": ["http_request.url.path", "http_request.url.url_string"],
        "target.user.userid": ["user.uid", "api.response.data.item.user_id", "*"],
        "additional.correlation_id": ["metadata.correlation_uid"],
        "additional.request_info_id": ["metadata.correlation_uid", "http_request.uid", "api.request.uid"],
        "securityResult.description": ["message", "status_detail"],
    ]
    private static let attributes: [String: [String]] = [
        "usr.email": ["actor.user.email_addr"], "usr.id": ["actor.user.uid"],
    ]

    mutating func compare(
        _ expected: SharedMaterial.Expectation, with event: [Leaves.Leaf], of record: [Leaves.Leaf]
    ) {
        switch expected {
        case .ecs(let output): compare(output, by: Self.ecs, own: Self.ecsOwn, event, record)
        case .udm(let output): compare(output, by: Self.udm, own: [""], event, record)
        case .attributes(let output): compare(output, by: Self.attributes, own: [""], event, record)
        case .ocsf: break
        }
    }

    private mutating func compare(
        _ output: JSONValue, by table: [String: [String]], own: [String], _ event: [Leaves.Leaf],
        _ record: [Leaves.Leaf]
    ) {
        var leaves = Leaves()
        guard (try? leaves.read(output.bytes)) != nil else { return }
        for leaf in leaves.all {
            // A vendor's own names: the value has only to be told by some attribute.
            let isOwn = own.contains { $0.isEmpty || leaf.path.hasPrefix($0) }
            guard let places = table[leaf.path] ?? (isOwn ? nil : ["*"]) else {
                uncompared[leaf.path, default: 0] += 1
                continue
            }
            let isSame = event.contains { held in
                guard !held.path.hasPrefix("unmapped."), !held.path.hasPrefix("observables.") else {
                    return false
                }
                return (places.contains("*") || places.contains(held.path)) && Self.same(leaf.text, held)
            }
            let isTime = places == ["time"]
            if isSame || isTime || record.contains(where: { $0.text.contains(leaf.text) }) {
                add(isSame, leaf.path, leaf.text)
            } else {
                uncompared[leaf.path, default: 0] += 1
            }
        }
    }

    /// An event in the same schema: each of its values has to stand at the same place.
    ///
    /// Left out are the names that each gives to its own product, and what repeats other attributes.
    mutating func compare(ocsf expected: JSONValue, with event: [Leaves.Leaf]) {
        var leaves = Leaves()
        guard (try? leaves.read(expected.bytes)) != nil else { return }
        let own = ["metadata.product", "metadata.profiles", "observables", "unmapped", "raw_data"]
        for leaf in leaves.all {
            if own.contains(where: leaf.path.hasPrefix) {
                uncompared[leaf.path, default: 0] += 1
                continue
            }
            add(event.contains { $0.path == leaf.path && Self.same(leaf.text, $0) }, leaf.path, leaf.text)
        }
    }

    private mutating func add(_ isSame: Bool, _ path: String, _ text: String) {
        compared += 1
        if isSame {
            agreed += 1
        } else {
            disagreements["\(path): \(text.prefix(80))", default: 0] += 1
        }
    }

    /// The same text in any letter case, or the same time to the millisecond.
    private static func same(_ text: String, _ held: Leaves.Leaf) -> Bool {
        if text.lowercased() == held.text.lowercased() { return true }
        guard held.path == "time" || held.path.hasSuffix("_time") || held.path.hasSuffix("_dt") else {
            return false
        }
        let ours = Int64(held.text) ?? Timestamp(iso8601: held.text)?.milliseconds
        let theirs = Timestamp(iso8601: text.replacing(" ", with: "T"))?.milliseconds
        return ours != nil && ours == theirs
    }
}
