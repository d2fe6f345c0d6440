package import Codecs

extension XMLElement {
    /// The root of an answer; `nil` where it is no XML.
    package init?(xml bytes: [UInt8]) {
        guard let root = try? XMLReader.root(of: bytes) else { return nil }
        self = root
    }

    /// The first element of that name at any depth, in document order.
    package func first(_ name: String) -> XMLElement? {
        if self.name == name { return self }
        for child in children { if let found = child.first(name) { return found } }
        return nil
    }
}
