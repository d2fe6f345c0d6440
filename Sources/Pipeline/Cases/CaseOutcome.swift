package import Engine

/// What came of the cases kept beside one mapping, rule file or pipeline.
package struct CaseOutcome: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case mapping, rule, pipeline }

    package var kind: Kind
    /// The file whose cases they are, as it is shown to the user.
    package var file: String
    package var cases = 0
    /// Each case that did not hold, with its line, and everything that kept cases from being run.
    package var problems: [Problem] = []

    package init(_ kind: Kind, _ file: String) {
        self.kind = kind
        self.file = file
    }

    mutating func fail(_ file: String, line: Int, _ message: String, hint: String = "") {
        problems.append(
            Problem(at: SourcePosition(file: file, line: line, column: 1), message, hint: hint))
    }
}

/// What `martlet test` found and ran.
package struct CaseReport: Sendable {
    package var outcomes: [CaseOutcome] = []
    /// Rule and pipeline files that no cases are kept beside.
    package var withoutCases: [String] = []
    /// What could not be looked at.
    package var problems: [Problem] = []

    package init() {}

    package var cases: Int { outcomes.reduce(0) { $0 + $1.cases } }
    package var allProblems: [Problem] { problems + outcomes.flatMap(\.problems) }
}
