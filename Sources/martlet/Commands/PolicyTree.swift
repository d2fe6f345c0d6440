import Engine
import Ports

/// The JSON documents below some paths, with what is wrong with any.
struct PolicyTree {
    static let filesMax = 5_000

    struct Leaf {
        /// As the user named it.
        var path: String
        /// Its folders below the path given, and its name; all of a file's own path.
        var parts: [String]
        var document: Document

        /// Whether a folder of that name is above it, or it has the name itself.
        func isIn(_ folder: String) -> Bool {
            parts.dropLast().contains(folder) || parts.last == folder + ".json"
        }
    }

    private let context: CommandContext
    private(set) var leaves: [Leaf] = []
    private(set) var problems: [Problem] = []

    init(_ paths: [String], in context: CommandContext) async {
        self.context = context
        for path in paths { await read(path) }
    }

    mutating func complain(_ path: String, _ error: any Error) {
        switch error {
        case let found as Problems: problems += found.list
        case let failure as CommandFailure: complain(path, failure.message)
        case let fault as Fault: complain(path, fault.message)
        default: complain(path, "\(error)")
        }
    }

    private mutating func complain(_ path: String, _ message: String) {
        problems.append(Problem(at: SourcePosition(file: path, line: 1, column: 1), message))
    }

    private mutating func read(_ path: String) async {
        do {
            guard let entry = try await context.files.entry(at: context.absolute(path)) else {
                return complain(path, "there is no such file or folder")
            }
            if entry.kind == .folder {
                try await walk(path, parts: [])
            } else {
                await add(path, parts: path.split(separator: "/").map { String($0) })
            }
        } catch {
            complain(path, error)
        }
    }

    private mutating func walk(_ folder: String, parts: [String]) async throws {
        for entry in try await context.files.entries(of: context.absolute(folder)) {
            let name = entry.path.split(separator: "/").last.map { String($0) } ?? ""
            let path = "\(folder.hasSuffix("/") ? String(folder.dropLast()) : folder)/\(name)"
            if entry.kind == .folder, parts.count < 4 {
                try await walk(path, parts: parts + [name])
            } else if name.hasSuffix(".json") {
                guard leaves.count < Self.filesMax else {
                    return complain(path, "more than \(Self.filesMax) files")
                }
                await add(path, parts: parts + [name])
            }
        }
    }

    private mutating func add(_ path: String, parts: [String]) async {
        do {
            let document = try await PolicyFile.document(path, in: context)
            leaves.append(Leaf(path: path, parts: parts, document: document))
        } catch {
            complain(path, error)
        }
    }
}
