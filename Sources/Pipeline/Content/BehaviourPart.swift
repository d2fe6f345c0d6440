package import Engine

/// Baselines over the events of one run: the reader of facts, and what becomes of them.
package struct BehaviourPart {
    /// Events whose facts are gathered before they are taken over.
    private static let eventsPerBook = 100_000

    package private(set) var behaviour: Behaviour
    private var reader: FactReader
    private var events = 0

    package init(
        _ settings: BehaviourSettings, _ geography: Geography? = nil, _ holders: AccountHolders? = nil
    ) {
        behaviour = Behaviour(settings)
        reader = FactReader(geography, holders)
    }

    /// Whether it is time to evaluate, whatever else is due.
    var isFull: Bool { behaviour.isFull }

    /// Reads an event, and the rules that have just fired on it.
    mutating func observe(_ event: Event, of batch: borrowing EventBatch, _ stage: inout DetectionStage) {
        let rules = stage.raised.hits.map { stage.ruleHits[$0.rule] }
        stage.raised.hits.removeAll(keepingCapacity: true)
        observe(event, of: batch, rules: rules)
    }

    package mutating func observe(_ event: Event, of batch: borrowing EventBatch, rules: [RuleHit]) {
        reader.observe(event, of: batch, rules: rules)
        events += 1
        if events >= Self.eventsPerBook { handOver() }
    }

    private mutating func handOver() {
        behaviour.take(reader.take())
        events = 0
    }

    /// Appends what follows from everything that was read.
    package mutating func evaluate(into findings: inout EventBatch) {
        handOver()
        behaviour.evaluate(into: &findings)
    }
}
