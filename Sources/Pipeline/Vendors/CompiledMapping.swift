import Engine
import Synchronization

/// A feed's mapping, compiled once, by whoever asks for it first.
final class CompiledMapping: Sendable {
    private let folder: VendorFolder
    private let schema: OCSFSchema
    private let known: Mutex<Mapping?>

    /// - Parameter known: a user's, which is compiled when it is read; those inside the binary were, by tests.
    init(_ folder: VendorFolder, _ schema: OCSFSchema, known: Mapping? = nil) {
        self.folder = folder
        self.schema = schema
        self.known = Mutex(known)
    }

    var feed: String { folder.feed }

    func mapping() throws(Problem) -> Mapping {
        try known.withLock { known throws(Problem) in
            if let known { return known }
            do throws(Problems) {
                let mapping = try folder.mapping(schema: schema, isProven: true)
                known = mapping
                return mapping
            } catch {
                throw error.list.first ?? Problem(at: nil, "the mapping of \(feed) cannot be compiled")
            }
        }
    }
}
