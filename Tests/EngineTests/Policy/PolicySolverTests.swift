import Codecs
import Foundation
import Testing

@testable import Engine

/// What the comparison asks a solver, answered by Z3 itself.
@Suite struct PolicySolverTests {
    private static func ask(_ question: SolverQuestion) throws -> SolverQuestion.Answer {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-z3-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "question.smt2")
        try Data(question.text.utf8).write(to: path)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["z3", "-smt2", "-memory:512", path.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return question.answer(String(decoding: said, as: UTF8.self))
    }

    /// All questions of one direction, whether it is undecided or not.
    private static func questions(_ comparison: PolicyComparison, isGained: Bool) -> [SolverQuestion]? {
        var open = comparison
        let direction = PolicyComparison.Direction(isUndecided: true)
        if isGained { open.gained = direction } else { open.lost = direction }
        return open.solverQuestions(isGained: isGained)
    }

    @Test(
        "The solver and the comparison come to the same, and each request of the solver's is seen by the evaluator",
        arguments: [UInt64(1), 2])
    func agree(seed: UInt64) throws {
        var dice = PolicyDice(seed: seed &+ 700)
        var (known, asked) = (0, 0)
        for number in 0..<8 {
            let old = dice.policy()
            let new = dice.changed(old)
            let comparison = try PolicyBruteForceTests.compare(old, new)
            for isGained in [true, false] {
                let name = "seed \(seed), pair \(number), gained \(isGained): \(old.json) → \(new.json)"
                let own = isGained ? comparison.gained : comparison.lost
                guard let questions = Self.questions(comparison, isGained: isGained) else { continue }
                asked += 1
                var answers: [(SolverQuestion, SolverQuestion.Answer)] = []
                for question in questions {
                    let answer = try Self.ask(question)
                    if case .request(let request) = answer {
                        #expect(
                            comparison.shows(request, question.kind, question.reading, isGained: isGained),
                            "\(name): \(request) shows nothing under \(question.reading)\n\(question.text)")
                    }
                    answers.append((question, answer))
                }
                var settled = comparison
                if isGained {
                    settled.gained = .init(isUndecided: true)
                } else {
                    settled.lost = .init(isUndecided: true)
                }
                settled.settle(answers, isGained: isGained)
                let direction = isGained ? settled.gained : settled.lost
                guard direction.isSettled else { continue }
                known += 1
                if !own.isUndecided { #expect(direction.isGap == own.isGap, "\(name)") }
            }
        }
        #expect(asked >= 12 && known * 10 >= asked * 7, "\(known) of \(asked)")
    }

    static let home = "\"arn:aws:s3:::home/${aws:username}/*\""

    static func except(_ resources: String, _ condition: String = "") -> String {
        "{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"NotResource\":[\(resources)]\(condition)}"
    }

    private static func settled(_ old: String, _ new: String) throws -> PolicyComparison {
        var comparison = try PolicyComparisonTests.compare(old, new)
        #expect(comparison.method == .undecided)
        for isGained in [true, false] {
            let questions = try #require(comparison.solverQuestions(isGained: isGained))
            comparison.settle(try questions.map { ($0, try ask($0)) }, isGained: isGained)
        }
        return comparison
    }

    @Test("A variable among exceptions is given up by the comparison and settled by the solver")
    func variables() throws {
        let shared = "\"arn:aws:s3:::home/shared/*\""
        let narrowed = try Self.settled(Self.except(Self.home), Self.except("\(Self.home),\(shared)"))
        #expect(narrowed.verdict == .narrowed && narrowed.method == .solver)
        let witness = try #require(narrowed.change().lost.witnesses.first)
        #expect(witness.resource.hasPrefix("arn:aws:s3:::home/shared/"))
        #expect(witness.context.contains { $0.key == "aws:username" })
        let widened = try Self.settled(Self.except("\(Self.home),\(shared)"), Self.except(Self.home))
        #expect(widened.verdict == .widened && widened.change().notes.isEmpty)
        // Written otherwise, and the same.
        let part = "\"arn:aws:s3:::home/${aws:username}/x*\""
        let equal = try Self.settled(Self.except(Self.home), Self.except("\(Self.home),\(part)"))
        #expect(equal.verdict == .equal && equal.method == .solver)
    }

    @Test("What a solver says that is no answer leaves the direction undecided")
    func nonsense() throws {
        let comparison = try PolicyComparisonTests.compare(
            Self.except(Self.home), Self.except("\(Self.home),\"arn:aws:s3:::home/shared/*\""))
        let questions = try #require(comparison.solverQuestions(isGained: true))
        let no = String(repeating: "(", count: 9_000)
        for said in [
            "", "unknown", "timeout", "sat", "sat\n(error \"no model\")", "sat\n((action 5))", no, "\"", ")",
        ] {
            var open = comparison
            open.settle(questions.map { ($0, $0.answer(said)) }, isGained: true)
            #expect(open.gained.isUndecided && open.method == .undecided, "\(said.prefix(20))")
        }
        // A model that the evaluator does not confirm settles nothing either.
        var model = "sat\n((action \"s3:getobject\") (special false) (k0.present false)"
        for (number, text) in ["arn", "aws", "s3", "", "", "home/shared/x"].enumerated() {
            model += " (r\(number) \"\(text)\")"
        }
        var lied = comparison
        lied.settle(questions.map { ($0, $0.answer(model + ")")) }, isGained: true)
        #expect(lied.gained.isUndecided && lied.method == .undecided)
    }
}
