import Engine
import Synchronization

/// A feed's mapping, compiled once, by whoever asks for it first.
final class CompiledMapping: Sendable {
    let feed: String
    private let source: (folder: VendorFolder, schema: OCSFSchema)?
    private let known: Mutex<Mapping?>

    /// One of those inside the binary, which tests have compiled.
    init(_ folder: VendorFolder, _ schema: OCSFSchema) {
        feed = folder.feed
        source = (folder, schema)
        known = Mutex(nil)
    }

    init(_ feed: String, _ mapping: Mapping) {
        self.feed = feed
        source = nil
        known = Mutex(mapping)
    }

    func mapping() throws(Problem) -> Mapping {
        try known.withLock { known throws(Problem) in
            if let known { return known }
            do throws(Problems) {
                guard let source else { throw Problems([]) }
                let mapping = try source.folder.mapping(schema: source.schema, isProven: true)
                known = mapping
                return mapping
            } catch {
                throw error.list.first ?? Problem(at: nil, "\(feed) has no mapping")
            }
        }
    }
}
