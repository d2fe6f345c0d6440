import Credentials
import Engine

/// Grants and privileged acts of some days.
struct GrantsLook: APIObject {
    var labels: [(label: GrantReview.Label, count: Int)]
    /// Those that need a look, newest first.
    var acts: [(act: GrantReview.Act, why: String)]
    var grants: [GrantReview.Reviewed]
    var sessions: [GrantReview.Outliving]
    private var review: GrantReview

    init(_ review: GrantReview, from: Timestamp) {
        self.review = review
        let all = review.acts.filter { $0.time >= from }
        labels = review.counts(all)
        acts = all.filter { act in
            switch act.label {
            case .inGrant, .machine: false
            case .unbrokered: act.isBrokeredPlace || act.refused != nil
            default: true
            }
        }.reversed().map { ($0, review.reason($0)) }
        grants = review.grants.filter { reviewed in
            let grant = reviewed.grant
            return grant.isStanding || (grant.end ?? grant.evidence.last?.time ?? .distantPast) >= from
        }
        sessions = review.sessions.filter { $0.last >= from }
    }

    static let name = "Grants"
    static let what = "Privileged acts by how they stand to their grants, and grants by their use."
    static var members: [APIMember<Self>] {
        [
            .init("labels", \.counts, "Privileged acts by label"),
            .init(
                "acts", \.actValues, "Those that need a look, as `martlet grants --format ndjson` has them"),
            .init("grants", \.grantValues, "Grants that held in this time"),
            .init(
                "sessions", \.sessionValues, "Sessions that went on after their grant, with what ends them"),
        ]
    }

    private static let valuesMax = 1_000

    private var counts: [String: Int] {
        Dictionary(labels.map { ($0.label.rawValue, $0.count) }, uniquingKeysWith: { $1 })
    }
    private var actValues: [JSONValue] {
        acts.prefix(Self.valuesMax).compactMap { JSONValue(json: review.json($0.act)) }
    }
    private var grantValues: [JSONValue] {
        grants.prefix(Self.valuesMax).compactMap { JSONValue(json: review.json($0)) }
    }
    private var sessionValues: [JSONValue] {
        sessions.prefix(Self.valuesMax).compactMap { JSONValue(json: review.json($0)) }
    }
}
