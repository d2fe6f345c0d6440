import Engine
import Pipeline
import Ports

/// What `grants` prints of a review.
struct GrantsTold {
    struct Choice {
        var from: Timestamp
        var to: Timestamp
        /// A name, with `*` for any text.
        var who: String?
        var labels: Set<GrantReview.Label>?
    }

    /// Names of actions on a line of the table.
    private static let actionsShown = 6

    private let review: GrantReview
    private let choice: Choice
    let acts: [GrantReview.Act]
    let grants: [GrantReview.Reviewed]
    let sessions: [GrantReview.Outliving]

    init(_ review: GrantReview, _ choice: Choice) {
        self.review = review
        self.choice = choice
        let span = choice.from...choice.to
        func isAsked(_ names: [String?]) -> Bool {
            guard let who = choice.who else { return true }
            return names.contains { $0.map { GrantPolicy.isNamed($0, by: who) } ?? false }
        }
        acts = review.acts.filter {
            span.contains($0.time) && isAsked([$0.who, $0.userUID, $0.userName, $0.userEmail, $0.role])
        }
        grants = review.grants.filter { reviewed in
            let grant = reviewed.grant
            let first = grant.start ?? grant.evidence.first?.time ?? .distantPast
            let last = max(
                grant.isStanding ? .distantFuture : grant.end ?? first, grant.evidence.last?.time ?? first)
            let names = [grant.target, grant.requester].compactMap { $0 }
                .flatMap { [$0.uid, $0.name, $0.email] }
            return first <= choice.to && last >= choice.from && isAsked(names)
        }
        sessions = review.sessions.filter {
            span.contains($0.last) && isAsked([$0.act.who, $0.act.userUID, $0.session])
        }
    }

    /// Acts that are listed: all with the labels asked for, else those that need a look.
    private func listed(all: Bool) -> [GrantReview.Act] {
        acts.filter { act in
            if let labels = choice.labels { return labels.contains(act.label) }
            if all { return true }
            switch act.label {
            case .inGrant, .machine: return false
            case .unbrokered: return act.isBrokeredPlace || act.refused != nil
            default: return true
            }
        }
    }

    // MARK: JSON

    var ndjson: [UInt8] {
        var out = ""
        for reviewed in grants { out += "{\"grant\":\(review.json(reviewed))}\n" }
        for act in listed(all: true) { out += "{\"act\":\(review.json(act))}\n" }
        for session in sessions { out += "{\"session\":\(review.json(session))}\n" }
        out += "{\"totals\":\(totals)}\n"
        return Array(out.utf8)
    }

    var json: [UInt8] {
        var out = "{\"grants\":["
        out += grants.map { review.json($0) }.joined(separator: ",")
        out += "],\"acts\":[" + listed(all: true).map { review.json($0) }.joined(separator: ",")
        out += "],\"sessions\":[" + sessions.map { review.json($0) }.joined(separator: ",")
        out += "],\"totals\":\(totals)}\n"
        return Array(out.utf8)
    }

    private var totals: String {
        let labels = review.counts(acts).map { "\"\($0.label.rawValue)\":\($0.count)" }
        let flags = flagCounts.map { "\"\($0.code)\":\($0.count)" }
        return "{\"acts\":\(acts.count),\"labels\":{\(labels.joined(separator: ","))},"
            + "\"grants\":\(grants.count),\"used\":\(grants.count { $0.acts > 0 }),"
            + "\"flags\":{\(flags.joined(separator: ","))},\"sessions\":\(sessions.count)}"
    }

    private var flagCounts: [(code: String, count: Int)] {
        var counts: [String: Int] = [:]
        for flag in grants.flatMap(\.flags) { counts[flag.code, default: 0] += 1 }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    // MARK: Table

    func table(width: Int?) -> [UInt8] {
        var out = ""
        var labels = TextTable(["Acts", "Label"], width: width)
        for (label, count) in review.counts(acts) { out += labels.add([grouped(count), label.rawValue]) }
        out += labels.finish()
        out += grantTable(width)
        out += actTable(width)
        for session in sessions {
            let grant = review.grants[session.grant].grant
            out += printable(
                "\nSession \(session.session) of \(session.act.who) went on after its grant "
                    + "(\(grant.key.provider) \(grant.key.uid)): \(session.acts) acts up to \(session.last.iso8601)"
            )
            out += "\n"
            for line in session.revocation { out += "  " + printable(line) + "\n" }
        }
        return Array(out.utf8)
    }

    private func grantTable(_ width: Int?) -> String {
        if grants.isEmpty { return "\nNo grants\n" }
        var table = TextTable(["Grant", "Whose", "For", "From", "To", "Acts", "Notes"], width: width)
        var out = "\n"
        for reviewed in grants {
            let grant = reviewed.grant
            let place = [grant.account?.name ?? grant.account?.uid].compactMap { $0 }
            let what = grant.roleNames + grant.resources.compactMap { $0.name ?? $0.uid } + place
            let end =
                grant.windows.isEmpty
                ? (grant.refused == nil ? "not given" : "refused") : grant.end?.iso8601 ?? "open"
            out += table.add(
                [
                    "\(grant.key.provider) \(grant.key.uid)", grant.who, what.joined(separator: ", "),
                    grant.start?.iso8601 ?? "", end, String(reviewed.acts),
                    reviewed.flags.map(\.text).joined(separator: "; "),
                ].map { printable($0) })
        }
        return out + table.finish()
    }

    private struct Row: Hashable {
        var label: GrantReview.Label
        var who: String
        var place: String
        var grant: Int?
    }

    /// One line for what somebody did in one place, by its first act.
    private func actTable(_ width: Int?) -> String {
        var rows: [Row: [GrantReview.Act]] = [:]
        var order: [Row] = []
        for act in listed(all: false) {
            let place = [act.system, act.account, act.role].filter { !$0.isEmpty }.joined(separator: " ")
            let row = Row(label: act.label, who: act.who, place: place, grant: act.grant)
            if rows[row] == nil { order.append(row) }
            rows[row, default: []].append(act)
        }
        if order.isEmpty { return "" }
        var table = TextTable(["First", "Acts", "Label", "Who", "Where", "Why", "Actions"], width: width)
        var out = "\n"
        for row in order {
            guard let acts = rows[row], let first = acts.first else { continue }
            let actions = Set(acts.map(\.operation)).sorted()
            let more = actions.count > Self.actionsShown ? ", …" : ""
            out += table.add(
                [
                    first.time.iso8601, String(acts.count), row.label.rawValue, row.who, row.place,
                    review.reason(first), actions.prefix(Self.actionsShown).joined(separator: ", ") + more,
                ].map { printable($0) })
        }
        return out + table.finish()
    }
}
