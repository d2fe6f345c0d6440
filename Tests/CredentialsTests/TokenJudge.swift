import Credentials
import Foundation
import Testing

/// Python's cryptography and botocore as judges of what we sign.
final class TokenJudge: Sendable {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let python = root.appendingPathComponent(".tools/bin/python").path

    static let isInstalled = FileManager.default.isExecutableFile(atPath: python)
    /// One set of keys for all tests: making RSA keys takes a while.
    static let keys: JSONValue? = (try? TokenJudge.answer(["ask": "keys"])) ?? nil

    static func key(_ name: String) throws -> String { try #require(keys?[name]?.string, "no judge") }

    /// The header and claims of a token whose signature holds.
    static func verified(_ token: String, pem: String? = nil) throws -> (header: JSONValue, claims: JSONValue)
    {
        var question: [String: JSONValue] = ["ask": "jwt", "token": .string(token)]
        if let pem { question["pem"] = .string(pem) }
        let answer = try answer(.object(question))
        #expect(answer["error"] == nil, "\(answer["error"]?.string ?? "")")
        return (try #require(answer["header"]), try #require(answer["claims"]))
    }

    static func answer(_ question: JSONValue) throws -> JSONValue {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [root.appendingPathComponent("Tests/Support/token_judge.py").path]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        input.fileHandleForWriting.write(Data(question.bytes + [0x0A]))
        try input.fileHandleForWriting.close()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try #require(JSONValue(json: Array(text)), "the judge says nothing")
    }
}
