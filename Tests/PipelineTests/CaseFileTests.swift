import Codecs
import Engine
import Testing

@testable import Pipeline

@Suite struct CaseFileTests {
    private static let hostile = "</script></td><img src=x onerror=alert(1)>\u{202E}\"'&\u{0}\n"

    /// An event in which every text is hostile.
    private static func event(_ uid: String, _ operation: String, _ text: String = hostile) -> [UInt8] {
        let value = String(decoding: JSONText.quoted(text), as: UTF8.self)
        let name = String(decoding: JSONText.quoted(uid + text), as: UTF8.self)
        return Array(
            (#"{"time":1793600000000,"class_uid":6003,"activity_id":1,"status_id":2,"status_detail":\#(value),"#
                + #""metadata":{"uid":\#(name),"product":{"vendor_name":\#(value)}},"cloud":{"provider":\#(value),"#
                + #""account":{"uid":\#(value)},"region":\#(value)},"api":{"operation":"\#(operation)","#
                + #""service":{"name":\#(value)},"request":{"data":{"userName":\#(value)}}},"src_endpoint":{"ip":\#(value)},"#
                + #""http_request":{"user_agent":\#(value)},"actor":{"user":{"uid":"mallory","name":\#(value)},"#
                + #""session":{"credential_uid":\#(value)},"iam_role":{"name":\#(value)}},"#
                + #""resources":[{"uid":\#(value),"type":\#(value)}],"enrichments":[{"name":"attribution","value":"mallory","#
                + #""data":{"kind":\#(value),"certainty":\#(value),"root":{"uid":\#(value),"system":\#(value)},"chain":"#
                + #"[{"type":\#(value),"uid":\#(value),"via":\#(value),"certainty":\#(value),"event_uid":\#(value),"time":1}]}}]}"#)
                .utf8)
    }

    private static func investigation(_ events: [[UInt8]]) throws -> Investigation {
        var investigator = Investigator(CaseEntity("mallory"))
        repeat {
            for event in events {
                investigator.take(event, digest: Digest.sha256Hex(event), isOfRecord: true)
            }
        } while investigator.finishRound()
        var findings = CaseFindings(about: investigator)
        let value = String(decoding: JSONText.quoted(hostile), as: UTF8.self)
        findings.take(
            Array(
                (#"{"time":1793600000000,"severity_id":4,"severity":\#(value),"finding_info":{"uid":\#(value),"title":\#(value),"#
                    + #""analytic":{"uid":\#(value)}},"evidences":[{"data":{"identity":"mallory"}}]}"#).utf8))
        return try #require(Investigation(investigator, findings, from: nil, to: nil))
    }

    private static func file() throws -> CaseFile {
        CaseFile(
            try investigation([event("a", "CreateUser"), event("b", "ListUsers")]), madeBy: "martlet test")
    }

    @Test("Hostile texts in every field stay text, in the page and in its manifest")
    func hostileTexts() throws {
        let file = try Self.file()
        let page = String(decoding: file.bytes, as: UTF8.self)
        #expect(
            !page.contains("<img") && !page.contains("onerror=alert(1)>\u{202E}") && !page.contains("\u{0}"))
        #expect(page.components(separatedBy: "<script").count == 3)
        #expect(page.components(separatedBy: "</script>").count == 3)
        #expect(page.contains("&lt;img src=x onerror=alert(1)&gt;\\u{202e}"))
        let read = try CaseFile.read(file.bytes, name: "case.html")
        #expect(read.isIntact && read.digest == file.digest)
        #expect(read.evidence.map(\.uid) == ["a" + Self.hostile, "b" + Self.hostile])
    }

    @Test("One altered byte anywhere is found")
    func altered() throws {
        let file = try Self.file()
        for place in stride(from: 0, to: file.bytes.count, by: max(1, file.bytes.count / 60)) {
            var bytes = file.bytes
            bytes[place] ^= 1
            let read = try? CaseFile.read(bytes, name: "case.html")
            #expect(read?.isIntact != true, "byte \(place)")
        }
    }

    @Test("What is no case file is said to be none", arguments: ["", "<html></html>", "{}"])
    func none(text: String) {
        #expect(throws: Problem.self) { try CaseFile.read(Array(text.utf8), name: "x") }
    }

    @Test("Evidence is as it was, missing, or changed")
    func evidence() throws {
        let read = try CaseFile.read(try Self.file().bytes, name: "case.html")
        var check = EvidenceCheck(read.evidence)
        #expect(check.result(ofRecords: true).missing.count == 2)
        check.take("a" + Self.hostile, digest: Digest.sha256Hex(Self.event("a", "CreateUser")))
        #expect(check.result(ofRecords: true).missing == ["b" + Self.hostile])
        check.take("b" + Self.hostile, digest: Digest.sha256Hex(Self.event("b", "ListRoles")))
        let result = check.result(ofRecords: true)
        #expect(result.intact == 1 && result.changed == ["b" + Self.hostile])
        // A later version beside it changes nothing.
        check.take("a" + Self.hostile, digest: "0")
        #expect(check.result(ofRecords: true).intact == 1)
    }
}

extension String {
    fileprivate func components(separatedBy text: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let found = rest.firstRange(of: text) {
            parts.append(rest[..<found.lowerBound])
            rest = rest[found.upperBound...]
        }
        return parts + [rest]
    }
}
