import Foundation
import Testing

@testable import Engine

@Suite struct RecordLayoutsTests {
    static let layouts: RecordLayouts = {
        var layouts = RecordLayouts()
        layouts.arrays = [Array("UserDetailList".utf8), Array("Policies".utf8)]
        layouts.tables = [.init(header: ["user", "arn"], member: "Content")]
        return layouts
    }()

    static let report = "user,arn,mfa\r\n<root>,arn:aws:iam::1:root,true\n\"a, \"\"b\"\"\",x,false,more\n\n"
    static let rows = [
        #"{"user":"<root>","arn":"arn:aws:iam::1:root","mfa":"true"}"#,
        #"{"user":"a, \"b\"","arn":"x","mfa":"false"}"#,
    ]

    static let documents: [(String, [String])] = [
        (
            #"{"UserDetailList":[{"a":1},{"b":[{}]}],"Policies":[{"c":1}],"Other":[{"d":1}],"IsTruncated":false}"#,
            [#"{"a":1}"#, #"{"b":[{}]}"#, #"{"c":1}"#]
        ),
        (#"{"IsTruncated":true,"Policies":[],"UserDetailList":[{"a":1}]}"#, [#"{"a":1}"#]),
        (#"{"Policies":[],"UserDetailList":[]}"#, []),
        // A record that has such a member of its own is still one.
        (#"{"name":"x","Policies":[{"c":1}]}"#, [#"{"name":"x","Policies":[{"c":1}]}"#]),
        (#"{"UserDetailList":["text"]}"#, [#"{"UserDetailList":["text"]}"#]),
        (report, rows),
        (
            #"{"Content":"\#(report.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\r\n", with: "\\r\\n").replacing("\n", with: "\\n"))","ReportFormat":"text/csv"}"#,
            rows
        ),
        (
            #"{"GeneratedTime":"t","Content":"\#(Data(report.utf8).base64EncodedString())","ReportFormat":"text/csv"}"#,
            rows
        ),
        (#"{"Content":"no table"}"#, [#"{"Content":"no table"}"#]),
    ]

    @Test("Arrays and tables that a feed's mapping names give a record each", arguments: documents)
    func layouts(document: String, records: [String]) {
        let bytes = Array(document.utf8)
        for piece in [1, 7, 64, Int.max] {
            let reading = read(bytes, piece: piece, layouts: Self.layouts)
            #expect(reading.records == records)
            #expect(reading.refusals == [])
        }
    }

    @Test("Of events that we wrote each object is one, whatever it looks like")
    func events() {
        let lines = [
            #"{"records":[{"a":1},{"b":2}]}"#, #"{"version":"0","detail-type":"x","detail":{"a":1}}"#,
            #"{"timestamp":1,"message":"{\"a\":1}"}"#,
        ]
        let text = lines.joined(separator: "\n") + "\n"
        for piece in [1, 7, 64, Int.max] {
            let reading = read(Array(text.utf8), piece: piece, layouts: .events)
            #expect(reading.records == lines && reading.refusals == [])
            // Anybody else's would be taken apart.
            #expect(read(Array(text.utf8), piece: piece).records != lines)
        }
    }

    @Test("A reader that was told of no layouts reads one record, or refuses the lines")
    func undeclared() {
        let document = #"{"UserDetailList":[{"a":1}]}"#
        #expect(read(Array(document.utf8)).records == [document])
        #expect(read(Array(Self.report.utf8)).records == [])
    }

    @Test("What raw data shows of a row is the row with its columns")
    func rawRow() {
        let reader = RecordReader()
        reader.begin(Self.layouts)
        reader.feed(Array(Self.report.utf8).span)
        reader.finish()
        #expect(reader.advance())
        let raw = reader.records.map { unsafe String(decoding: reader.source(of: $0), as: UTF8.self) }
        #expect(raw == Self.rows)
        #expect(reader.records.map { reader.line(of: $0) } == [2, 3])
    }

    @Test("A document that is cut off inside a declared array says so")
    func cut() {
        let reading = read(Array(#"{"Policies":[{"a":1},{"b":"#.utf8), layouts: Self.layouts)
        #expect(reading.records == [#"{"a":1}"#])
        #expect(reading.refusals.count == 1)
    }
}
