/// What changed between two documents that grant access, whatever the cloud.
package struct PolicyChange: Sendable {
    /// A request that shows it.
    package struct Witness: Sendable {
        package var action: String
        package var resource: String
        package var principal: String?
        package var context: [(key: String, value: PolicyContext.Value)] = []
        package var before: PolicyDecision
        package var after: PolicyDecision
        /// What decides: `statement 2 (ReadOnly) of the new policy`; empty where nothing is named.
        package var because = ""
        /// Holds under this reading of `*` only.
        package var onlyReading: ResourceReading?

        /// `iam:PassRole on arn:… with iam:PassedToService=… (statement 2 of the new policy)`.
        package var words: String {
            var text = "\(action) on \(resource)"
            if let principal { text += " by \(principal)" }
            let context = context.map { key, value in
                switch value {
                case .single(let text): "\(key)=\(text)"
                case .list(let texts): "\(key)=[\(texts.joined(separator: ", "))]"
                }
            }
            if !context.isEmpty { text += " with \(context.joined(separator: ", "))" }
            return because.isEmpty ? text : text + " (\(because))"
        }
    }

    /// What one of the two has that the other has not.
    package struct Side: Sendable {
        /// In byte order.
        package var actions: [String] = []
        /// No longer denied, without being allowed here.
        package var undenied: [String] = []
        /// The gravest first.
        package var witnesses: [Witness] = []
        /// Whether there were more actions than are listed.
        package var isCut = false

        package init() {}
    }

    package var verdict: PolicyComparison.Verdict
    package var method: PolicyComparison.Method
    /// Of the documents by themselves; `nil` where nothing is denied, when it is the same.
    package var isolated: PolicyComparison.Verdict?
    /// Over actions and resources that exist today; `nil` where these are not known.
    package var realisable: PolicyComparison.Verdict?
    package var gained = Side()
    package var lost = Side()
    /// What to know about the verdict, in sentences.
    package var notes: [String] = []

    package init(verdict: PolicyComparison.Verdict, method: PolicyComparison.Method = .exact) {
        self.verdict = verdict
        self.method = method
    }
}

extension PolicyComparison {
    /// The comparison with actions that exist and the gravest witnesses.
    package func change() -> PolicyChange {
        let gainedDelta = delta(isGained: true)
        let lostDelta = delta(isGained: false)
        var change = change(
            isGainReal: isReal(gainedDelta), isLossReal: isReal(lostDelta))
        change.gained = side(gainedDelta, gained, isGained: true)
        change.lost = side(lostDelta, lost, isGained: false)
        return change
    }

    /// The same as far as a gain goes: with the gravest witness alone, and nothing of what was lost but whether.
    func gain() -> PolicyChange {
        let gainedDelta = delta(isGained: true, witnesses: 1)
        var change = change(isGainReal: isReal(gainedDelta), isLossReal: isReal(isGained: false))
        change.gained = side(gainedDelta, gained, isGained: true, witnesses: 1)
        return change
    }

    private func isReal(_ delta: Delta) -> Bool { !delta.isEmpty || delta.isCut }

    private func change(isGainReal: Bool, isLossReal: Bool) -> PolicyChange {
        var change = PolicyChange(verdict: verdict, method: method)
        if !old.statements.allSatisfy(\.isAllow) || !new.statements.allSatisfy(\.isAllow) {
            change.isolated = isolated
        }
        if catalogue != nil { change.realisable = realisable(isGainReal: isGainReal, isLossReal: isLossReal) }
        change.notes = notes(change)
        return change
    }

    private func side(
        _ delta: Delta, _ direction: Direction, isGained: Bool, witnesses: Int = witnessesMax
    ) -> PolicyChange.Side {
        var side = PolicyChange.Side()
        side.actions = delta.actions
        side.undenied = delta.undenied
        side.isCut = delta.isCut
        let own = [direction.allowed, direction.undenied].compactMap(\.self)
        let chosen = delta.witnesses.isEmpty ? own : delta.witnesses
        side.witnesses = chosen.prefix(witnesses).map { shown($0, isGained: isGained) }
        return side
    }

    func shown(_ witness: PolicyWitness, isGained: Bool) -> PolicyChange.Witness {
        let request = witness.request
        let question: Question =
            (isGained ? witness.after : witness.before) == .allow ? .allowed : .undenied
        let isCommon = ResourceReading.allCases.allSatisfy {
            shows(request, question, $0, isGained: isGained)
        }
        let side = witness.isNewStatement ? "new" : "old"
        return PolicyChange.Witness(
            action: request.action, resource: request.resource,
            principal: place == .identity ? nil : request.principal.text, context: request.context.entries,
            before: witness.before, after: witness.after,
            because: witness.statement.map { "\($0.title) of the \(side) policy" } ?? "",
            onlyReading: isCommon ? nil : witness.reading)
    }

    private func notes(_ change: PolicyChange) -> [String] {
        var notes: [String] = []
        if gained.isUndecided {
            notes.append(
                gained.isGap
                    ? "there may be more that was gained: a part could not be decided"
                    : "whether anything was gained could not be decided: it counts as widened")
        }
        if lost.isUndecided {
            notes.append(
                lost.isGap
                    ? "there may be more that was lost: a part could not be decided"
                    : isLossUnproved
                        ? "nothing was gained; whether anything was lost could not be decided"
                        : "whether anything was lost as well could not be decided")
        }
        let isOpen = { (statement: PolicyStatement) in
            statement.isAllow && statement.principals.isComplement && !statement.principals.elements.isEmpty
        }
        if let open = new.statements.first(where: isOpen) {
            notes.append(
                "\(open.title) allows everybody but those it names: NotPrincipal with Allow is open to the world"
            )
        }
        if gained.differsByReading || lost.differsByReading {
            notes.append(
                "a `*` in an ARN decides it: within its colons and beyond them it comes to different verdicts, "
                    + "of which this is the wider")
        }
        if let isolated = change.isolated, isolated != change.verdict {
            notes.append(
                "by themselves the documents are \(isolated.phrase); beside other policies they are not, "
                    + "since what one denies is denied whatever else allows it")
        }
        if let realisable = change.realisable, realisable != change.verdict {
            notes.append(
                "over the actions and resources that exist today the documents are \(realisable.phrase)")
        }
        return notes
    }
}

extension PolicyComparison.Verdict {
    /// How the new document is to the old one.
    package var phrase: String {
        switch self {
        case .equal: "equal"
        case .narrowed: "narrowed"
        case .widened: "widened"
        case .incomparable: "incomparable (some access gained, some lost)"
        }
    }
}
