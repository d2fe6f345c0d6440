import Engine
import Foundation
import Ports
import Testing

@testable import Pipeline

/// What is generated from the declarations and kept in the repository, so that it can be read and reviewed there.
///
/// `MARTLET_UPDATE=1 swift test --filter GeneratedFileTests` writes them anew.
@Suite struct GeneratedFileTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let isUpdating = ProcessInfo.processInfo.environment["MARTLET_UPDATE"] == "1"

    private func kept(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    private func write(_ text: String, to path: String) throws {
        try text.write(to: Self.root.appending(path: path), atomically: true, encoding: .utf8)
    }

    @Test("The columns of the event store are those that its plans give", arguments: StorePlans.tables)
    func columns(table: String) throws {
        let fresh = try StorePlans.written(table).lines
        if Self.isUpdating { try write(fresh, to: StorePlans.path(table)) }
        #expect(try kept(StorePlans.path(table)) == fresh)
        #expect(try ColumnPlan(table: table, lines: fresh).lines == fresh)
    }

    @Test("The JSON Schema of pipelines is the one the declarations give")
    func schema() throws {
        let path = "schemas/pipeline.schema.json"
        if Self.isUpdating { try write(PipelineSchema.json(), to: path) }
        #expect(try kept(path) == PipelineSchema.json())
        _ = try JSONSerialization.jsonObject(with: Data(PipelineSchema.json().utf8))
    }

    @Test("The description of the console's API is the one its routes give")
    func api() throws {
        let path = "docs/api/openapi.json"
        let fresh = PrettyJSON.text(OpenAPI.document(of: ConsoleRoutes.all)) + "\n"
        if Self.isUpdating { try write(fresh, to: path) }
        #expect(try kept(path) == fresh)
    }

    @Test(
        "The references of pipeline files and of feed.yaml are those the declarations give",
        arguments: [
            ("docs/configuration.md", "Config", PipelineConfig.object),
            ("docs/adding-a-vendor.md", "Vendors", FeedProtocol.object),
        ])
    func reference(path: String, folder: String, object: ConfigObject) throws {
        let mark =
            "<!-- generated from the declarations in Sources/Pipeline/\(folder): do not edit below -->\n"
        let page = try kept(path)
        let intro = try #require(page.firstRange(of: mark).map { String(page[..<$0.upperBound]) })
        let fresh = intro + "\n" + PipelineReference.markdown(of: object)
        if Self.isUpdating { try write(fresh, to: path) }
        #expect(try kept(path) == fresh)
    }
}
