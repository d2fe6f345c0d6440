/// Why bytes could not be read in the form they claim to have.
package struct CodecError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// The input ends inside a value; what came before it is good.
        case truncated
        /// A check sum, code or character that cannot be.
        case corrupt
        /// Whole values were read, and then came bytes that belong to none; what came before them is good.
        case trailing
        /// A named limit of ours was met.
        case tooLarge
    }

    package var kind: Kind
    /// One sentence for a person.
    package var message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { message }
}
