/// What of an event becomes facts about whoever caused it.
extension FactReader {
    /// Different things changed, deleted, read and refused in an hour.
    static func count(
        _ event: Event, _ fields: EventFields, _ action: Action, _ bytes: Span<UInt8>,
        _ writer: inout DayWriter, _ entity: inout EntityDay
    ) {
        let name = WyHash.hash(bytes.extracting(fields.operation.range))
        let thing =
            fields.resource.isEmpty
            ? WyHash.hash(writer.uid) : WyHash.hash(bytes.extracting(fields.resource.range))
        let both = WyHash.mix(name ^ 0x2d35_8dcc_aa6c_78a5, thing ^ 0x8bb8_4b93_962e_acc9)
        let (time, hour, uid) = (event.time, writer.hour, writer.uid)
        if event.statusID == 2 {
            if event.classUID != 3002 { entity.insert(.denials, hour: hour, name, at: time, uid) }
            return
        }
        if action.level.rawValue >= 2 { entity.insert(.changes, hour: hour, both, at: time, uid) }
        if action.isDeletion { entity.insert(.deletions, hour: hour, both, at: time, uid) }
        if action.isDataRead { entity.insert(.reads, hour: hour, thing, at: time, uid) }
    }

    static func readHabits(
        _ fields: EventFields, _ subject: Subject, _ action: Action, _ program: Agent?,
        _ geography: Geography?, _ bytes: Span<UInt8>,
        _ writer: inout DayWriter, _ entity: inout EntityDay
    ) {
        // A service that acts for somebody has an address and a program of its own, which say nothing of them.
        let isForwarded = !fields.invokedBy.isEmpty
        var network: UInt32 = 0
        var agent: UInt32 = 0
        var country: UInt32 = 0
        if !isForwarded {
            writer.scratch.removeAll(keepingCapacity: true)
            NetworkOf.append(fields, bytes, to: &writer.scratch)
            network = writer.addScratch(.network, to: &entity)
            country = writer.add(.country, fields.country, bytes, to: &entity)
            if let program, network != 0 {
                entity.traits.insert(program.isBrowser ? .browser : .program)
                agent = writer.add(.agent, program.family.span, to: &entity)
            }
        }
        if fields.isMultifactor { entity.traits.insert(.multifactor) }
        _ = writer.add(.device, fields.device, bytes, to: &entity)
        _ = writer.add(.method, fields.factor.isEmpty ? fields.userType : fields.factor, bytes, to: &entity)
        _ = writer.add(.client, fields.application, bytes, to: &entity)
        _ = writer.add(.region, fields.region, bytes, to: &entity)
        _ = writer.add(.account, fields.account, bytes, to: &entity)
        _ = writer.add(.role, fields.actorRole, bytes, to: &entity)
        _ = writer.add(.role, fields.targetRole, bytes, to: &entity)
        _ = writer.add(.peer, subject.peer, bytes, to: &entity)
        _ = writer.add(.service, fields.service, bytes, to: &entity)
        writer.addAction(
            fields, level: action.level.rawValue, isCatalogued: action.isCatalogued, bytes, to: &entity)
        let session = fields.credential.isEmpty ? fields.session : fields.credential
        if !session.isEmpty, network != 0 {
            let use = SessionUse(
                session: WyHash.hash(bytes.extracting(session.range)), network: network, country: country,
                agent: agent, hours: 1 << UInt32(writer.hour), first: writer.time)
            entity.insert(use, uid: writer.uid)
        }
        if network != 0 { readPlace(fields, network, geography, bytes, &writer, &entity) }
        if action.isTampering { writer.add(BehaviourRule.logTampering.hit, to: &entity) }
        if subject.traits.contains(.breakGlass) { writer.add(BehaviourRule.breakGlass.hit, to: &entity) }
        if action.makesCredential, isOther(fields, subject, bytes) {
            writer.add(BehaviourRule.credentialForOther.hit, to: &entity)
        }
    }

    /// Whether the event is about another principal than the one who acts.
    static func isOther(_ fields: EventFields, _ subject: Subject, _ bytes: Span<UInt8>) -> Bool {
        let names = [fields.targetUID, fields.targetEmail, fields.targetName].filter { !$0.isEmpty }
        guard !names.isEmpty else { return false }
        let own = [fields.userUID, fields.userEmail, fields.userName].filter { !$0.isEmpty }
        return !names.contains { name in
            own.contains { Bytes.equal(bytes.extracting($0.range), bytes.extracting(name.range)) }
        }
    }

    static func readMoments(
        _ fields: EventFields, _ action: Action, _ bytes: Span<UInt8>, _ writer: inout DayWriter,
        _ entity: inout EntityDay
    ) {
        let isFactor =
            fields.isMultifactor || !fields.factor.isEmpty || action.removesFactor
            || Self.speaksOfFactor(bytes.extracting(fields.operation.range))
            || Self.speaksOfFactor(bytes.extracting(fields.statusDetail.range))
        let kind: Moment.Kind =
            writer.event.statusID == 2
            ? (isFactor ? .factorDenied : .signInFailed) : isFactor ? .factorApproved : .signedIn
        writer.add(kind, to: &entity)
    }

    static func speaksOfFactor(_ text: Span<UInt8>) -> Bool {
        guard text.count >= 3 else { return false }
        for at in 0..<(text.count - 2) where text[at] | 0x20 == UInt8(ascii: "m") {
            if text[at + 1] | 0x20 == UInt8(ascii: "f"), text[at + 2] | 0x20 == UInt8(ascii: "a") {
                return true
            }
        }
        for at in 0..<(text.count - 2) where text[at] | 0x20 == UInt8(ascii: "p") {
            if text[at + 1] | 0x20 == UInt8(ascii: "u"), text[at + 2] | 0x20 == UInt8(ascii: "s") {
                return true
            }
        }
        return false
    }
}
