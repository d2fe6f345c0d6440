extension AccessState {
    /// Takes all that was there at a time; what the changes before it say otherwise was changed unseen.
    ///
    /// Answers with what was not as expected.
    @discardableResult
    package mutating func apply(
        snapshot facts: [Key: String], of account: String, at time: Timestamp, uid: String,
        covering isCovered: (Key) -> Bool
    ) -> [Change] {
        var snapshot = AccessSnapshot(account: account, facts: facts)
        (snapshot.begun, snapshot.taken) = (time, time)
        let differences = differences(from: snapshot, uid: uid, lastWhole: { _ in nil }, covering: isCovered)
        for change in differences { apply(change) }
        return differences.filter { $0.entry.unseenSince != nil }
    }

    /// What a snapshot shows that the changes before it did not tell, as changes of their own.
    ///
    /// Such a change must have happened since the thing last stood as it was known: since its last change, or since the
    /// last whole snapshot, which showed it so. Of a thing that was never known nobody can say that it changed, unless
    /// it is a principal's whose beginning was seen.
    ///
    /// - Parameter lastWhole: when the last snapshot was begun that was whole in what a key is about.
    /// - Parameter isCovered: of which keys the snapshot is whole: what it does not show of those was taken away.
    package func differences(
        from snapshot: AccessSnapshot, uid: String, lastWhole: (Key) -> Timestamp?,
        covering isCovered: (Key) -> Bool
    ) -> [Change] {
        guard let taken = snapshot.taken else { return [] }
        let begun = min(snapshot.begun ?? taken, taken)
        var differences: [Change] = []
        func note(_ key: Key, _ value: String?) {
            let before = entry(key, at: begun)
            guard before?.value != value else { return }
            if snapshot.service == .azureRoles, before != nil { return }
            // Whoever administers an organization for it tells its changes in an account of their own.
            guard before != nil || !isToldElsewhere(key) else { return }
            // What changed while it was taken may be in it or not.
            let meanwhile = history(key).filter { $0.time > begun && $0.time <= taken }
            guard !meanwhile.contains(where: { $0.value == value }) else { return }
            let isSilent =
                follows(key, value, begun) || snapshot.isUntold(key, value ?? before?.value ?? "")
            let since = [
                before?.time, isCovered(key) ? lastWhole(key) : nil, before == nil ? birth(key) : nil,
            ]
            let entry = Entry(
                time: taken, uid: uid, value: value, actor: "", operation: Entry.snapshot,
                unseenSince: isSilent ? nil : since.compactMap { $0 }.max())
            differences.append(Change(key, entry))
        }
        for (key, value) in snapshot.facts.sorted(by: { $0.key < $1.key }) { note(key, value) }
        var absent: [Key] = []
        forEach { key, slot in
            guard key.account == snapshot.account, snapshot.facts[key] == nil,
                slot.value(at: begun) != nil, isCovered(key)
            else { return }
            absent.append(key)
        }
        for key in absent.sorted() { note(key, nil) }
        return differences + proofs(snapshot, at: taken, uid: uid)
    }

    /// What a whole snapshot of an organization proves by what it lacks: that service control policies are off, or at which
    /// levels not everything is allowed.
    ///
    /// What never was is no change, and has to be known all the same.
    private func proofs(_ snapshot: AccessSnapshot, at taken: Timestamp, uid: String) -> [Change] {
        guard snapshot.service == .organizations else { return [] }
        let isOn = snapshot.facts.keys.contains { $0.part == Self.serviceControl }
        let part = isOn ? Self.openPolicy : Self.serviceControl
        let subjects = Set(snapshot.facts.keys.map(\.subject)).filter {
            $0.hasPrefix(isOn ? "target/" : "target/r-")
        }
        let entry = Entry(time: taken, uid: uid, value: nil, actor: "", operation: Entry.snapshot)
        return subjects.sorted().compactMap { subject in
            let key = Key(snapshot.account, subject, .guardrailTarget, part)
            guard snapshot.facts[key] == nil, snapshot.isWhole(in: key), self.entry(key, at: taken) == nil,
                !isToldElsewhere(key)
            else { return nil }
            return Change(key, entry)
        }
    }

    /// Whether another account's events told of it.
    private func isToldElsewhere(_ key: Key) -> Bool {
        (targets[key.subject] ?? []).contains {
            $0.account != key.account && $0.kind == key.kind && $0.part == key.part
        }
    }

    /// Whether it comes or goes with something else, of which no event tells by itself: a new account or unit has a place
    /// and what AWS attaches to all, and one that was removed has nothing attached any more. A directory's memberships
    /// are ended by calls that name neither the group nor its member.
    private func follows(_ key: Key, _ value: String?, _ begun: Timestamp) -> Bool {
        if key.kind == .membership, AccessSnapshot.isOfIdentityCenter(key.subject) {
            let since = entry(key, at: begun)?.time ?? .distantPast
            return parts(ofUnnamed: key.account).contains { $0 > since }
        }
        // Whoever is deleted, or whose group is, is in none any more.
        if key.kind == .membership, value == nil {
            return [key.subject, "group/\(key.part)"].contains { isGone($0, key.account, begun) }
        }
        guard key.subject.hasPrefix("target/") else { return false }
        let place = entry(Key(key.account, key.subject, .placement), at: begun)
        if value == nil { return key.kind == .guardrailTarget && place != nil && place?.value == nil }
        return place == nil
            && (key.kind == .placement
                || ["organization", "root", Self.openPolicy, Self.openResourcePolicy].contains(key.part))
    }

    private func isGone(_ subject: String, _ account: String, _ time: Timestamp) -> Bool {
        entry(Key(account, subject, .identity), at: time).map { $0.value == nil } ?? false
    }

    /// When memberships of a directory were changed by calls that do not say whose.
    private func parts(ofUnnamed account: String) -> [Timestamp] {
        (holding(account, IdentityCenterItem.unnamed)?.slots(.membership) ?? []).flatMap {
            $0.history.map(\.time)
        }
    }

    /// When a principal was made, where an event told it.
    private func birth(_ key: Key) -> Timestamp? {
        guard let first = history(Key(key.account, key.subject, .identity)).first, first.value != nil,
            !first.isSnapshot
        else { return nil }
        return first.time
    }
}
