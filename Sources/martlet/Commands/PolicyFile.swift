import Codecs
import Engine
import Pipeline
import Ports

/// A policy document as users have it: bare, or inside the answer of the call that fetched it.
enum PolicyFile {
    /// AWS's own limit is far below; what is larger is no policy.
    static let bytesMax: Int64 = 8 << 20

    /// The document of a file, or of standard input for `-`.
    static func document(_ path: String, in context: CommandContext) async throws -> Document {
        if path == "-" {
            var bytes: [UInt8] = []
            while let more = try await context.readInput() {
                bytes += more
                guard bytes.count <= Int(bytesMax) else {
                    throw CommandFailure(
                        "standard input is larger than \(bytesMax >> 20) MiB", status: .usage)
                }
            }
            return try unwrapped(JSONReader.document(in: bytes, file: "-"))
        }
        let file = context.absolute(path)
        guard let entry = try await context.files.entry(at: file), entry.kind != .folder else {
            throw CommandFailure("\(path): there is no such file", status: .usage)
        }
        let bytes: [UInt8]
        do throws(Fault) { bytes = try await context.files.read(file, bytesMax: bytesMax) } catch {
            throw CommandFailure(
                "\(path): \(error.message) (a policy has at most \(bytesMax >> 20) MiB)", status: .usage)
        }
        return try unwrapped(JSONReader.document(in: bytes, file: path))
    }

    /// Takes the document out of what `get-policy-version`, `get-role`, `get-bucket-policy` and their like answer.
    private static func unwrapped(_ document: Document) throws -> Document {
        var document = document
        for _ in 0..<4 {
            guard let entries = document.map, document["Statement"] == nil else { return document }
            let names = [
                "PolicyVersion", "Document", "PolicyDocument", "AssumeRolePolicyDocument", "Role", "Policy",
            ]
            guard let entry = entries.first(where: { names.contains($0.key) }) else { return document }
            document = entry.value
            guard let text = document.string else { continue }
            let file = document.position.file
            document = try self.document(of: text, file: "\(file) (the text in `\(entry.key)`)")
        }
        return document
    }

    /// Of a policy's text, as IAM hands it out: percent-encoded or plain.
    static func document(of text: String, file: String) throws(Problems) -> Document {
        let bytes = Array(text.utf8)
        return try JSONReader.document(
            in: text.first == "%" ? PolicyTexts.percentDecoded(bytes) : bytes, file: file)
    }
}
