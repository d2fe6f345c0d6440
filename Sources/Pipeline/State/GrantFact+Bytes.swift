import Codecs
import Engine

/// A fact about grants as bytes, as the log of drift keeps it.
extension GrantFact {
    private enum Kind: UInt8 { case phase = 1, act = 2 }

    func put(into writer: inout BinaryWriter) {
        switch self {
        case .phase(let phase):
            writer.put(Kind.phase.rawValue)
            writer.put(phase.time.nanoseconds)
            for text in [phase.uid, phase.system, phase.actor, phase.session, phase.address] {
                writer.put(text)
            }
            phase.grant.put(into: &writer)
        case .act(let act):
            writer.put(Kind.act.rawValue)
            writer.put(act.time.nanoseconds)
            for text in Self.texts { writer.put(act[keyPath: text]) }
            writer.put(act.privilege.rawValue)
            writer.put(act.nature?.rawValue ?? .max)
            writer.put(UInt8(act.isRoot ? 1 : 0))
        }
    }

    /// `nil` where it says nothing that can be understood.
    init?(_ reader: inout BinaryReader) throws(BinaryReader.Malformed) {
        let kind = Kind(rawValue: try reader.word(UInt8.self))
        let time = Timestamp(nanoseconds: try reader.word())
        switch kind {
        case .phase:
            var texts: [String] = []
            for _ in 0..<5 { texts.append(try reader.string()) }
            guard let grant = try Grant(&reader) else { return nil }
            self = .phase(
                GrantPhase(
                    time: time, uid: texts[0], system: texts[1], grant: grant, actor: texts[2],
                    session: texts[3], address: texts[4]))
        case .act:
            var texts: [String] = []
            for _ in Self.texts { texts.append(try reader.string()) }
            let privilege = Privilege(rawValue: try reader.word(UInt8.self))
            let nature = Nature(rawValue: try reader.word(UInt8.self))
            let isRoot = try reader.word(UInt8.self) == 1
            guard let privilege else { return nil }
            var act = GrantAct(time: time, privilege: privilege)
            for (path, text) in zip(Self.texts, texts) { act[keyPath: path] = text }
            act.nature = nature
            act.isRoot = isRoot
            self = .act(act)
        case nil: return nil
        }
    }

    private static var texts: [WritableKeyPath<GrantAct, String>] {
        [
            \.uid, \.operation, \.system, \.account, \.role, \.resource, \.userUID, \.userName, \.userEmail,
            \.session, \.human,
        ]
    }
}

extension Grant {
    fileprivate func put(into writer: inout BinaryWriter) {
        writer.put(phase.rawValue)
        for text in [uid, provider, justification] { writer.put(optional: text) }
        for time in [start, end] { writer.put(time?.nanoseconds ?? .max) }
        writer.put(duration.map { $0.components.seconds } ?? .max)
        writer.put(UInt8(isEmergency ? 1 : 0))
        for list in [approvers, roles, resources]
            + [requester, target, account, ticket].map({ $0.map { [$0] } ?? [] })
        {
            writer.put(count: list.count)
            for name in list {
                for text in [name.uid, name.name, name.email, name.type] { writer.put(optional: text) }
            }
        }
    }

    fileprivate init?(_ reader: inout BinaryReader) throws(BinaryReader.Malformed) {
        let phase = Phase(rawValue: try reader.string())
        var texts: [String?] = []
        for _ in 0..<3 { texts.append(try reader.optionalString()) }
        var times: [Int64] = []
        for _ in 0..<3 { times.append(try reader.word()) }
        let isEmergency = try reader.word(UInt8.self) == 1
        var lists: [[Name]] = []
        for _ in 0..<7 {
            var list: [Name] = []
            for _ in 0..<(try reader.itemCount()) {
                var name = Name()
                name.uid = try reader.optionalString()
                name.name = try reader.optionalString()
                name.email = try reader.optionalString()
                name.type = try reader.optionalString()
                list.append(name)
            }
            lists.append(list)
        }
        guard let phase else { return nil }
        self.init(phase: phase)
        (uid, provider, justification) = (texts[0], texts[1], texts[2])
        start = times[0] == .max ? nil : Timestamp(nanoseconds: times[0])
        end = times[1] == .max ? nil : Timestamp(nanoseconds: times[1])
        duration = times[2] == .max ? nil : .seconds(times[2])
        self.isEmergency = isEmergency
        (approvers, roles, resources) = (lists[0], lists[1], lists[2])
        (requester, target, account, ticket) = (
            lists[3].first, lists[4].first, lists[5].first, lists[6].first
        )
    }
}

extension BinaryWriter {
    fileprivate mutating func put(optional text: String?) {
        put(UInt8(text == nil ? 0 : 1))
        if let text { put(text) }
    }
}

extension BinaryReader {
    fileprivate mutating func optionalString() throws(Malformed) -> String? {
        try word(UInt8.self) == 1 ? try string() : nil
    }
}
