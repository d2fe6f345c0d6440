/// Sessions that go on after the grant that they began under.
extension GrantReview {
    func outliving() -> [Outliving] {
        struct Key: Hashable {
            var session: String
            var system: String
            var grant: Int
        }
        var within: [Key: Timestamp] = [:]
        var after: [Key: Outliving] = [:]
        for act in acts {
            guard let place = act.grant, !act.session.isEmpty, act.under == nil else { continue }
            let key = Key(session: act.session, system: act.system, grant: place)
            switch act.label {
            case .inGrant, .breakGlass: within[key] = min(within[key] ?? act.time, act.time)
            case .afterExpiry, .afterRevocation:
                guard within[key] != nil else { continue }
                var found =
                    after[key]
                    ?? Outliving(
                        grant: place, session: act.session, act: act, first: within[key] ?? act.time,
                        last: act.time, acts: 0, uids: [], revocation: [])
                found.acts += 1
                found.last = max(found.last, act.time)
                if found.uids.count < Self.uidsMax { found.uids.append(act.uid) }
                after[key] = found
            default: break
            }
        }
        return after.values.map { found in
            var found = found
            found.revocation = Revocation(found, grants[found.grant].grant).commands
            return found
        }.sorted {
            ($0.first, $0.session, $0.grant) < ($1.first, $1.session, $1.grant)
        }
    }
}
