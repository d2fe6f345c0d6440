/// A rule that fired on an event, as a fact about whoever caused it.
package struct RuleHit: Sendable {
    package var id: String
    package var title: String
    /// 0 (informational) to 4 (critical).
    package var level: UInt8
    /// Whether it is a rule that raises findings of its own.
    package var raisesFinding = false

    package init(id: String, title: String, level: UInt8) {
        self.id = id
        self.title = title
        self.level = level
    }

    init(_ head: RuleHead) {
        let level: UInt8 =
            switch head.level {
            case .informational: 0
            case .low: 1
            case .medium: 2
            case .high: 3
            case .critical: 4
            }
        self.init(id: head.id, title: String(head.title.filter { $0 >= " " }), level: level)
        raisesFinding = true
    }
}

/// Reads facts from OCSF events, whatever feed they are of: the per-event part of the baselines.
///
/// A combination of identity, place, program, action and hour is looked at once; its repetitions end at the gate.
package struct FactReader: Sendable {
    /// What is known of an action by its name.
    private struct Action: Sendable {
        var level: AccessLevel
        var isDeletion: Bool
        var isDataRead: Bool
        var isCatalogued: Bool
        var isTampering: Bool
        var makesCredential: Bool
        var removesFactor: Bool
    }

    /// A program by the user agent it sends.
    private struct Agent: Sendable {
        var family: [UInt8]
        var isBrowser: Bool
    }

    /// Different actions, and user agents, remembered; past it they are told anew.
    private static let actionsMax = 65_536
    private static let agentsMax = 16_384

    package private(set) var book = FactBook()
    private var gate = Gate()
    private var actionIndex = KeyIndex()
    private var actions: [Action] = []
    private var agentIndex = KeyIndex()
    private var agents: [Agent] = []
    private var scratch: [UInt8] = []
    /// Events of the day last met, before they are counted in the book.
    private var countedDay: Int32 = 0
    private var counted = 0

    /// What a database tells of places, where there is one.
    private let geography: Geography?

    package init(_ geography: Geography? = nil) { self.geography = geography }

    /// What was read since the last time.
    package mutating func take() -> FactBook {
        count(on: countedDay)
        defer {
            book = FactBook()
            gate = Gate()
        }
        return book
    }

    /// Adds the events that were counted to their day: a look into the book for each would cost more than the count.
    private mutating func count(on day: Int32) {
        if counted > 0 { book.days[countedDay, default: FactBook.Day()].events += counted }
        (countedDay, counted) = (day, 0)
    }

    /// Reads one event, and the rules that fired on it.
    package mutating func observe(_ event: Event, of batch: borrowing EventBatch, rules: [RuleHit] = []) {
        guard event.kind == .event else { return }
        let bytes = batch.bytes.span
        let fields = EventFields(bytes, event.json.range)
        let subject = Subject(fields, bytes)
        let day = event.time.day
        if day != countedDay { count(on: day) }
        counted += 1
        let isSignIn = event.classUID == 3002
        if isSignIn, !fields.address.isEmpty { observeSource(event, fields, bytes, batch) }
        guard !subject.name.isEmpty else { return }
        let action = action(of: event, fields, bytes)
        let uid = bytes.extracting(event.uid.range)
        let combination = Self.combination(event, fields, subject, bytes)
        let isOpen = gate.opens(for: combination, at: event.time)
        let isCounted = action.level.rawValue >= 2 || action.isDataRead || event.statusID == 2
        guard isOpen || isCounted || isSignIn || !rules.isEmpty else { return }
        // Whoever does not get in shows nothing of the user whose name was given.
        let isRefused = isSignIn && event.statusID == 2
        let agent = isOpen ? agent(fields, bytes) : nil
        let geography = geography
        var writer = DayWriter(event: event, uid: uid, scratch: exchange(&scratch, with: []))
        book.days[day, default: FactBook.Day()].change(
            subject.key, day: day, name: bytes.extracting(subject.name.range)
        ) { entity in
            if isCounted { Self.count(event, fields, action, bytes, &writer, &entity) }
            if isOpen {
                entity.traits.formUnion(subject.traits)
                if !isRefused {
                    entity.hours |= 1 << UInt32(writer.hour)
                    Self.readHabits(
                        fields, subject, action, agent, geography, bytes, &writer, &entity)
                }
            }
            if isSignIn { Self.readMoments(fields, action, bytes, &writer, &entity) }
            for rule in rules { writer.add(rule, to: &entity) }
        }
        scratch = writer.scratch
        if action.removesFactor, event.statusID != 2 { tellTarget(event, fields, subject, bytes, uid) }
    }

    // MARK: What of an event makes a combination

    private static func combination(
        _ event: Event, _ fields: EventFields, _ subject: Subject, _ bytes: Span<UInt8>
    ) -> UInt64 {
        var hash =
            subject.key ^ UInt64(truncatingIfNeeded: event.time.nanoseconds / 3_600_000_000_000) &* 0x9E37
        // Everything that becomes a fact is part of it: what is left out here could be lost behind the gate.
        func mix(_ part: Extent, _ place: UInt64) {
            if part.isEmpty { return }
            hash = WyHash.mix(
                hash ^ WyHash.hash(bytes.extracting(part.range)), 0x8bb8_4b93_962e_acc9 ^ place << 32)
        }
        mix(fields.address, 1)
        mix(fields.agent, 2)
        mix(fields.operation, 3)
        mix(fields.service, 4)
        mix(fields.credential, 5)
        mix(fields.region, 6)
        mix(fields.account, 7)
        mix(fields.targetRole, 8)
        mix(fields.device, 9)
        mix(fields.factor, 10)
        mix(fields.session, 11)
        mix(fields.application, 12)
        mix(fields.actorRole, 13)
        mix(fields.userType, 14)
        mix(subject.peer, 15)
        mix(fields.country, 16)
        mix(fields.autonomousSystem, 17)
        mix(fields.latitude, 18)
        mix(fields.longitude, 19)
        mix(fields.accuracy, 23)
        mix(fields.city, 24)
        mix(fields.invokedBy, 20)
        if event.classUID != 6003 {
            mix(fields.targetUID, 21)
            mix(fields.targetEmail, 22)
        }
        if fields.isMultifactor { hash = ~hash }
        return WyHash.mix(hash ^ UInt64(event.statusID), 0x2d35_8dcc_aa6c_78a5 ^ UInt64(event.classUID))
    }

    private mutating func action(of event: Event, _ fields: EventFields, _ bytes: Span<UInt8>) -> Action {
        let name = bytes.extracting(fields.operation.range)
        let key = WyHash.mix(
            WyHash.hash(name) ^ UInt64(event.classUID) << 8, UInt64(event.activityID) ^ 0x4d5a_2da5_1de1_aa47)
        if let known = actionIndex[key] { return actions[known] }
        if actions.count >= Self.actionsMax {
            actions = []
            actionIndex = KeyIndex()
        }
        var text: [UInt8] = []
        for i in 0..<min(name.count, 128) { text.append(name[i]) }
        let word = String(decoding: text, as: UTF8.self)
        let action = Action(
            level: ActionLevel.of(event, name), isDeletion: ActionLevel.isDeletion(event, name),
            isDataRead: ActionLevel.isDataRead(name), isCatalogued: ActionLevel.catalogue.contains(word),
            isTampering: ActionLevel.logTampering.contains(word),
            makesCredential: ActionLevel.credentialMaking.contains(word),
            removesFactor: ActionLevel.factorRemovals.contains(word))
        actionIndex.insert(key, actions.count)
        actions.append(action)
        return action
    }

    private mutating func agent(_ fields: EventFields, _ bytes: Span<UInt8>) -> Agent? {
        if fields.agent.isEmpty { return nil }
        let key = WyHash.hash(bytes.extracting(fields.agent.range))
        if let known = agentIndex[key] { return agents[known] }
        if agents.count >= Self.agentsMax {
            agents = []
            agentIndex = KeyIndex()
        }
        var family: [UInt8] = []
        let isBrowser = AgentFamily.append(fields.agent, bytes, to: &family)
        agentIndex.insert(key, agents.count)
        agents.append(Agent(family: family, isBrowser: isBrowser))
        return agents[agents.count - 1]
    }

    // MARK: What becomes facts

    /// Different things changed, deleted, read and refused in an hour.
    private static func count(
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

    private static func readHabits(
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
    private static func isOther(_ fields: EventFields, _ subject: Subject, _ bytes: Span<UInt8>) -> Bool {
        let names = [fields.targetUID, fields.targetEmail, fields.targetName].filter { !$0.isEmpty }
        guard !names.isEmpty else { return false }
        let own = [fields.userUID, fields.userEmail, fields.userName].filter { !$0.isEmpty }
        return !names.contains { name in
            own.contains { Bytes.equal(bytes.extracting($0.range), bytes.extracting(name.range)) }
        }
    }

    private static func readMoments(
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

    private static func speaksOfFactor(_ text: Span<UInt8>) -> Bool {
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

    // MARK: Others than the subject

    /// The address that sign-ins come from is an identity of its own: who fails from it, and who gets in.
    private mutating func observeSource(
        _ event: Event, _ fields: EventFields, _ bytes: Span<UInt8>, _ batch: borrowing EventBatch
    ) {
        var name: [UInt8] = []
        NetworkOf.append(prefixOf: fields.address, parts: 3, bytes, to: &name)
        guard !name.isEmpty else { return }
        let user = fields.targetUID.isEmpty ? fields.targetName : fields.targetUID
        let victim = user.isEmpty ? fields.userName : user
        guard !victim.isEmpty else { return }
        let day = event.time.day
        let key = Subject.key(name) ^ 0xadd2
        let hash = WyHash.hash(bytes.extracting(victim.range))
        let hour = event.time.hour
        let uid = bytes.extracting(event.uid.range)
        let isFailure = event.statusID == 2
        book.days[day, default: FactBook.Day()].change(key, day: day, name: name.span) { entity in
            entity.traits.insert(.address)
            entity.insert(isFailure ? .victims : .successes, hour: hour, hash, at: event.time, uid)
            guard isFailure else { return }
            let fact = Fact(
                value: Dimension.victim.value(of: hash), hours: 1 << UInt32(hour), time: event.time)
            entity.insert(fact, uid: uid, text: bytes.extracting(victim.range))
        }
    }

    /// Whoever loses a factor is watched for what happens next, too.
    private mutating func tellTarget(
        _ event: Event, _ fields: EventFields, _ subject: Subject, _ bytes: Span<UInt8>, _ uid: Span<UInt8>
    ) {
        let target = fields.targetEmail.isEmpty ? fields.targetUID : fields.targetEmail
        guard !target.isEmpty else { return }
        let key = Subject.key(bytes, target)
        let day = event.time.day
        let moment = Moment(kind: .factorReset, time: event.time, hash: WyHash.hash(uid))
        book.days[day, default: FactBook.Day()].change(
            key, day: day, name: bytes.extracting(target.range)
        ) { $0.insert(moment, uid: uid) }
    }
}
