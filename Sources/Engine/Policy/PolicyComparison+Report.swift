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

    /// A gap of one action there is, with the request that shows it.
    private struct RealGap {
        var question: Question
        var gap: PolicyGap
        var request: PolicyRequest
        var gravity: Int
    }

    /// Goes through the actions of the catalogue that the direction's statements are about.
    ///
    /// - Parameter witnesses: as many are worked out at most.
    package func delta(isGained: Bool, witnesses: Int = witnessesMax) -> Delta {
        var delta = Delta()
        guard let catalogue else { return delta }
        var found: [RealGap] = []
        var allowed = Set<String>()
        var undenied = Set<String>()
        forEachRealGap(isGained: isGained, isCut: &delta.isCut) { question, gap, request, known in
            let isNew =
                question == .undenied
                ? undenied.insert(request.action).inserted : allowed.insert(request.action).inserted
            guard isNew else { return true }
            let gravity = (known ?? catalogue.gravity(request.action)) + (question == .undenied ? 0 : 1)
            found.append(RealGap(question: question, gap: gap, request: request, gravity: gravity))
            return true
        }
        delta.actions = allowed.sorted()
        delta.undenied = undenied.subtracting(allowed).sorted()
        delta.witnesses = Self.ranked(found, max: witnesses).map {
            witness($0.request, $0.gap.reading, isGained: isGained)
        }
        return delta
    }

    /// Whether the direction comes to anything over the actions that exist, or could not be looked through.
    func isReal(isGained: Bool) -> Bool {
        var isThere = false
        var isCut = false
        forEachRealGap(isGained: isGained, isCut: &isCut) { _, _, _, _ in
            isThere = true
            return false
        }
        return isThere || isCut
    }

    /// The gravest of each statement, then the rest by gravity.
    private static func ranked(_ found: [RealGap], max: Int) -> [RealGap] {
        func precedes(_ a: RealGap, _ b: RealGap) -> Bool {
            (b.gravity, a.request.action) < (a.gravity, b.request.action)
        }
        if max == 1 { return found.min(by: precedes).map { [$0] } ?? [] }
        let sorted = found.sorted(by: precedes)
        var seen = Set<[Int]>()
        let first = sorted.filter { seen.insert($0.gap.box.statements).inserted }
        seen = []
        let rest = sorted.filter { !seen.insert($0.gap.box.statements).inserted }
        return Array((first + rest).prefix(max))
    }

    /// Goes through the direction's gaps of actions there are, as long as `body` wants more: it is given the action's gravity
    /// where the catalogue has it.
    ///
    /// - Parameter isCut: set where not all could be looked at.
    private func forEachRealGap(
        isGained: Bool, isCut: inout Bool, _ body: (Question, PolicyGap, PolicyRequest, Int?) -> Bool
    ) {
        let direction = isGained ? gained : lost
        guard direction.isGap, let catalogue else { return }
        for question in Question.allCases {
            for reading in ResourceReading.allCases {
                let isDone = realGaps(question, reading, catalogue, isGained: isGained, isCut: &isCut) {
                    body(question, $0, $1, $2)
                }
                if isDone { return }
                if !direction.differsByReading { break }
            }
        }
    }

    /// Whether `body` wants no more.
    private func realGaps(
        _ question: Question, _ reading: ResourceReading, _ catalogue: ActionCatalogue, isGained: Bool,
        isCut: inout Bool, _ body: (PolicyGap, PolicyRequest, Int?) -> Bool
    ) -> Bool {
        let rights = covering(question, isGained: isGained)
        guard !isTooLarge(rights), let boxes = boxes(question, reading, isGained: isGained) else {
            isCut = true
            return false
        }
        if boxes.isEmpty { return false }
        var inclusion = PolicyInclusion(rights, reading, principals: principals)
        var maker = WitnessMaker(self)
        var known = Set<String>()
        var steps = 0
        for box in boxes {
            // Most statements have no gap at all: their actions need no look.
            if inclusion.gaps(box, max: 1).isEmpty { continue }
            let points = inclusion.resourcePoints(box.resources, except: box.exceptResources)
            let anywhere = inclusion.places(box, points)
            // Actions of one form are asked at the same places.
            var places: [Int: PolicyInclusion.Places] = [:]
            for pattern in box.actions {
                let actions = catalogue.actions(pattern)
                let candidates = actions.isEmpty && pattern.isLiteral ? [nil] : actions.map { Optional($0) }
                for action in candidates where !known.contains(action?.pattern.folded ?? pattern.folded) {
                    steps += 1
                    if steps > Self.realStepsMax || inclusion.isUndecided {
                        isCut = true
                        return false
                    }
                    var own = anywhere
                    if let action {
                        own =
                            places[action.form]
                            ?? inclusion.places(box, realPoints(action, box, &inclusion, catalogue))
                        places[action.form] = own
                    }
                    guard let gap = inclusion.gap(box, action: action?.pattern ?? pattern, own),
                        let request = maker.request(
                            gap, of: action, confirm: { shows($0, question, reading, isGained: isGained) })
                    else { continue }
                    known.insert(action?.pattern.folded ?? request.action.lowercased())
                    if !body(gap, request, action?.gravity) { return true }
                }
            }
        }
        return false
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
    func realisable(isGainReal: Bool, isLossReal: Bool) -> Verdict {
        Verdict(
            gained: isGainReal || (gained.isUndecided && !gained.isGap),
            lost: isLossReal || (lost.isUndecided && !lost.isGap))
    }

    /// Patterns for which requests are worked out.
    private static let shownPatternsMax = 1_000

    /// Tells a side by the actions as the documents write them, of which the one has some that the other has not.
    ///
    /// - Parameters:
    ///   - known: actions that exist, where a pattern takes one of them: the gravest first.
    ///   - gravity: of what a request shows.
    func tell(
        _ side: inout PolicyChange.Side, isGained: Bool, known: [String] = [],
        gravity: (PolicyWitness) -> Int
    ) {
        let rights = covering(.allowed, isGained: isGained)
        let direction = isGained ? gained : lost
        side.actions = []
        guard direction.isGap || direction.isUndecided, !isTooLarge(rights),
            let boxes = boxes(.allowed, .segment, isGained: isGained)
        else { return }
        var inclusion = PolicyInclusion(rights, .segment, principals: principals)
        var maker = WitnessMaker(self)
        var found = Set<String>()
        var witnesses: [PolicyWitness] = []
        let known = known.map { ActionPattern($0) }
        for box in boxes {
            for pattern in box.actions where !found.contains(pattern.text) {
                var part = box
                part.actions = [pattern]
                guard let first = inclusion.gaps(part, max: 1).first else { continue }
                found.insert(pattern.text)
                guard found.count <= Self.shownPatternsMax else { continue }
                let places = inclusion.places(
                    part, inclusion.resourcePoints(part.resources, except: part.exceptResources))
                let taken = known.filter { pattern.pattern.matches($0.pattern.symbols) }
                for gap in taken.compactMap({ inclusion.gap(part, action: $0, places) }) + [first] {
                    let request = maker.request(
                        gap, confirm: { shows($0, .allowed, .segment, isGained: isGained) })
                    guard let request else { continue }
                    witnesses.append(witness(request, .segment, isGained: isGained))
                    break
                }
            }
        }
        side.actions = Array(found)
        guard !witnesses.isEmpty else { return }
        let ranked = witnesses.map { (gravity: gravity($0), witness: $0) }.sorted {
            ($1.gravity, $0.witness.request.action) < ($0.gravity, $1.witness.request.action)
        }
        side.witnesses = ranked.prefix(Self.witnessesMax).map { shown($0.witness, isGained: isGained) }
    }
}
