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
    struct Action: Sendable {
        var level: AccessLevel
        var isDeletion: Bool
        var isDataRead: Bool
        var isCatalogued: Bool
        var isTampering: Bool
        var makesCredential: Bool
        var removesFactor: Bool
    }

    /// A program by the user agent it sends.
    struct Agent: Sendable {
        var family: [UInt8]
        var isBrowser: Bool
    }

    /// Different actions, and user agents, remembered; past it they are told anew.
    private static let actionsMax = 65_536
    private static let agentsMax = 16_384

    private var book = FactBook()
    private var gate = Gate()
    /// The day last met, taken out of the book: nearly every event is of the same one as the event before.
    private var today = FactBook.Day()
    private var todayNumber: Int32?
    private var actionIndex = KeyIndex()
    private var actions: [Action] = []
    private var agentIndex = KeyIndex()
    private var agents: [Agent] = []
    private var scratch: [UInt8] = []
    /// What a database tells of places, where there is one.
    private let geography: Geography?
    /// Whose the identities are, where a file says it.
    private let holders: AccountHolders?

    package init(_ geography: Geography? = nil, _ holders: AccountHolders? = nil) {
        self.geography = geography
        self.holders = holders.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// What was read since the last time.
    package mutating func take() -> FactBook {
        putAway()
        gate.clear()
        return exchange(&book, with: FactBook())
    }

    private mutating func putAway() {
        guard let day = todayNumber else { return }
        book.days[day] = exchange(&today, with: FactBook.Day())
        todayNumber = nil
    }

    private mutating func turn(to day: Int32) {
        putAway()
        today = book.days.removeValue(forKey: day) ?? FactBook.Day()
        todayNumber = day
    }

    /// Reads one event, and the rules that fired on it.
    package mutating func observe(_ event: Event, of batch: borrowing EventBatch, rules: [RuleHit] = []) {
        guard event.kind == .event else { return }
        let bytes = batch.bytes.span
        let fields = EventFields(bytes, event.json.range)
        let subject = Subject(fields, bytes)
        let day = event.time.day
        if day != todayNumber { turn(to: day) }
        today.events += 1
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
        let person = holders?.person(subject.key)
        let place = place(of: subject.key, person, day, bytes.extracting(subject.name.range))
        today.change(place) { entity in
            if person?.isHuman == true { entity.traits.insert(.personal) }
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

    /// Where an identity's facts of the day go: to those of the person whose it is, where that is known.
    private mutating func place(
        of key: UInt64, _ person: AccountHolders.Person?, _ day: Int32, _ name: Span<UInt8>
    ) -> Int {
        guard let person else { return today.place(of: key, day: day, name: name) }
        return today.place(of: person.key, day: day, name: person.name.span)
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
        today.change(key, day: day, name: name.span) { entity in
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
        let place = place(of: key, holders?.person(key), day, bytes.extracting(target.range))
        today.change(place) { $0.insert(moment, uid: uid) }
    }
}
