/// Adds what one event shows to its identity's day.
struct DayWriter: ~Escapable {
    let event: Event
    let uid: Span<UInt8>
    let hour: UInt8
    /// A value's text under construction.
    var scratch: [UInt8]

    @_lifetime(copy uid)
    init(event: Event, uid: Span<UInt8>, scratch: [UInt8]) {
        self.event = event
        self.uid = uid
        self.scratch = scratch
        hour = event.time.hour
    }

    var time: Timestamp { event.time }

    private func fact(_ value: UInt32) -> Fact {
        Fact(value: value, hours: 1 << UInt32(hour), time: event.time)
    }

    /// The value's number; 0 where there is none.
    func add(_ dimension: Dimension, _ text: Extent, _ bytes: Span<UInt8>, to entity: inout EntityDay)
        -> UInt32
    {
        add(dimension, bytes.extracting(text.range), to: &entity)
    }

    func addScratch(_ dimension: Dimension, to entity: inout EntityDay) -> UInt32 {
        add(dimension, scratch.span, to: &entity)
    }

    func add(_ dimension: Dimension, _ text: Span<UInt8>, to entity: inout EntityDay) -> UInt32 {
        guard !text.isEmpty else { return 0 }
        let value = dimension.value(of: WyHash.hash(text))
        entity.insert(fact(value), uid: uid, text: text)
        return value
    }

    /// `s3:GetObject`: an operation under its service's name without the domain.
    mutating func addAction(
        _ fields: EventFields, level: UInt8, isCatalogued: Bool, _ bytes: Span<UInt8>,
        to entity: inout EntityDay
    ) {
        guard !fields.operation.isEmpty else { return }
        scratch.removeAll(keepingCapacity: true)
        for i in fields.service.range {
            if bytes[i] == UInt8(ascii: ".") { break }
            scratch.append(bytes[i])
        }
        if !scratch.isEmpty { scratch.append(UInt8(ascii: ":")) }
        for i in fields.operation.range { scratch.append(bytes[i]) }
        var fact = fact(Dimension.action.value(of: WyHash.hash(scratch.span)))
        fact.level = level
        fact.isCatalogued = isCatalogued
        entity.insert(fact, uid: uid, text: scratch.span)
    }

    func add(_ rule: RuleHit, to entity: inout EntityDay) {
        var fact = fact(rule.value)
        fact.level = rule.level
        var text = Array(rule.title.utf8.prefix(300))
        if rule.raisesFinding {
            text.append(RuleHit.separator)
            text += StableDigest.finding(rule.id, uid).utf8
        }
        entity.insert(fact, uid: uid, text: text.span)
    }

    func add(_ kind: Moment.Kind, to entity: inout EntityDay) {
        entity.insert(Moment(kind: kind, time: event.time, hash: WyHash.hash(uid)), uid: uid)
    }
}

extension RuleHit {
    /// What parts a rule's title from the uid of the finding that it raised: no title holds a control character.
    static let separator: UInt8 = 0x1F

    /// The title and the finding's uid of a rule's fact.
    static func parts(of text: ArraySlice<UInt8>) -> (title: String, finding: String?) {
        let parts = text.split(separator: separator, maxSplits: 1)
        return (
            String(decoding: parts.first ?? [], as: UTF8.self),
            parts.count == 2 ? String(decoding: parts[1], as: UTF8.self) : nil
        )
    }

    /// The value of the fact that it fired.
    var value: UInt32 {
        let id = Array(id.utf8)
        return Dimension.rule.value(of: WyHash.hash(id.span))
    }
}

/// The detectors that need no habit to compare with, or add up several facts of a day.
enum BehaviourRule: UInt8, CaseIterable, Sendable {
    case travel = 0, sessionSplit, dormantReturn, spray, stuffingHit, factorFatigue, factorDowngrade
    case massDeletion, exfiltration, burst, deniedProbe, enumeration, logTampering, breakGlass
    case credentialForOther, newChain, outsideWorkload

    var hit: RuleHit { RuleHit(id: "martlet.\(name)", title: title, level: level) }

    /// The values of the facts that they fired, by their raw values.
    static let values = allCases.map(\.hit.value)
    var value: UInt32 { Self.values[Int(rawValue)] }

    static func of(_ value: UInt32) -> BehaviourRule? {
        values.firstIndex(of: value).map { allCases[$0] }
    }

    var name: String {
        switch self {
        case .travel: "travel"
        case .sessionSplit: "session_split"
        case .dormantReturn: "dormant_return"
        case .spray: "spray"
        case .stuffingHit: "stuffing_hit"
        case .factorFatigue: "mfa_fatigue"
        case .factorDowngrade: "mfa_downgrade"
        case .massDeletion: "mass_deletion"
        case .exfiltration: "exfiltration"
        case .burst: "burst_of_changes"
        case .deniedProbe: "denied_probe"
        case .enumeration: "enumeration"
        case .logTampering: "log_tampering"
        case .breakGlass: "break_glass_use"
        case .credentialForOther: "credential_for_other"
        case .newChain: "new_role_chain"
        case .outsideWorkload: "workload_credential_outside"
        }
    }

    var title: String {
        switch self {
        case .travel: "Faster between two places than any aircraft"
        case .sessionSplit: "One credential in use from two networks with two programs"
        case .dormantReturn: "Back after a long silence"
        case .spray: "Many users' sign-ins fail from one network"
        case .stuffingHit: "A sign-in succeeds from a network that sprays passwords"
        case .factorFatigue: "Second factor refused again and again"
        case .factorDowngrade: "A factor was removed, then a sign-in from somewhere new"
        case .massDeletion: "More different things deleted in an hour than usual"
        case .exfiltration: "More different things read in an hour than usual"
        case .burst: "More different things changed in an hour than usual"
        case .deniedProbe: "More different actions refused in an hour than usual"
        case .enumeration: "Many new listing and reading actions within ten minutes"
        case .logTampering: "Logging or detection was switched off or cut down"
        case .breakGlass: "A root or break-glass identity was used"
        case .credentialForOther: "A credential was made for another principal"
        case .newChain: "First time that this identity takes this role"
        case .outsideWorkload: "A workload's credential is used from a new network"
        }
    }

    /// Where no base rate is known: as a rule's, 0 to 4.
    var level: UInt8 {
        switch self {
        case .newChain, .deniedProbe, .dormantReturn, .burst: 1
        case .enumeration, .massDeletion, .exfiltration, .credentialForOther, .travel: 2
        default: 3
        }
    }

    var techniques: [String] {
        switch self {
        case .travel, .dormantReturn: ["attack.initial-access", "attack.t1078.004"]
        case .sessionSplit: ["attack.credential-access", "attack.t1539", "attack.t1550.001"]
        case .spray: ["attack.credential-access", "attack.t1110.003"]
        case .stuffingHit: ["attack.credential-access", "attack.t1110.004"]
        case .factorFatigue: ["attack.credential-access", "attack.t1621"]
        case .factorDowngrade: ["attack.persistence", "attack.t1556.006"]
        case .massDeletion: ["attack.impact", "attack.t1485"]
        case .exfiltration: ["attack.exfiltration", "attack.t1537"]
        case .burst: ["attack.impact"]
        case .deniedProbe, .enumeration: ["attack.discovery", "attack.t1526"]
        case .logTampering: ["attack.defense-impairment", "attack.t1562.008"]
        case .breakGlass: ["attack.privilege-escalation", "attack.t1078.004"]
        case .credentialForOther: ["attack.persistence", "attack.t1098.001"]
        case .newChain: ["attack.privilege-escalation", "attack.t1078.004"]
        case .outsideWorkload: ["attack.credential-access", "attack.t1552.005"]
        }
    }
}
