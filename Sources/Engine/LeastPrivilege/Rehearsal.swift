/// Which requests that were made a policy would have refused.
package struct Rehearsal: Sendable {
    /// Requests of one principal for one action on one resource, refused by one statement.
    package struct Refusal: Sendable {
        package var principal: String
        package var action: String
        package var resource: String?
        package var tally: UseIndex.Tally
        package var verdict: PolicyVerdict
    }

    /// Requests of which the log does not tell enough.
    package struct Doubt: Sendable {
        package var principal: String
        package var action: String
        package var tally: UseIndex.Tally
        package var missing: String
    }

    package private(set) var refusals: [Refusal] = []
    package private(set) var doubts: [Doubt] = []
    /// Events behind requests that it would have allowed.
    package private(set) var allowed = 0
    package private(set) var requests = 0
    package private(set) var events = 0
    package private(set) var passedOver = 0

    private struct Group: Hashable {
        var principal: String
        var action: String
        var resource: String?
        var rule: String
    }

    package init(_ layers: PolicyLayers, over index: UseIndex) {
        let judge = RequestJudge(layers)
        var refused: [Group: Refusal] = [:]
        var doubted: [Group: Doubt] = [:]
        passedOver = index.passedOver
        for (request, tally) in index.allowed.sorted(by: { UseIndex.isBefore($0.key, $1.key) }) {
            requests += 1
            events += tally.count
            var group = Group(principal: request.principal, action: request.action, resource: nil, rule: "")
            switch judge.answer(request, at: tally.last) {
            case .allowed: allowed += tally.count
            case .denied(let verdict):
                group.resource = request.resource
                group.rule = verdict.reason
                var refusal =
                    refused[group]
                    ?? Refusal(
                        principal: request.principal, action: request.action, resource: request.resource,
                        tally: UseIndex.Tally(), verdict: verdict)
                refusal.tally.add(tally)
                refused[group] = refusal
            case .undecided(let missing):
                group.rule = missing
                var doubt =
                    doubted[group]
                    ?? Doubt(
                        principal: request.principal, action: request.action, tally: UseIndex.Tally(),
                        missing: missing)
                doubt.tally.add(tally)
                doubted[group] = doubt
            }
        }
        refusals = refused.sorted { a, b in
            (b.value.tally.count, a.key.action, a.key.principal, a.key.resource ?? "", a.key.rule)
                < (a.value.tally.count, b.key.action, b.key.principal, b.key.resource ?? "", b.key.rule)
        }.map(\.value)
        doubts = doubted.sorted { a, b in
            (b.value.tally.count, a.key.action, a.key.principal, a.key.rule)
                < (a.value.tally.count, b.key.action, b.key.principal, b.key.rule)
        }.map(\.value)
    }

    /// Events that it would have refused.
    package var refusedEvents: Int { refusals.reduce(0) { $0 + $1.tally.count } }
    package var doubtedEvents: Int { doubts.reduce(0) { $0 + $1.tally.count } }
}
