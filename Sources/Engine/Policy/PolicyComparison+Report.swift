extension PolicyComparison {
    /// What a direction comes to in terms of actions that exist today.
    package struct Delta: Sendable {
        /// Actions that some request may now do, in byte order.
        package var actions: [String] = []
        /// Actions that are no longer denied, without being allowed here.
        package var undenied: [String] = []
        /// The gravest first, of different statements before of the same; at most twenty.
        package var witnesses: [PolicyWitness] = []
        /// Whether there were more actions than are listed.
        package var isCut = false

        package var isEmpty: Bool { actions.isEmpty && undenied.isEmpty }
    }

    static let witnessesMax = 20
    /// Boxes times actions that are looked at for one direction.
    static let realStepsMax = 200_000

    /// Goes through the actions of the catalogue that the direction's statements are about.
    package func delta(isGained: Bool) -> Delta {
        var delta = Delta()
        let direction = isGained ? gained : lost
        guard direction.isGap, let catalogue else { return delta }
        var found: [(gravity: Int, statements: [Int], witness: PolicyWitness)] = []
        var allowed = Set<String>()
        var undenied = Set<String>()
        for question in Question.allCases {
            for reading in ResourceReading.allCases {
                let gaps = realGaps(question, reading, catalogue, isGained: isGained, isCut: &delta.isCut)
                for (gap, request) in gaps {
                    let isKnown =
                        question == .undenied
                        ? undenied.contains(request.action) : allowed.contains(request.action)
                    guard !isKnown else { continue }
                    if question == .undenied {
                        undenied.insert(request.action)
                    } else {
                        allowed.insert(request.action)
                    }
                    let gravity = catalogue.gravity(request.action) + (question == .undenied ? 0 : 1)
                    found.append(
                        (gravity, gap.box.statements, witness(request, gap.reading, isGained: isGained)))
                }
                if !direction.differsByReading { break }
            }
        }
        delta.actions = allowed.sorted()
        delta.undenied = undenied.subtracting(allowed).sorted()
        delta.witnesses = Self.ranked(found)
        return delta
    }

    /// The gravest of each statement, then the rest by gravity.
    private static func ranked(
        _ found: [(gravity: Int, statements: [Int], witness: PolicyWitness)]
    ) -> [PolicyWitness] {
        let sorted = found.sorted {
            ($1.gravity, $0.witness.request.action) < ($0.gravity, $1.witness.request.action)
        }
        var seen = Set<[Int]>()
        let first = sorted.filter { seen.insert($0.statements).inserted }
        seen = []
        let rest = sorted.filter { !seen.insert($0.statements).inserted }
        return (first + rest).prefix(witnessesMax).map(\.witness)
    }

    private func realGaps(
        _ question: Question, _ reading: ResourceReading, _ catalogue: ActionCatalogue, isGained: Bool,
        isCut: inout Bool
    ) -> [(PolicyGap, PolicyRequest)] {
        let rights = covering(question, isGained: isGained)
        guard let boxes = boxes(question, reading, isGained: isGained), rights.count <= Self.statementsMax
        else {
            isCut = true
            return []
        }
        var inclusion = PolicyInclusion(rights, reading, principals: principals)
        let maker = WitnessMaker(self)
        var found: [(PolicyGap, PolicyRequest)] = []
        var known = Set<String>()
        var steps = 0
        for box in boxes {
            // Most statements have no gap at all: their actions need no look.
            if inclusion.gaps(box, max: 1).isEmpty { continue }
            let points = inclusion.resourcePoints(box.resources, except: box.exceptResources)
            for pattern in box.actions {
                let actions = catalogue.actions(pattern)
                let candidates = actions.isEmpty && pattern.isLiteral ? [nil] : actions.map { Optional($0) }
                for action in candidates where !known.contains(action?.pattern.folded ?? pattern.folded) {
                    steps += 1
                    if steps > Self.realStepsMax || inclusion.isUndecided {
                        isCut = true
                        return found
                    }
                    let own = action.map { realPoints($0, box, &inclusion, catalogue) } ?? points
                    let gaps = inclusion.gaps(box, action: action?.pattern ?? pattern, own)
                    for gap in gaps {
                        let request = maker.request(gap) { shows($0, question, reading, isGained: isGained) }
                        guard let request else { continue }
                        known.insert(request.action.lowercased())
                        found.append((gap, request))
                    }
                }
            }
        }
        return found
    }

    /// Where the action can be asked, of what the box is about.
    private func realPoints(
        _ action: ActionCatalogue.Action, _ box: AccessBox, _ inclusion: inout PolicyInclusion,
        _ catalogue: ActionCatalogue
    ) -> [PolicyInclusion.ResourcePoint] {
        let templates = catalogue.resources(of: action)
        var patterns: [ResourcePattern] = []
        for resource in box.resources {
            for template in templates {
                patterns += template.intersection(resource, .segment) ?? [resource]
            }
        }
        var points = inclusion.resourcePoints(patterns, except: box.exceptResources)
        // A trust policy's resource is its role, whatever the text.
        if place == .trust || !action.needsResource, let any = box.resources.first(where: \.isAny),
            !box.exceptResources.contains(where: \.isAny)
        {
            points.append((.special, any))
        }
        return points
    }

    /// The verdict over actions and resources that exist today: dead text counts for nothing.
    package func realisable(gained gainedDelta: Delta, lost lostDelta: Delta) -> Verdict {
        Verdict(
            gained: !gainedDelta.isEmpty || gainedDelta.isCut || (gained.isUndecided && !gained.isGap),
            lost: !lostDelta.isEmpty || lostDelta.isCut || (lost.isUndecided && !lost.isGap))
    }

    /// Actions as the documents write them, of which the one side has some that the other has not.
    package func patternsWithGaps(isGained: Bool) -> Set<String> {
        var found = Set<String>()
        let rights = covering(.allowed, isGained: isGained)
        let direction = isGained ? gained : lost
        guard direction.isGap || direction.isUndecided, rights.count <= Self.statementsMax,
            let boxes = boxes(.allowed, .segment, isGained: isGained)
        else { return found }
        var inclusion = PolicyInclusion(rights, .segment, principals: principals)
        for box in boxes {
            for pattern in box.actions where !found.contains(pattern.text) {
                var part = box
                part.actions = [pattern]
                if !inclusion.gaps(part, max: 1).isEmpty { found.insert(pattern.text) }
            }
        }
        return found
    }
}
