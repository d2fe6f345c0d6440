import Codecs
package import Engine
package import Ports

/// Access as it was approved, from a file or from all files of a folder that declare some.
package struct BaselineFile {
    /// A larger file declares nothing: bytes.
    package static let bytesMax: Int64 = 256 << 20
    /// Folders in folders that are looked into.
    static let depthMax = 16

    package private(set) var baseline: DriftBaseline
    /// What is declared and could not be understood, in sentences.
    package private(set) var leftOut: [String]

    /// Reads what is at a path; `name` is what the user called it.
    ///
    /// - Parameter account: whose it is where a file does not say.
    package static func read(
        _ path: String, shownAs name: String, account: String?, _ files: any FileReader
    ) async throws(Problems) -> BaselineFile {
        do throws(Fault) {
            guard let entry = try await files.entry(at: path) else {
                throw Fault(.denied, "there is no such file or folder")
            }
            return try await read(entry, named: name, account, files)
        } catch {
            throw Problems([Problem(at: nil, "\(name): \(error.message)")])
        }
    }

    private static func read(
        _ first: FileEntry, named name: String, _ account: String?, _ files: any FileReader
    ) async throws(Fault) -> BaselineFile {
        var declared = DeclaredAccess(account: account ?? "")
        var pending = [(first, name, 0)]
        var count = 0
        while let (entry, shown, depth) = pending.popLast() {
            if entry.kind == .folder {
                guard depth < depthMax else { continue }
                for inner in try await files.entries(of: entry.path).reversed() {
                    pending.append((inner, shown + "/" + Paths.name(of: inner.path), depth + 1))
                }
                continue
            }
            guard depth == 0 || entry.path.hasSuffix(".json") || entry.path.hasSuffix(".template") else {
                continue
            }
            let bytes = try await files.read(entry.path, bytesMax: bytesMax)
            if declared.read(try document(bytes, shown), path: entry.path) {
                count += 1
            } else if depth == 0 {
                throw Fault(
                    .denied,
                    "this declares no access: a baseline, authorization details, Terraform's show -json, a "
                        + "CloudFormation template or policies are understood")
            }
        }
        if count == 0 { throw Fault(.denied, "no file in it declares access") }
        try check(declared)
        return BaselineFile(
            baseline: DriftBaseline(
                name: name, facts: declared.facts, time: declared.time ?? .distantPast,
                isWhole: declared.isWhole), leftOut: declared.leftOut)
    }

    /// What nothing can be held against would agree with everything.
    private static func check(_ declared: DeclaredAccess) throws(Fault) {
        if declared.facts.isEmpty, !declared.isWhole {
            let why = declared.leftOut.first.map { "none of it could be understood: \($0)" }
            throw Fault(.denied, why ?? "no user, role, group, policy or bucket policy stands in it")
        }
        if let key = declared.facts.keys.filter({ $0.account.isEmpty }).min() {
            throw Fault(
                .denied,
                "it does not say in which account \(key.subject) is, and there is not just one: name it (--account, "
                    + "or the only one under `accounts` in a pipeline)")
        }
    }

    private static func document(_ bytes: [UInt8], _ shown: String) throws(Fault) -> Document {
        do { return try JSONReader.document(in: bytes, file: shown) } catch {
            throw Fault(.malformed, "\(error)")
        }
    }
}
