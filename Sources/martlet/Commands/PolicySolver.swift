import Engine
import Pipeline
import Ports

/// Asks Z3 what the comparison of two policies leaves undecided.
///
/// The solver is a program of its own, bounded in time and memory: what it does not answer stays undecided.
struct PolicySolver {
    /// For one question: seconds.
    private static let secondsMax = 5
    /// MiB.
    private static let memoryMax = 512

    let processes: any ChildProcess
    let program: String

    /// `MARTLET_Z3` names the program where it is not on the PATH.
    init(_ context: CommandContext) {
        processes = context.surroundings.processes
        program = context.environment["MARTLET_Z3"].flatMap { $0.isEmpty ? nil : $0 } ?? "z3"
    }

    /// Settles what can be settled.
    ///
    /// - Returns: what somebody should know: that there is no solver.
    func settle(_ comparison: inout PolicyComparison) async throws -> String? {
        for isGained in [true, false] {
            guard let questions = comparison.solverQuestions(isGained: isGained) else { continue }
            var answers: [(SolverQuestion, SolverQuestion.Answer)] = []
            for question in questions {
                do throws(Fault) {
                    answers.append((question, try await ask(question)))
                } catch {
                    if error.kind == .cancelled { throw error }
                    return "z3 could not be started (\(error.message)): with it more could be decided; "
                        + "`apt install z3` installs it, MARTLET_Z3 names it elsewhere"
                }
            }
            comparison.settle(answers, isGained: isGained)
        }
        return nil
    }

    private func ask(_ question: SolverQuestion) async throws(Fault) -> SolverQuestion.Answer {
        var command = ChildCommand([
            program, "-smt2", "-in", "-t:\(Self.secondsMax * 1_000)", "-T:\(Self.secondsMax + 2)",
            "-memory:\(Self.memoryMax)",
        ])
        command.input = Array(question.text.utf8)
        command.timeout = .seconds(Self.secondsMax + 5)
        do throws(Fault) {
            let result = try await processes.run(command)
            return question.answer(String(decoding: result.output, as: UTF8.self))
        } catch {
            // One that runs too long or writes too much has no answer; one that is not there never has.
            if error.kind == .denied || error.kind == .cancelled { throw error }
            return .unknown
        }
    }
}
