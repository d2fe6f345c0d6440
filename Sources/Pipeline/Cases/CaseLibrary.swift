import Codecs
import Engine
package import Ports

/// Finds the cases kept beside mappings, rules and pipelines, and runs them: what `martlet test` does.
package struct CaseLibrary: Sendable {
    /// A larger file is not read: bytes.
    static let fileBytesMax: Int64 = 64 << 20
    /// Folders within folders; a link that leads back ends here.
    static let folderDepthMax = 32

    private static let casesSuffix = ".cases.jsonl"

    private let files: any FileReader
    private let environment: [String: String]
    private let placeholders: [String: [String]]

    package init(
        _ files: any FileReader, environment: [String: String] = [:], placeholders: [String: [String]] = [:]
    ) {
        self.files = files
        self.environment = environment
        self.placeholders = placeholders
    }

    /// All cases inside the binary.
    package static func builtIn(environment: [String: String] = [:]) async -> CaseReport {
        await CaseLibrary(AssetFiles(), environment: environment).report(
            ["/schemas/vendors", "/pipelines"], shownAs: ["schemas/vendors", "pipelines"])
    }

    /// The cases at these paths: folders that are walked in name order, a mapping's folder, or single files.
    ///
    /// `names` are the paths as the user typed them, for messages.
    package func report(_ paths: [String], shownAs names: [String]) async -> CaseReport {
        var report = CaseReport()
        var found = Found()
        for (path, name) in zip(paths, names) {
            await walk(path, name, depth: 0, isNamed: true, &found, &report)
        }
        let folders = await vendorFolders(found.mappings, &report)
        let catalog: MappingCatalog
        let sound: [VendorFolder]
        do throws(Problems) {
            (catalog, sound) = try self.catalog(of: folders, &report)
        } catch {
            report.problems += error.list
            return report
        }
        for folder in sound { report.outcomes.append(MappingCases.run(folder, in: catalog)) }
        for subject in found.subjects { await run(subject, among: found.subjects, catalog, &report) }
        return report
    }

    // MARK: Finding

    private struct Place: Hashable {
        var path: String
        var shown: String
    }

    private struct Found {
        /// Folders with a mapping.
        var mappings: [Place] = []
        /// Rule and pipeline files.
        var subjects: [Place] = []
    }

    private static func isYAML(_ name: String) -> Bool { name.hasSuffix(".yaml") || name.hasSuffix(".yml") }
    private static func at(_ file: String) -> SourcePosition {
        SourcePosition(file: file, line: 1, column: 1)
    }

    private func walk(
        _ path: String, _ shown: String, depth: Int, isNamed: Bool, _ found: inout Found,
        _ report: inout CaseReport
    ) async {
        do throws(Fault) {
            guard let entry = try await files.entry(at: path) else {
                report.problems.append(Problem(at: Self.at(shown), "there is no such file or folder"))
                return
            }
            guard entry.kind == .folder else {
                try await take(path, shown, isNamed: isNamed, &found, &report)
                return
            }
            guard depth < Self.folderDepthMax else {
                report.problems.append(
                    Problem(at: Self.at(shown), "folders nest deeper than \(Self.folderDepthMax); not read"))
                return
            }
            for inner in try await files.entries(of: path) {
                let name = Paths.name(of: inner.path)
                let next = shown.hasSuffix("/") ? shown + name : "\(shown)/\(name)"
                await walk(inner.path, next, depth: depth + 1, isNamed: false, &found, &report)
            }
        } catch {
            report.problems.append(Problem(at: Self.at(shown), error.message))
        }
    }

    private func take(
        _ path: String, _ shown: String, isNamed: Bool, _ found: inout Found, _ report: inout CaseReport
    ) async throws(Fault) {
        let name = Paths.name(of: path)
        if name == VendorFolder.File.mapping.rawValue {
            let folder = Place(path: Paths.folder(of: path), shown: Paths.folder(of: shown))
            if !found.mappings.contains(folder) { found.mappings.append(folder) }
        } else if name == VendorFolder.File.feed.rawValue {
            return
        } else if Self.isYAML(name) {
            let subject = Place(path: path, shown: shown)
            if !found.subjects.contains(subject) { found.subjects.append(subject) }
        } else if name.hasSuffix(Self.casesSuffix) {
            for ending in [".yaml", ".yml"] {
                let subject = path.dropLast(Self.casesSuffix.count) + ending
                guard try await files.entry(at: String(subject)) != nil else { continue }
                // In a walk the file itself is met as well.
                if isNamed {
                    let shownSubject = shown.dropLast(Self.casesSuffix.count) + ending
                    found.subjects.append(Place(path: String(subject), shown: String(shownSubject)))
                }
                return
            }
            report.problems.append(
                Problem(at: Self.at(shown), "there is no rule or pipeline beside these cases"))
        } else if isNamed {
            report.problems.append(
                Problem(
                    at: Self.at(shown), "this is no mapping, rule, pipeline or file of cases",
                    hint: "name a folder, a .yaml file or a .cases.jsonl file"))
        }
    }

    // MARK: Mappings

    private func vendorFolders(_ places: [Place], _ report: inout CaseReport) async -> [VendorFolder] {
        var folders: [VendorFolder] = []
        for place in places {
            let parts = place.path.split(separator: "/").suffix(2)
            var found: [VendorFolder.File: [UInt8]] = [:]
            do throws(Fault) {
                for file in VendorFolder.File.allCases {
                    let path = "\(place.path)/\(file.rawValue)"
                    guard try await files.entry(at: path) != nil else { continue }
                    found[file] = try await files.read(path, bytesMax: Self.fileBytesMax)
                }
                folders.append(
                    VendorFolder(feed: parts.joined(separator: "."), path: place.shown, files: found))
            } catch {
                report.problems.append(Problem(at: Self.at(place.shown), error.message))
            }
        }
        return folders
    }

    /// The built-in mappings with those of the folders that are right; what is wrong with the others is reported.
    private func catalog(of folders: [VendorFolder], _ report: inout CaseReport) throws(Problems)
        -> (MappingCatalog, sound: [VendorFolder])
    {
        if files is AssetFiles { return (try MappingCatalog.builtIn(), folders) }
        if let whole = try? MappingCatalog(own: folders) { return (whole, folders) }
        let schema: OCSFSchema
        do { schema = try OCSFContent.schema(.canonical) } catch { throw Problems([error]) }
        var sound: [VendorFolder] = []
        for folder in folders {
            do throws(Problems) {
                _ = try folder.mapping(schema: schema)
                sound.append(folder)
            } catch {
                var outcome = CaseOutcome(.mapping, "\(folder.path)/mapping.yaml")
                outcome.problems = error.list
                report.outcomes.append(outcome)
            }
        }
        return (try MappingCatalog(own: sound), sound)
    }

    // MARK: Rules and pipelines

    /// A file's rules with those of the other files, and of the binary, that its correlations are made of.
    private func withReferences(_ documents: [Document], among subjects: [Place]) async -> [Document] {
        var wanted = documents.flatMap(Self.references)
        guard wanted.contains(where: { name in !documents.contains { Self.isCalled($0, name) } }) else {
            return documents
        }
        var others = RuleLibrary.builtinDocuments
        for subject in subjects {
            guard let text = try? await files.read(subject.path, bytesMax: Self.fileBytesMax),
                let read = try? YAMLReader.documents(in: text, file: subject.shown)
            else { continue }
            others += read
        }
        var whole = documents
        while let name = wanted.popLast() {
            if whole.contains(where: { Self.isCalled($0, name) }) { continue }
            guard let found = others.last(where: { Self.isCalled($0, name) }) else { continue }
            whole.append(found)
            wanted += Self.references(found)
        }
        return whole
    }

    private static func references(_ document: Document) -> [String] {
        document["correlation"]?["rules"]?.list?.compactMap(\.string) ?? []
    }

    private static func isCalled(_ document: Document, _ name: String) -> Bool {
        ["id", "name", "title"].contains { document[$0]?.string == name }
    }

    private func run(
        _ subject: Place, among subjects: [Place], _ catalog: MappingCatalog, _ report: inout CaseReport
    ) async {
        let stem = subject.path.hasSuffix(".yaml") ? 5 : 4
        let casesPath = subject.path.dropLast(stem) + Self.casesSuffix
        let casesShown = subject.shown.dropLast(stem) + Self.casesSuffix
        do throws(Fault) {
            guard try await files.entry(at: String(casesPath)) != nil else {
                report.withoutCases.append(subject.shown)
                return
            }
            let cases = try await files.read(String(casesPath), bytesMax: Self.fileBytesMax)
            let text = try await files.read(subject.path, bytesMax: Self.fileBytesMax)
            let documents: [Document]
            do throws(Problems) {
                documents = try YAMLReader.documents(in: text, file: subject.shown)
            } catch {
                var outcome = CaseOutcome(.rule, subject.shown)
                outcome.problems = error.list
                report.outcomes.append(outcome)
                return
            }
            if documents.contains(where: { $0["collectors"] != nil || $0["exporters"] != nil }) {
                report.outcomes.append(
                    await PipelineCases.run(
                        subject.path, shownAs: subject.shown, cases: cases, file: String(casesShown),
                        environment: environment, catalog, files))
            } else {
                let rules = RuleSet(
                    reading: await withReferences(documents, among: subjects), placeholders: placeholders,
                    schema: try? OCSFContent.schema(.canonical))
                let ran = RuleCases.run(rules, cases: cases, file: String(casesShown), catalog)
                var outcome = CaseOutcome(.rule, subject.shown)
                outcome.cases = ran.hits + ran.misses
                outcome.problems = ran.problems
                report.outcomes.append(outcome)
            }
        } catch {
            report.problems.append(Problem(at: Self.at(subject.shown), error.message))
        }
    }
}
