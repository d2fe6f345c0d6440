import Codecs
package import Engine
package import Ports

/// One feed's folder, `<vendor>/<feed>/`: its mapping, sample records and the events they must become.
package struct VendorFolder: Sendable {
    /// The names of the files in it.
    package enum File: String, CaseIterable, Sendable {
        case feed = "feed.yaml"
        case mapping = "mapping.yaml"
        case samples = "samples.jsonl"
        case golden = "golden.jsonl"
    }

    /// `aws.cloudtrail`.
    package var feed: String
    /// Where it stands, for messages: `schemas/vendors/aws/cloudtrail`.
    package var path: String
    private var contents: [File: Content]

    /// A file that was read, or where it is in the binary: hundreds of samples, which a start does not need.
    private enum Content: Sendable {
        case read([UInt8])
        case asset(String)
    }

    package init(feed: String, path: String, files: [File: [UInt8]]) {
        self.feed = feed
        self.path = path
        contents = files.mapValues { .read($0) }
    }

    package func holds(_ file: File) -> Bool { contents[file] != nil }

    /// What a file says; `nil` where it is not there.
    package subscript(file: File) -> [UInt8]? {
        switch contents[file] {
        case .read(let bytes): bytes
        case .asset(let name): Assets.bytes(name)
        case nil: nil
        }
    }

    /// The folders that are in the binary, by feed.
    package static let builtIn: [VendorFolder] = {
        let root = "schemas/vendors/"
        var folders: [String: VendorFolder] = [:]
        for name in Assets.names(under: root) {
            let parts = name.dropFirst(root.count).split(separator: "/").map(String.init)
            guard parts.count == 3, let file = File(rawValue: parts[2]) else { continue }
            let feed = "\(parts[0]).\(parts[1])"
            folders[feed, default: .init(feed: feed, path: "\(root)\(parts[0])/\(parts[1])", files: [:])]
                .contents[file] = .asset(name)
        }
        return folders.values.sorted { $0.feed < $1.feed }
    }()

    /// A mapping larger than this is refused: bytes.
    private static let fileBytesMax: Int64 = 16 << 20

    /// The folders below a folder of the user's, which is laid out as `schemas/vendors` is.
    package static func read(from root: String, with files: any FileReader) async throws(Fault)
        -> [VendorFolder]
    {
        var folders: [VendorFolder] = []
        for vendor in try await files.entries(of: root) where vendor.kind == .folder {
            for feed in try await files.entries(of: vendor.path) where feed.kind == .folder {
                var found: [File: [UInt8]] = [:]
                for file in File.allCases {
                    let path = "\(feed.path)/\(file.rawValue)"
                    guard try await files.entry(at: path) != nil else { continue }
                    found[file] = try await files.read(path, bytesMax: fileBytesMax)
                }
                guard found[.mapping] != nil || found[.feed] != nil else { continue }
                let name = { (path: String) in path.split(separator: "/").last.map(String.init) ?? path }
                folders.append(
                    VendorFolder(
                        feed: "\(name(vendor.path)).\(name(feed.path))", path: feed.path, files: found))
            }
        }
        return folders
    }

    /// What a pipeline file names, and folders that were given beside it.
    package static func own(
        of file: PipelineFile, beside others: [String] = [], _ files: any FileReader
    ) async throws(Problems) -> [VendorFolder] {
        var own: [VendorFolder] = []
        let named = file.config.vendors.map { (path: file.absolute($0.value), position: $0.position) }
        for (path, position) in others.map({ (path: $0, position: nil) }) + named {
            do throws(Fault) {
                own += try await read(from: path, with: files)
            } catch {
                throw Problems([Problem(at: position, "vendors: \(error.message)")])
            }
        }
        return own
    }

    /// The folder's mapping, compiled.
    ///
    /// - Parameter isProven: see `Mapping.init`.
    package func mapping(schema: OCSFSchema, isProven: Bool = false) throws(Problems) -> Mapping {
        let path = "\(self.path)/\(File.mapping.rawValue)"
        guard let bytes = self[.mapping] else {
            throw Problems([
                Problem(at: SourcePosition(file: path, line: 1, column: 1), "there is no mapping")
            ])
        }
        return try Mapping(
            feed: feed, try YAMLReader.document(in: bytes, file: path), schema: schema, isProven: isProven)
    }
}
