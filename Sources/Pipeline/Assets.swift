import CAssets

/// The repository's files that are inside the binary: `console/`, `schemas/` and `pipelines/`.
package enum Assets {
    /// Paths in the repository, in name order.
    package static let names: [String] = (0..<martlet_asset_count()).map { index in
        unsafe String(cString: martlet_asset_at(index).name)
    }

    private static let numbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))

    package static func bytes(_ name: String) -> [UInt8]? {
        guard let number = numbers[name] else { return nil }
        let asset = unsafe martlet_asset_at(number)
        return unsafe [UInt8](UnsafeBufferPointer(start: asset.bytes, count: asset.length))
    }

    /// Every asset below a folder, by path: `schemas/vendors/`.
    package static func names(under folder: String) -> [String] { names.filter { $0.hasPrefix(folder) } }
}
