import Engine
import Exporters
import Testing

@testable import Pipeline

/// What is declared under `schemas/` for exporters.
@Suite struct EncodingTests {
    @Test("Every encoding has its map, but for OCSF and the raw record")
    func maps() throws {
        for encoding in EncodingChoice.allCases {
            let map = try EncodingCatalog.map(encoding)
            #expect((map == nil) == (encoding == .ocsf || encoding == .raw))
            if let map { #expect(map.name == encoding.rawValue) }
        }
    }

    @Test("Every declared receiver is sound, and takes only encodings that there are")
    func receivers() throws {
        #expect(ReceiverCatalog.problems.map(\.description) == [])
        #expect(ReceiverCatalog.all.count >= 12)
        for receiver in ReceiverCatalog.all {
            for name in receiver.encodings { #expect(EncodingChoice(rawValue: name) != nil, "\(name)") }
            for name in receiver.receives { #expect(Delivered(rawValue: name) != nil, "\(name)") }
        }
        let named = ExporterConfig.kinds.map(\.tag)
        #expect(Set(named).count == named.count)
        #expect(Set(ExporterKind.all.map(\.name)) == Set(named))
    }
}
