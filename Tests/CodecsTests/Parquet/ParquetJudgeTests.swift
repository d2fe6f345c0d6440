import Foundation
import Testing

@testable import Codecs

/// Files of ours, read by others: pyarrow and DuckDB say whether they find in them what was written.
@Suite struct ParquetJudgeTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    private static let python = "\(root)/.tools/bin/python"

    /// Whether `scripts/bootstrap --with judges` has put pyarrow and DuckDB there.
    static let hasJudges: Bool = {
        let library = "\(root)/.tools/lib"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: library)) ?? []
        return versions.contains { version in
            ["pyarrow", "duckdb"].allSatisfy {
                FileManager.default.fileExists(atPath: "\(library)/\(version)/site-packages/\($0)")
            }
        }
    }()

    /// Runs the judge over a folder and hands back what it printed.
    static func judge(_ folder: String, _ arguments: String...) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["\(root)/Tests/Support/parquet_judge.py", folder] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    static func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("martlet-parquet-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    /// A file of the sample in groups of these rows, every other group in another order, and what must be read.
    static func file(
        _ sample: inout ParquetSample, groupRows: Int, _ options: ParquetWriter.Options
    ) throws -> (bytes: [UInt8], rows: [[Value]]) {
        var bytes: [UInt8] = []
        var expected: [[Value]] = []
        var writer = ParquetWriter(sample.schema, options, into: &bytes)
        var columns = ParquetRows(sample.schema)
        var start = 0
        while start < sample.rows.count {
            let end = min(start + groupRows, sample.rows.count)
            columns.removeAll()
            for row in sample.rows[start..<end] { sample.append(row, to: &columns) }
            if start / groupRows % 2 == 1 {
                let order = sample.shuffledOrder(end - start)
                try writer.write(&columns, order: order, into: &bytes)
                expected += order.map { sample.rows[start + Int($0)] }
            } else {
                try writer.write(&columns, into: &bytes)
                expected += sample.rows[start..<end]
            }
            start = end
        }
        writer.finish(metadata: [("martlet.seed", "é")], into: &bytes)
        return (bytes, expected)
    }

    static func save(_ bytes: [UInt8], _ rows: [[Value]], _ folder: String, _ name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name).parquet"))
        let lines = rows.map { Value.group($0).text + "\n" }.joined()
        try Data(lines.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).jsonl"))
    }

    @Test("pyarrow and DuckDB read what was written, whatever the schema, nulls, lists and order")
    func readEqual() throws {
        guard Self.hasJudges else { return print("skipped: scripts/bootstrap --with judges") }
        try Self.withFolder { folder in
            for seed in UInt64(1)...60 {
                var sample = ParquetSample(seed: seed, rows: [0, 1, 9, 300, 900][Int(seed % 5)])
                var options = ParquetWriter.Options()
                options.pageRows = [7, 64, 4_096][Int(seed % 3)]
                options.pageBytes = seed % 4 == 0 ? 500 : 1 << 20
                options.zstdLevel = seed % 6 == 0 ? 0 : 3
                options.dictionaryBytes = seed % 7 == 0 ? 100 : 1 << 20
                options.boundBytes = seed % 2 == 0 ? 5 : 64
                options.bloomLeaves = Set(sample.schema.leaves.indices.filter { $0 % 2 == 0 })
                let (bytes, rows) = try Self.file(&sample, groupRows: 250, options)
                try Self.save(bytes, rows, folder, "seed\(seed)")
            }
            let (status, output) = try Self.judge(folder)
            #expect(status == 0, "\(output)")
        }
    }
}
