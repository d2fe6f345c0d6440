import Codecs
import Engine
import Foundation
import Platform
import Ports
import Simulation
import Testing

@testable import Exporters

/// The whole way of a mail over a real socket, to a server that is written in another language and reads it with
/// another library.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/python3"), "needs python3"))
struct MailTests {
    private final class Server {
        private let process = Process()
        private let input = Pipe()
        private let output = Pipe()
        let port: UInt16

        init() throws {
            let support = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            process.executableURL = URL(filePath: "/usr/bin/python3")
            process.arguments = [support.appending(path: "Support/smtp_server.py").path]
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            var line: [UInt8] = []
            while line.last != UInt8(ascii: "\n") {
                let byte = output.fileHandleForReading.readData(ofLength: 1)
                if byte.isEmpty { break }
                line += byte
            }
            port = try #require(UInt16(String(decoding: line, as: UTF8.self).dropLast()))
        }

        /// The messages that it has taken, when it has ended.
        func messages() throws -> [Document] {
            try input.fileHandleForWriting.close()
            let text = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return try lines(Array(text)).map { try document($0) }
        }
    }

    private func findings(_ count: Int) -> EventBatch {
        var batch = EventBatch()
        for number in 0..<count {
            let text =
                #"{"severity":"High","finding_info":{"title":"Süß\r\nBcc: x@example.com \#(number)","#
                + #""desc":".\n..dots\u00e9"},"actor":{"user":{"name":"ada"}}}"#
            var event = Event(time: Timestamp(seconds: 1_700_000_000))
            event.kind = .finding
            event.json = Extent(start: batch.bytes.count, count: text.utf8.count)
            batch.bytes += Array(text.utf8)
            event.uid = Extent(start: batch.bytes.count, count: 2)
            batch.bytes += Array("u\(number)".utf8)
            batch.events.append(event)
        }
        return batch
    }

    private func exporter(_ server: Server, to: [String], password: String = "p") throws -> MailExporter {
        var options = MailerOptions(host: "127.0.0.1", port: server.port)
        options.security = .plain
        options.user = "u"
        options.password = password
        return try MailExporter(
            MailExporter.Config(from: "martlet@example.com", to: to), mailer: CurlMailer(options),
            time: Simulation(seed: 1))
    }

    @Test("Findings arrive as one readable message, whose texts add no headers, under an id that stays")
    func arrives() async throws {
        let server = try Server()
        let mail = try exporter(server, to: ["a@example.com", "b@example.com"])
        #expect(try await mail.deliver(findings(2), batchID: "0-2") == .accepted)
        #expect(try await mail.deliver(findings(2), batchID: "0-2") == .accepted)
        let messages = try server.messages()
        #expect(messages.count == 2 && messages[0]["id"]?.string == messages[1]["id"]?.string)
        let message = messages[0]
        #expect(message["to"]?.list?.compactMap(\.string) == ["a@example.com", "b@example.com"])
        let subject = message["subject"]?.string ?? ""
        #expect(subject.hasPrefix("[Martlet] High: Süß") && subject.hasSuffix("and 1 more"), "\(subject)")
        #expect(message["headers"]?.list?.contains { $0.string == "Bcc" } == false)
        let body = message["body"]?.string ?? ""
        #expect(body.contains("Who:     ada") && body.contains("..dotsé") && body.contains("Finding: u1"))
        #expect(message["date"]?.string?.hasSuffix("+00:00") == true)
    }

    @Test("A wrong password and a recipient that is not known are for a person to mend")
    func denied() async throws {
        let server = try Server()
        for (to, password, words) in [
            ("a@example.com", "wrong", "password"), ("nobody@example.com", "p", "550"),
        ] {
            do throws(Fault) {
                _ = try await exporterFault(server, to, password).deliver(findings(1), batchID: "0-1")
                Issue.record("it was sent")
            } catch {
                #expect(error.kind == .denied && !error.mayHaveArrived, "\(error)")
                #expect(error.message.contains(words), "\(error)")
            }
        }
        #expect(try server.messages().isEmpty)
    }

    private func exporterFault(_ server: Server, _ to: String, _ password: String) throws(Fault)
        -> MailExporter
    {
        do { return try exporter(server, to: [to], password: password) } catch {
            throw Fault(.malformed, "\(error)")
        }
    }

    @Test("Dates and subjects are as mail wants them")
    func forms() {
        #expect(MailExporter.date(Timestamp(seconds: 1_700_000_000)) == "Tue, 14 Nov 2023 22:13:20 +0000")
        #expect(MailExporter.date(Timestamp(seconds: 0)) == "Thu, 01 Jan 1970 00:00:00 +0000")
        let long = MailExporter.encoded(String(repeating: "é", count: 100))
        #expect(long.split(separator: "\r\n ").allSatisfy { $0.utf8.count <= 75 })
        #expect(!MailExporter.encoded("a\r\nBcc: x").contains("Bcc"))
    }
}
