package import Engine
package import Ports

/// What `${env:NAME}` and `${file:PATH}` in a pipeline file stand for.
///
/// Files are read before decoding, so that decoding itself touches nothing. A file's last newline does not belong
/// to its value: editors and `echo` put it there.
package struct References: Sendable {
    /// A larger file is not a secret: bytes.
    static let fileBytesMax: Int64 = 64 << 10

    struct Missing: Error, Hashable {
        var message: String
        var hint: String
    }

    private let environment: [String: String]
    private var files: [String: Result<String, Missing>] = [:]
    private let folder: String

    /// `folder` is the pipeline file's own, from which relative paths are seen.
    package init(environment: [String: String], folder: String = "/") {
        self.environment = environment
        self.folder = folder
    }

    /// Reads every file that the document refers to.
    package mutating func read(from document: Document, _ reader: any FileReader) async {
        for path in Self.paths(in: document) where files[path] == nil {
            files[path] = await Self.contents(of: Paths.absolute(path, in: folder), reader)
        }
    }

    private static func contents(of path: String, _ reader: any FileReader) async -> Result<String, Missing> {
        do throws(Fault) {
            let bytes = try await reader.read(path, bytesMax: fileBytesMax)
            var text = String(decoding: bytes, as: UTF8.self)
            if text.hasSuffix("\n") { text.removeLast() }
            return .success(text)
        } catch {
            return .failure(Missing(message: error.message, hint: ""))
        }
    }

    private static func paths(in document: Document) -> [String] {
        switch document.value {
        case .string(let text): parts(of: text).compactMap { $0.kind == "file" ? $0.name : nil }
        case .list(let list): list.flatMap { paths(in: $0) }
        case .map(let entries): entries.flatMap { paths(in: $0.value) }
        default: []
        }
    }

    /// `text` with its references replaced.
    func filled(_ text: String) -> Result<String, Missing> {
        var filled = ""
        for part in Self.parts(of: text) {
            switch part.kind {
            case nil: filled += part.name
            case "env":
                guard let value = environment[part.name] else {
                    let near = nearestName(to: part.name, among: environment.keys)
                    return .failure(
                        Missing(
                            message: "the environment variable \(part.name) is not set",
                            hint: near.map { "did you mean \($0)?" } ?? ""))
                }
                filled += value
            case "file":
                switch files[part.name] {
                case .success(let value): filled += value
                case .failure(let missing): return .failure(missing)
                case nil: return .failure(Missing(message: "\(part.name) was not read", hint: ""))
                }
            default:
                return .failure(
                    Missing(
                        message: "unknown reference “${\(part.kind ?? ""):…}”",
                        hint: "write ${env:NAME} or ${file:PATH}"))
            }
        }
        return .success(filled)
    }

    private struct Part {
        /// `nil` for plain text.
        var kind: String?
        var name: String
    }

    private static func parts(of text: String) -> [Part] {
        var parts: [Part] = []
        var rest = Substring(text)
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            if start.lowerBound > rest.startIndex {
                parts.append(Part(name: String(rest[..<start.lowerBound])))
            }
            let pair = rest[start.upperBound..<end].split(separator: ":", maxSplits: 1).map { String($0) }
            parts.append(Part(kind: pair.first ?? "", name: pair.count > 1 ? pair[1] : ""))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty || parts.isEmpty { parts.append(Part(name: String(rest))) }
        return parts
    }
}
