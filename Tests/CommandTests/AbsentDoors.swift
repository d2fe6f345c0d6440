import Engine
import Pipeline
import Ports

@testable import martlet

/// Stands where a door is not built yet.
struct AbsentDoors: Transport, TimeSource, Volume, Entropy, FileReader, ChildProcess {
    static func surroundings(environment: [String: String]) -> RunSurroundings {
        let absent = AbsentDoors()
        return RunSurroundings(
            time: absent, entropy: absent, files: absent, processes: absent, environment: environment,
            transport: { _ in absent }, volume: { _ in absent }, log: .silent)
    }

    var now: Timestamp { .epoch }
    private var fault: Fault { Fault(.denied, "this door is not there") }

    func send(_ request: HTTPRequest) async throws(Fault) -> HTTPResponse { throw fault }
    func sleep(until deadline: Timestamp) async throws(CancellationError) { throw CancellationError() }
    func append(_ bytes: [UInt8], to path: String) async throws(Fault) -> Int64 { throw fault }
    func synchronize(_ path: String) async throws(Fault) { throw fault }
    func read(_ path: String, in range: Range<Int64>) async throws(Fault) -> [UInt8] { throw fault }
    func length(of path: String) async throws(Fault) -> Int64? { throw fault }
    func rename(_ old: String, to new: String) async throws(Fault) { throw fault }
    func remove(_ path: String) async throws(Fault) { throw fault }
    func files(under folder: String) async throws(Fault) -> [String] { throw fault }
    func entry(at path: String) async throws(Fault) -> FileEntry? { throw fault }
    func entries(of folder: String) async throws(Fault) -> [FileEntry] { throw fault }
    func run(_ command: ChildCommand) async throws(Fault) -> ChildResult { throw fault }
    func next() -> UInt64 { 0 }
}
