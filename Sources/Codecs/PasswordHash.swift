import COpenSSL
import Engine

/// A password as it is kept: scrypt's digest with its salt, in the text `scrypt$N$r$p$SALT$DIGEST` (Base64).
package struct PasswordHash: Hashable, Sendable {
    /// Memory that checking one may take: bytes. Costs above it are refused, so that a file cannot stop the program.
    private static let memoryMax: UInt64 = 128 << 20
    private static let digestBytes = 32

    private let cost: UInt64
    private let blocks: UInt64
    private let lanes: UInt64
    private let salt: [UInt8]
    private let digest: [UInt8]

    /// 64 MiB and some tenths of a second for each try.
    package init?(password: String, salt: [UInt8]) {
        (cost, blocks, lanes) = (1 << 16, 8, 1)
        self.salt = salt
        guard let digest = Self.derive(password, salt, cost, blocks, lanes, bytes: Self.digestBytes) else {
            return nil
        }
        self.digest = digest
    }

    private init(salt: [UInt8], digest: [UInt8]) {
        (cost, blocks, lanes) = (1 << 16, 8, 1)
        self.salt = salt
        self.digest = digest
    }

    /// Matches no password, and takes as long to say so.
    package static let ofNobody = PasswordHash(
        salt: [UInt8](repeating: 0, count: 16), digest: [UInt8](repeating: 0, count: digestBytes))

    /// `nil` for anything that is not such a text, or costs too much.
    package init?(text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "scrypt", let cost = UInt64(parts[1]),
            let blocks = UInt64(parts[2]),
            let lanes = UInt64(parts[3]), let salt = Base64.decode(parts[4]),
            let digest = Base64.decode(parts[5]), salt.count >= 8, digest.count >= 16, digest.count <= 64,
            cost >= 1 << 14, cost <= 1 << 18, cost & (cost - 1) == 0, (1...32).contains(blocks),
            (1...4).contains(lanes), 128 * cost * blocks <= Self.memoryMax
        else { return nil }
        (self.cost, self.blocks, self.lanes) = (cost, blocks, lanes)
        self.salt = salt
        self.digest = digest
    }

    package var text: String {
        "scrypt$\(cost)$\(blocks)$\(lanes)$\(Base64.encode(salt))$\(Base64.encode(digest))"
    }

    package func matches(_ password: String) -> Bool {
        guard let given = Self.derive(password, salt, cost, blocks, lanes, bytes: digest.count) else {
            return false
        }
        return Digest.equalInConstantTime(given, digest)
    }

    private static func derive(
        _ password: String, _ salt: [UInt8], _ cost: UInt64, _ blocks: UInt64, _ lanes: UInt64, bytes: Int
    ) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: bytes)
        let text = Array(password.utf8).map { CChar(bitPattern: $0) }
        let done = unsafe EVP_PBE_scrypt(
            text, text.count, salt, salt.count, cost, blocks, lanes, 2 * memoryMax, &digest, bytes)
        return done == 1 ? digest : nil
    }
}
