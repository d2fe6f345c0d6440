import Engine
import Pipeline
import Testing

/// The other clouds' and directories' changes, as their feeds' own samples show them.
@Suite struct DriftCloudTests {
    /// A feed's samples, and findings that must be among those of them.
    static let feeds: [(feed: String, path: String, codes: Set<String>)] = [
        ("okta.system_log", "okta/system_log", ["D3", "D10", "D16", "D17"]),
        ("entra.audit", "entra/audit", ["D3", "D13"]),
        ("azure.activity", "azure/activity", ["D3"]),
        ("gcp.audit", "gcp/audit", ["D3", "D17"]),
        ("github.audit", "github/audit", ["D3", "D10", "D11", "D16"]),
    ]

    @Test("Samples of each feed show what strays", arguments: feeds.map(\.feed))
    func samples(feed: String) async throws {
        let (_, path, codes) = try #require(Self.feeds.first { $0.feed == feed })
        let bytes = try #require(Assets.bytes("schemas/vendors/\(path)/samples.jsonl"))
        let records = bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
        let report = try await DriftMaterial.run(records, feed: feed).report()
        let found = Set(report.findings.map(\.code.name))
        #expect(
            codes.isSubset(of: found), "\(codes.subtracting(found).sorted()) missing of \(found.sorted())")
        let other = try await DriftMaterial.run(records.reversed(), feed: feed).report()
        #expect(report.findings == other.findings)
    }
}
