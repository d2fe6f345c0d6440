/// A password, token or key: usable, never printable.
///
/// Whatever prints, describes, dumps or encodes it gets `<secret>`; only `reveal()` gives the text, so that every
/// place where a secret leaves its wrapping can be found by that name.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let text: String

    package init(_ text: String) { self.text = text }

    package func reveal() -> String { text }

    package var isEmpty: Bool { text.isEmpty }
    package var description: String { "<secret>" }
    package var debugDescription: String { "<secret>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
