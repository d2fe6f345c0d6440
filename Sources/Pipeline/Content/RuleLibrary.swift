import Codecs
package import Engine
package import Ports

/// Where rules come from: the binary's own, and the user's files and folders.
package enum RuleLibrary {
    /// What a pipeline's `rules:` and `--rules` call the rules inside the binary.
    package static let builtinName = "builtin"
    /// A larger rule file is refused: bytes.
    static let fileBytesMax: Int64 = 8 << 20
    /// Rule files read in one go; a folder with more is refused past it, by name.
    static let filesMax = 100_000
    /// Folders within folders; a link that leads back ends here.
    static let folderDepthMax = 32

    /// The rules inside the binary, from `pipelines/rules/`.
    package static func builtin(placeholders: [String: [String]] = [:]) -> RuleSet {
        ruleSet(builtinDocuments, [], placeholders)
    }

    static let builtinDocuments: [Document] = {
        var documents: [Document] = []
        for name in Assets.names(under: "pipelines/rules/") where isRuleFile(name) {
            do throws(Problems) {
                documents += try YAMLReader.documents(in: Assets.bytes(name) ?? [], file: name)
            } catch {
                fatalError("a rule in the binary is no YAML: \(error)")
            }
        }
        return documents
    }()

    /// The rules of files and folders (walked in name order; `.yml` and `.yaml`), and `builtin`.
    ///
    /// `shownAs` are the paths as the user typed them, for messages.
    package static func read(
        _ paths: [String], shownAs names: [String], _ files: any FileReader,
        placeholders: [String: [String]] = [:]
    ) async -> RuleSet {
        var documents: [Document] = []
        var problems: [Problem] = []
        var absent: [Problem] = []
        for (path, shown) in zip(paths, names) {
            if shown == builtinName {
                documents += builtinDocuments
                continue
            }
            guard await isThere(path, files) else {
                absent.append(Problem(at: at(shown), "there is no such file or folder"))
                continue
            }
            var found: [(path: String, shown: String)] = []
            await walk(path, shown, depth: 0, isNamed: true, files, &found, &problems)
            for file in found {
                do throws(Fault) {
                    let bytes = try await files.read(file.path, bytesMax: fileBytesMax)
                    read(bytes, file.shown, &documents, &problems)
                } catch {
                    problems.append(Problem(at: at(file.shown), error.message))
                }
            }
        }
        var rules = ruleSet(documents, problems + absent, placeholders)
        rules.absent = absent
        return rules
    }

    /// What cannot be looked at may be there; the walk says why it cannot.
    private static func isThere(_ path: String, _ files: any FileReader) async -> Bool {
        do throws(Fault) { return try await files.entry(at: path) != nil } catch { return true }
    }

    private static func isRuleFile(_ name: String) -> Bool {
        name.hasSuffix(".yml") || name.hasSuffix(".yaml")
    }

    private static func at(_ file: String) -> SourcePosition {
        SourcePosition(file: file, line: 1, column: 1)
    }

    private static func walk(
        _ path: String, _ shown: String, depth: Int, isNamed: Bool, _ files: any FileReader,
        _ found: inout [(path: String, shown: String)], _ problems: inout [Problem]
    ) async {
        do throws(Fault) {
            guard let entry = try await files.entry(at: path) else {
                problems.append(Problem(at: at(shown), "there is no such file or folder"))
                return
            }
            guard entry.kind == .folder else {
                guard isNamed || isRuleFile(path) else { return }
                guard found.count < filesMax else {
                    if found.count == filesMax {
                        problems.append(
                            Problem(at: at(shown), "more than \(filesMax) rule files; the rest is not read"))
                    }
                    return
                }
                found.append((path, shown))
                return
            }
            guard depth < folderDepthMax else {
                problems.append(
                    Problem(at: at(shown), "folders nest deeper than \(folderDepthMax); not read"))
                return
            }
            for inner in try await files.entries(of: path) {
                let name = inner.path.split(separator: "/").last ?? ""
                await walk(
                    inner.path, shown + "/" + name, depth: depth + 1, isNamed: false, files, &found, &problems
                )
            }
        } catch {
            problems.append(Problem(at: at(shown), error.message))
        }
    }

    private static func read(
        _ bytes: [UInt8], _ name: String, _ documents: inout [Document], _ problems: inout [Problem]
    ) {
        do throws(Problems) {
            documents += try YAMLReader.documents(in: bytes, file: name)
        } catch {
            problems += error.list
        }
    }

    private static func ruleSet(
        _ documents: [Document], _ problems: [Problem], _ placeholders: [String: [String]]
    ) -> RuleSet {
        var rules = RuleSet(
            reading: documents, placeholders: placeholders, schema: try? OCSFContent.schema(.canonical))
        rules.problems += problems
        rules.problems.sort { ($0.position ?? at("")) < ($1.position ?? at("")) }
        return rules
    }
}
