import Foundation
import Testing

@Suite struct AssetListTests {
    @Test("Every file of console/, schemas/ and pipelines/ is in the binary; scripts/assets renews the list")
    func listIsFresh() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        var files: [String] = []
        for folder in ["console", "schemas", "pipelines"] {
            let path = root.appending(path: folder).path
            for inside in FileManager.default.enumerator(atPath: path)?.compactMap({ $0 as? String }) ?? [] {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(inside)")
                let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
                let isHidden = inside.split(separator: "/").last?.hasPrefix(".") ?? false
                if !isFolder, !isHidden { files.append("\(folder)/\(inside)") }
            }
        }
        let list = try String(contentsOf: root.appending(path: "Sources/C/CAssets/assets.c"), encoding: .utf8)
        let embedded = list.split(separator: "\n").filter { $0.hasPrefix("#embed") }
            .map { $0.split(separator: "\"")[1].replacing("../../../", with: "") }
        #expect(embedded.map { String($0) }.sorted() == files.sorted())
    }
}
