/// How a program is started.
package struct ChildCommand: Hashable, Sendable {
    /// The program (looked up on the PATH where it holds no `/`) and its arguments; no shell comes between.
    package var arguments: [String]
    /// Handed to the program in place of our own environment; `nil` passes ours on.
    package var environment: [String: String]?
    package var input: [UInt8] = []
    /// The program is killed when it runs longer.
    package var timeout: Duration = .seconds(60)
    /// The program is killed when it writes more than this to its standard output.
    package var outputBytesMax = 1 << 20

    package init(_ arguments: [String]) { self.arguments = arguments }
}

/// What a program left behind.
package struct ChildResult: Hashable, Sendable {
    /// The exit status; minus the signal's number where a signal ended it.
    package var status: Int
    package var output: [UInt8]
    /// The first 64 KiB of its standard error.
    package var errorOutput: [UInt8]

    package init(status: Int, output: [UInt8], errorOutput: [UInt8] = []) {
        self.status = status
        self.output = output
        self.errorOutput = errorOutput
    }
}

/// The door to other programs. A status other than zero is an answer, never a fault; a fault means that the
/// program could not be started, ran too long or wrote too much.
package protocol ChildProcess: Sendable {
    func run(_ command: ChildCommand) async throws(Fault) -> ChildResult
}
