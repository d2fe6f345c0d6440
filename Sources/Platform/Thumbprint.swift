/// A certificate's digest, as tools print it: hexadecimal of SHA-1 or SHA-256, with colons, with spaces or without.
struct Thumbprint {
    let digest: [UInt8]

    init?(_ text: String) {
        var digits: [UInt8] = []
        for character in text where character != ":" && character != " " {
            guard let digit = character.hexDigitValue, character.isASCII else { return nil }
            digits.append(UInt8(digit))
        }
        guard digits.count == 40 || digits.count == 64 else { return nil }
        digest = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
