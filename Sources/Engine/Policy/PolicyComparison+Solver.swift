extension PolicyComparison {
    /// What a solver is asked where a direction is undecided: questions of which each must have no answer for nothing to
    /// be gained, or lost.
    ///
    /// `nil` where a part of it cannot be written as a formula, so that no answer would settle it.
    package func solverQuestions(isGained: Bool) -> [SolverQuestion]? {
        let direction = isGained ? gained : lost
        guard direction.isUndecided, !direction.isGap else { return [] }
        var questions: [SolverQuestion] = []
        for kind in Question.allCases {
            for reading in ResourceReading.allCases {
                guard let question = SolverQuestion(self, kind, reading, isGained: isGained) else {
                    return nil
                }
                // Where the readings see the same in every resource, their questions are the same.
                if let last = questions.last, last.kind == kind, isPlain { continue }
                questions.append(question)
            }
        }
        return questions
    }

    private var isPlain: Bool {
        (old.statements + new.statements).allSatisfy { $0.resources.elements.allSatisfy(\.isPlain) }
    }

    /// Takes the answers to a direction's questions, in their order.
    package mutating func settle(
        _ answers: [(question: SolverQuestion, answer: SolverQuestion.Answer)], isGained: Bool
    ) {
        guard !answers.isEmpty else { return }
        var direction = isGained ? gained : lost
        var isOpen = false
        for (question, answer) in answers {
            switch answer {
            case .none: break
            case .unknown: isOpen = true
            case .request(let request):
                guard shows(request, question.kind, question.reading, isGained: isGained) else {
                    isOpen = true
                    continue
                }
                let found = witness(request, question.reading, isGained: isGained)
                if question.kind == .undenied {
                    direction.undenied = direction.undenied ?? found
                } else {
                    direction.allowed = direction.allowed ?? found
                }
            }
        }
        direction.isSettled = direction.isGap || !isOpen
        direction.isUndecided = isOpen
        if isGained { gained = direction } else { lost = direction }
    }
}
