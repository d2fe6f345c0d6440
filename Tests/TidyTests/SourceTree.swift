import Foundation

/// The project's own files as text, for tests that read the architecture off the sources.
struct SourceTree {
    struct File {
        /// Relative to the package's root.
        var path: String
        var text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        /// Lines without comments and string contents: what the compiler acts on.
        var code: [String] { lines.map { File.stripped($0) } }

        private static func stripped(_ line: Substring) -> String {
            var result = ""
            var inString = false
            var previous: Character = " "
            for character in line {
                if character == "\"", previous != "\\" {
                    inString.toggle()
                    previous = character
                    continue
                }
                if !inString {
                    if character == "/", previous == "/" { return String(result.dropLast()) }
                    result.append(character)
                }
                previous = character
            }
            return result
        }
    }

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func files(in folder: String, endings: Set<String>) -> [File] {
        let base = root.appendingPathComponent(folder)
        guard let walker = FileManager.default.enumerator(atPath: base.path) else { return [] }
        var files: [File] = []
        for case let name as String in walker {
            guard endings.contains((name as NSString).pathExtension), !name.contains("__pycache__"),
                let text = try? String(contentsOf: base.appendingPathComponent(name), encoding: .utf8)
            else { continue }
            files.append(File(path: folder == "." ? name : "\(folder)/\(name)", text: text))
        }
        return files.sorted { $0.path < $1.path }
    }

    /// All Swift files of one target.
    static func swift(of target: String) -> [File] { files(in: "Sources/\(target)", endings: ["swift"]) }
}
