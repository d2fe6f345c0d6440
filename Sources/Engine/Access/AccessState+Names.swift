extension AccessState {
    /// Principals that were there, in order: account and subject.
    package func identities(at time: Timestamp) -> [(account: String, subject: String)] {
        everybody { subject, slot in
            slot.value(at: time) != nil && !AccessAssignment.isPermissionSet(subject.name)
        }
    }

    /// Principals of any time that a person means by a name: an ARN, `user/ada`, `ada`, or what a directory calls them.
    package func named(_ name: String) -> [(account: String, subject: String)] {
        let principal = RequestPrincipal(name)
        let found = everybody { subject, slot in
            if let account = principal.account {
                let isRole = principal.roleName.map { subject.name == "role/\($0)" } ?? false
                let isUser = principal.userName.map { subject.name == "user/\($0)" } ?? false
                let isSame = slot.history.contains { $0.value == name }
                return subject.account == account && (isRole || isUser || isSame)
            }
            return subject.name == name || subject.name.hasSuffix("/\(name)")
                || slot.history.contains { $0.value == name }
        }
        if name.isEmpty { return found }
        // Nobody told when somebody began: a member of Google's, a person of a directory whose name is not known. Who is
        // known in one directory may have access in others.
        let others = places.filter { subject, place in
            let isNamed = subject.name == name || found.isEmpty && subject.name.hasSuffix("/\(name)")
            return isNamed && holdings[place].slot(.identity, "") == nil
        }
        return (found + others.keys.map { ($0.account, $0.name) }).sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    }

    private func everybody(
        where isMeant: (Subject, AccessHolding.Slot) -> Bool
    ) -> [(account: String, subject: String)] {
        places.filter { subject, place in
            holdings[place].slot(.identity, "").map { isMeant(subject, $0) } ?? false
        }.keys.sorted().map { ($0.account, $0.name) }
    }
}
