extension AccessState {
    /// A principal's own policies as the evaluator takes them, with those that could not be had.
    package struct Holdings {
        package var layers = PolicyLayers()
        /// Attached, and their documents are not known: AWS's own, mostly.
        package var unknown: [String] = []
        /// Known, and no policy by our reading.
        package var unreadable: [String] = []
    }

    /// What a user, role or group could do by identity policies and boundary as of a time.
    ///
    /// - Parameter known: the documents of policies that are told in no account.
    package func holdings(
        _ account: String, _ subject: String, at time: Timestamp, known: (String) -> String? = { _ in nil },
        reading: (String) -> AccessPolicy?
    ) -> Holdings {
        var holdings = Holdings()
        func add(_ name: String, _ text: String?, isBoundary: Bool = false) {
            guard let text else { return holdings.unknown.append(name) }
            guard let policy = reading(text) else { return holdings.unreadable.append(name) }
            let named = PolicyLayers.Named(name, policy)
            if isBoundary {
                holdings.layers.boundary.append(named)
            } else {
                holdings.layers.identity.append(named)
            }
        }
        let groups = parts(account, subject, .membership, at: time).map { "group/\($0.name)" }
        for holder in [subject] + groups {
            for part in parts(account, holder, .inline, at: time) {
                add("\(holder)/\(part.name)", part.value)
            }
            for part in parts(account, holder, .attachment, at: time) {
                add(part.name, document(of: part.name, account, at: time) ?? known(part.name))
            }
        }
        if let boundary = value(Key(account, subject, .boundary), at: time) {
            add(boundary, document(of: boundary, account, at: time) ?? known(boundary), isBoundary: true)
        }
        return holdings
    }

    /// The moments of a time at which anything changed that `holdings` reads, in order.
    package func changes(
        ofHoldings account: String, _ subject: String, in time: ClosedRange<Timestamp>
    ) -> [Timestamp] {
        func keys(_ name: String) -> [Key] { self.keys(of: Subject(account: account, name: name)) }
        let own = keys(subject)
        let held =
            (own + own.filter { $0.kind == .membership }.flatMap { keys("group/\($0.part)") })
            .filter { [.membership, .attachment, .inline, .boundary].contains($0.kind) }
        let policies = held.flatMap { key in
            key.kind == .attachment
                ? [key.part] : key.kind == .boundary ? history(key).compactMap(\.value) : []
        }
        let documents = Set(policies).flatMap(keys)
        return Set((held + documents).flatMap { history($0).map(\.time) }).filter(time.contains).sorted()
    }

    /// The texts of a principal's own policies and its groups', by their names, as far as they are known.
    package func policyTexts(
        _ account: String, _ subject: String, at time: Timestamp
    ) -> [(name: String, text: String)] {
        let groups = parts(account, subject, .membership, at: time).map { "group/\($0.name)" }
        return ([subject] + groups).flatMap { holder in
            parts(account, holder, .inline, at: time).map { ("\(holder)/\($0.name)", $0.value) }
                + parts(account, holder, .attachment, at: time).compactMap { part in
                    document(of: part.name, account, at: time).map { (part.name, $0) }
                }
        }
    }

    /// A managed policy's document, in the version that counted.
    package func document(of arn: String, _ account: String, at time: Timestamp) -> String? {
        guard let version = value(Key(account, arn, .defaultVersion), at: time) else { return nil }
        return value(Key(account, arn, .version, version), at: time)
    }
}
