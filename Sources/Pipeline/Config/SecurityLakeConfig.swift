package import Engine

/// Custom sources of Amazon Security Lake.
package struct SecurityLakeConfig: ConfigValue {
    package var bucket = ""
    package var sources = Named<String>()
    package var account = "external"
    package var delivery = SecurityLakeConfig.usualDelivery
    package var aws = AWSConfig()

    /// What Security Lake knows.
    private static var usualDelivery: DeliveryConfig {
        var delivery = DeliveryConfig()
        delivery.ocsf = .v1_1_0
        return delivery
    }

    package init() {}

    package static let name = "a security_lake exporter"
    package static let summary =
        "Custom sources of Amazon Security Lake: Parquet in OCSF 1.1.0, one class a source."
    package static var fields: [ConfigField<Self>] {
        [
            .init("bucket", \.bucket, isRequired: true, "Security Lake's bucket: `aws-security-data-lake-…`"),
            .init(
                "sources", \.sources, isRequired: true,
                "Names of custom sources, by the number of the class that each has: `3002: martlet-auth`"),
            .init(
                "account", \.account,
                "`accountId` of events that name none of 12 digits"
            ) { account in
                account == "external" || (account.utf8.count == 12 && Int(account) != nil)
                    ? nil : "must be 12 digits or external"
            },
        ] + DeliveryConfig.fields.map { $0.lifted(\.delivery) } + AWSConfig.fields.map { $0.lifted(\.aws) }
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        aws.check(at: position, by: &decoder)
        delivery.check(encodings: [.ocsf], at: position, by: &decoder)
        if delivery.ocsf != .v1_1_0 {
            decoder.complain(at: position, "ocsf: Security Lake reads 1.1.0")
        }
        let schema = try? OCSFContent.schema(.v1_1_0)
        for entry in sources.entries {
            if Int(entry.name).flatMap({ schema?.eventClass(uid: $0) }) == nil {
                decoder.complain(at: entry.position, "OCSF 1.1.0 has no class \(entry.name)")
            }
            if let complaint = nameComplaint(entry.value) { decoder.complain(at: entry.position, complaint) }
        }
        if sources.entries.isEmpty { decoder.complain(at: position, "sources: at least one is needed") }
    }

    /// By class.
    var names: [Int: String] {
        sources.entries.reduce(into: [:]) { names, entry in
            if let uid = Int(entry.name) { names[uid] = entry.value }
        }
    }

    /// Classes of today's OCSF that become one of these in 1.1.0.
    var classes: Set<UInt32> {
        var classes = Set(names.keys.compactMap { UInt32(exactly: $0) })
        // User and Role Management were Account Change and User Access Management.
        if !classes.isDisjoint(with: [3001, 3005]) { classes.formUnion([3001, 3005, 3007, 3008]) }
        return classes
    }
}
