import Codecs
import Foundation
import Testing

@testable import Engine

/// Rules and records for the rule tests: from text, and from the shared data where it is there.
enum RuleMaterial {
    /// `<package root>/../shared/data`: absent on a user's machine.
    static let shared: String = {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return "/" + root.split(separator: "/").dropLast().joined(separator: "/") + "/shared/data"
    }()
    static let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    static var hasShared: Bool { FileManager.default.fileExists(atPath: shared + "/sigma") }

    static func files(under path: String, endings: [String]) -> [String] {
        guard let walker = FileManager.default.enumerator(atPath: path) else { return [] }
        return walker.compactMap { $0 as? String }.filter { name in endings.contains { name.hasSuffix($0) } }
            .sorted()
            .map { path + "/" + $0 }
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        let raw = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        return path.hasSuffix(".gz") ? try Inflater.inflate(raw, bytesMax: 64 << 20) : raw
    }

    static func documents(_ paths: [String]) throws -> [Document] {
        var documents: [Document] = []
        for path in paths { documents += try YAMLReader.documents(in: try bytes(path), file: path) }
        return documents
    }

    static func parsed(_ text: String) throws -> [Document] {
        try YAMLReader.documents(in: Array(text.utf8), file: "rule.yml")
    }

    /// The rules of shared folders, such as `sigma/sigmahq/rules/cloud/aws`.
    static func sharedRules(_ folders: [String], placeholders: [String: [String]] = [:]) throws -> RuleSet {
        let paths = folders.flatMap { files(under: shared + "/" + $0, endings: [".yml", ".yaml"]) }
        return RuleSet(reading: try documents(paths), placeholders: placeholders)
    }

    /// One rule from its detection, written as YAML with two spaces before each line's content.
    static func rule(_ detection: String, logsource: String = "{product: aws, service: cloudtrail}") throws
        -> RuleSet
    {
        let text = """
            title: A test rule
            id: 11111111-2222-4333-8444-555555555555
            logsource: \(logsource)
            detection:
            \(detection.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n"))
            """
        return RuleSet(reading: try YAMLReader.documents(in: Array(text.utf8), file: "rule.yml"))
    }

    /// Runs `body` on each record of a file, in order; the second value counts from 0.
    static func forEachRecord(_ bytes: [UInt8], _ body: (JSONTape, RawRecord) -> Void) {
        let reader = RecordReader()
        reader.begin()
        var start = 0
        func drain() { while reader.advance() { for record in reader.records { body(reader.tape, record) } } }
        while start < bytes.count {
            let end = min(start + (1 << 20), bytes.count)
            reader.feed(bytes.span.extracting(start..<end))
            drain()
            start = end
        }
        reader.finish()
        drain()
    }

    /// Whether a detection matches a record.
    static func matches(
        _ detection: String, _ record: String, feed: String = "aws.cloudtrail",
        logsource: String = "{product: aws, service: cloudtrail}",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Bool {
        let rules = try rule(detection, logsource: logsource)
        #expect(rules.problems.isEmpty, "\(rules.problems)", sourceLocation: sourceLocation)
        var matcher = RuleMatcher(RuleCompiler.compile(rules.rules, feed: feed))
        var answer: Bool?
        forEachRecord(Array(record.utf8)) { tape, record in
            matcher.match(tape, record)
            answer = !matcher.hits.isEmpty
        }
        #expect(answer != nil, "no record was read", sourceLocation: sourceLocation)
        return answer ?? false
    }
}
