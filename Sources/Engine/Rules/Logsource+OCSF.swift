/// Rules about the normalized event instead of the vendor's record.
///
/// `logsource: {product: ocsf, category: authentication}` means the events of one OCSF class, of whatever vendor;
/// without a category those of every class. `service` names one feed. Fields are OCSF paths: `actor.user.email_addr`.
extension Logsource {
    static let ocsfProduct = "ocsf"

    /// Whether its rules are asked of the event, and not of the record.
    package var isOCSF: Bool { product == Self.ocsfProduct }

    /// The class that an OCSF rule is for; `nil`: every class.
    var classUID: UInt32? { category.flatMap { Self.classes[$0] } }

    /// A category that no class has would silently match nothing.
    func requireClass(at position: SourcePosition) throws(Problem) {
        guard isOCSF, let category, Self.classes[category] == nil else { return }
        let near = nearestName(to: category, among: Self.classes.keys)
        throw Problem(
            at: position, "OCSF has no class '\(category)'",
            hint: near.map { "did you mean '\($0)'?" }
                ?? "classes are named as in authentication, api_activity")
    }

    /// The classes of OCSF 1.9 that events are written in.
    static let classes: [String: UInt32] = [
        "base_event": 0, "file_activity": 1001, "kernel_extension_activity": 1002, "kernel_activity": 1003,
        "memory_activity": 1004, "module_activity": 1005, "scheduled_job_activity": 1006,
        "process_activity": 1007, "event_log_actvity": 1008, "script_activity": 1009,
        "peripheral_activity": 1010, "device_power_state_activity": 1011, "clipboard_activity": 1012,
        "security_finding": 2001, "vulnerability_finding": 2002, "compliance_finding": 2003,
        "detection_finding": 2004, "incident_finding": 2005, "data_security_finding": 2006,
        "application_security_posture_finding": 2007, "iam_analysis_finding": 2008, "account_change": 3001,
        "authentication": 3002, "authorize_session": 3003, "entity_management": 3004, "user_access": 3005,
        "group_management": 3006, "user_management": 3007, "role_management": 3008,
        "network_activity": 4001, "http_activity": 4002, "dns_activity": 4003, "dhcp_activity": 4004,
        "rdp_activity": 4005, "smb_activity": 4006, "ssh_activity": 4007, "ftp_activity": 4008,
        "email_activity": 4009, "network_file_activity": 4010, "email_file_activity": 4011,
        "email_url_activity": 4012, "ntp_activity": 4013, "tunnel_activity": 4014, "inventory_info": 5001,
        "config_state": 5002, "user_inventory": 5003, "patch_state": 5004, "kernel_object_query": 5006,
        "file_query": 5007, "folder_query": 5008, "admin_group_query": 5009, "job_query": 5010,
        "module_query": 5011, "network_connection_query": 5012, "networks_query": 5013,
        "peripheral_device_query": 5014, "process_query": 5015, "service_query": 5016,
        "session_query": 5017, "user_query": 5018, "device_config_state_change": 5019,
        "software_info": 5020, "osint_inventory_info": 5021, "startup_item_query": 5022,
        "cloud_resources_inventory_info": 5023, "evidence_info": 5040, "web_resources_activity": 6001,
        "application_lifecycle": 6002, "api_activity": 6003, "web_resource_access_activity": 6004,
        "datastore_activity": 6005, "file_hosting": 6006, "scan_activity": 6007, "application_error": 6008,
    ]
}

extension SigmaRule {
    /// What it asks, its OCSF class included: most events are of another and are passed over by one look-up.
    var expressionOfClass: RuleExpression {
        guard logsource.isOCSF, let uid = logsource.classUID else { return expression }
        let check = RuleCheck.text(.equals, ["\(uid)"], isCased: false)
        let test = RuleTest(field: "class_uid", check: check, position: head.position)
        return .all([.test(test), expression])
    }

    /// Says which of an OCSF rule's fields its class does not have.
    func checkFields(against schema: OCSFSchema) throws(Problem) {
        guard logsource.isOCSF else { return }
        let classes =
            logsource.classUID.flatMap { schema.eventClass(uid: Int($0)) }.map { [$0] } ?? schema.classes
        for test in expression.tests {
            var names = [test.field].compactMap { $0 }
            if case .field(let other, _, _) = test.check { names.append(other) }
            for name in names {
                var nearest: Problem?
                let isKnown = classes.contains { structure in
                    do throws(Problem) {
                        _ = try schema.resolve(
                            name, in: structure, at: test.position, hints: classes.count == 1)
                        return true
                    } catch {
                        if nearest == nil { nearest = error }
                        return false
                    }
                }
                if !isKnown, let nearest { throw nearest }
            }
        }
    }
}

extension RuleExpression {
    /// Its questions, in the order written.
    var tests: [RuleTest] {
        switch self {
        case .test(let test): [test]
        case .not(let inner): inner.tests
        case .all(let terms), .any(let terms): terms.flatMap(\.tests)
        case .constant: []
        }
    }
}
