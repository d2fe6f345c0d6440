import Codecs
package import Engine
package import Ports

/// Every feed's declaration, built in or the user's own.
package struct FeedCatalog: Sendable {
    /// By feed.
    package let feeds: [FeedProtocol]

    private static let shared = Result { () throws(Problems) in
        FeedCatalog(feeds: try read(VendorFolder.builtIn))
    }

    /// The declarations inside the binary.
    package static func builtIn() throws(Problems) -> FeedCatalog { try shared.get() }

    /// No feed at all, for what collects nothing.
    package static let none = FeedCatalog(feeds: [])

    private init(feeds: [FeedProtocol]) { self.feeds = feeds }

    /// - Parameter own: folders of the user's; a feed of the same name replaces the built-in one.
    package init(own: [VendorFolder]) throws(Problems) {
        let replaced = Set(own.map(\.feed))
        let others = try Self.builtIn().feeds.filter { !replaced.contains($0.feed) }
        feeds = (others + (try Self.read(own))).sorted { $0.feed < $1.feed }
    }

    private static func read(_ folders: [VendorFolder]) throws(Problems) -> [FeedProtocol] {
        var problems: [Problem] = []
        var feeds: [FeedProtocol] = []
        for folder in folders {
            do throws(Problems) {
                feeds.append(try folder.declaration())
            } catch {
                problems += error.list
            }
        }
        if !problems.isEmpty { throw Problems(problems) }
        return feeds
    }

    package subscript(feed: String) -> FeedProtocol? { feeds.first { $0.feed == feed } }

    /// The feeds that can be collected by their declared protocol.
    package var declared: [FeedProtocol] { feeds.filter { $0.position != nil } }
}

extension VendorFolder {
    /// What its `feed.yaml` declares; without one, that it is a feed whose records come as files.
    package func declaration() throws(Problems) -> FeedProtocol {
        guard let bytes = self[.feed] else {
            var bare = FeedProtocol()
            bare.feed = feed
            return bare
        }
        let document = try YAMLReader.document(in: bytes, file: "\(path)/\(File.feed.rawValue)")
        var decoder = ConfigDecoder(references: References(environment: [:]))
        let declaration = FeedProtocol.decode(document, by: &decoder)
        if let declaration, declaration.feed != feed {
            decoder.complain(
                at: document["feed"]?.position, "the folder is \(feed)'s, not \(declaration.feed)'s",
                hint: "feed: \(feed)")
        }
        guard let declaration, decoder.problems.isEmpty else { throw Problems(decoder.problems) }
        return declaration
    }
}
