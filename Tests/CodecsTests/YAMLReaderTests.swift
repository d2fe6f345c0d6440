import Engine
import Testing

@testable import Codecs

@Suite struct YAMLReaderTests {
    private func read(_ text: String, file: String = "a.yaml") throws -> Document {
        try YAMLReader.document(in: Array(text.utf8), file: file)
    }

    private func problems(_ text: String, file: String = "a.yaml") -> [String] {
        do {
            _ = try YAMLReader.documents(in: Array(text.utf8), file: file)
            return []
        } catch {
            return error.list.map(\.description)
        }
    }

    @Test("Every value knows its line and column, counted in characters from 1")
    func positions() throws {
        let document = try read("naïve: 1\nouter:\n  - é: two\n    b: [x, y]\n")
        let item = try #require(document["outer"]?.list?.first)
        #expect(document.map?.first?.keyPosition == SourcePosition(file: "a.yaml", line: 1, column: 1))
        #expect(document["naïve"]?.position == SourcePosition(file: "a.yaml", line: 1, column: 8))
        #expect(item["é"]?.position == SourcePosition(file: "a.yaml", line: 3, column: 8))
        #expect(item["b"]?.list?[1].position == SourcePosition(file: "a.yaml", line: 4, column: 12))
    }

    @Test(
        "Plain scalars follow the core schema of YAML 1.2",
        arguments: [
            ("true", .bool(true)), ("False", .bool(false)), ("yes", .string("yes")), ("NO", .string("NO")),
            ("on", .string("on")), ("~", .null), ("null", .null), ("", .null), ("12", .integer(12)),
            ("-7", .integer(-7)), ("0o17", .integer(15)), ("0xFf", .integer(255)), ("0123", .integer(123)),
            ("0x-1", .string("0x-1")), ("1_000", .string("1_000")), ("1.5", .number(1.5)),
            (".5", .number(0.5)),
            ("1e3", .number(1000)), ("1.", .number(1)), (".", .string(".")), ("1e", .string("1e")),
            ("-.inf", .number(-.infinity)), ("12:30", .string("12:30")), ("1.2.3", .string("1.2.3")),
            ("99999999999999999999", .number(1e20)), ("2024-01-02", .string("2024-01-02")),
            ("inf", .string("inf")), ("0x", .string("0x")), ("+", .string("+")), ("'yes'", .string("yes")),
            ("\"12\"", .string("12")), ("!!str 12", .string("12")),
        ] as [(String, Document.Value)])
    func core(text: String, value: Document.Value) throws {
        #expect(try read("k: \(text)")["k"]?.value == value)
    }

    @Test("A scalar keeps its own text and whether it was quoted")
    func text() throws {
        let document = try read("a: 1e5\nb: \"1e5\"\n4625: x\n")
        #expect(document["a"]?.text == "1e5")
        #expect(document["a"]?.isQuoted == false)
        #expect(document["b"]?.isQuoted == true)
        #expect(document["4625"]?.string == "x")
    }

    @Test("Aliases repeat their anchor; block scalars keep their lines; several documents are read")
    func features() throws {
        let all = try YAMLReader.documents(
            in: Array("a: &x [1, 2]\nb: *x\nc: |\n  one\n  two\n---\nsecond: 2\n".utf8), file: "a.yaml")
        #expect(all.count == 2)
        #expect(all[0]["b"]?.list?.map(\.value) == [.integer(1), .integer(2)])
        #expect(all[0]["c"]?.string == "one\ntwo\n")
        #expect(all[1]["second"]?.position.line == 7)
        #expect(try read("").isNull)
    }

    @Test(
        "Says what is wrong, and where",
        arguments: [
            ("a: 1\nb: 2\na: 3\n", "a.yaml:3:1: the key `a` is given twice (first at line 1, column 1)"),
            (
                "a: &base 1\nb: *bose\n",
                "a.yaml:2:4: no anchor &bose stands before this alias (did you mean *base?)"
            ),
            (
                "<<: 1\n",
                "a.yaml:1:1: merge keys (`<<`) are not part of YAML 1.2 (write the keys out, or quote the name)"
            ),
            ("? [a]\n: 1\n", "a.yaml:1:3: a key must be text, not a list"),
            ("a: !env X\n", "a.yaml:1:4: the tag `!env` means nothing here (remove it)"),
            (
                "a: [1, 2\nb: 3\n",
                "a.yaml:2:2: did not find expected ',' or ']' while parsing a flow sequence"
            ),
        ])
    func refuses(text: String, problem: String) {
        #expect(problems(text) == [problem])
    }

    @Test("Lists every meaning problem of a file at once, and refuses a second document where one is due")
    func several() {
        #expect(problems("a: 1\na: 2\nb: *x\n").count == 2)
        #expect(throws: Problems.self) { try read("a: 1\n---\nb: 2\n") }
    }

    @Test("Hostile files are refused, quickly and without a trap")
    func hostile() {
        let laughs = (1...12).reduce("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n") { text, level in
            text + "a\(level): &a\(level) ["
                + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
                + "]\n"
        }
        #expect(problems(laughs).first?.contains("more than 2000000 values") == true)
        #expect(problems(String(repeating: "[", count: 5_000)).first?.contains("levels deep") == true)
        #expect(problems(String(repeating: "- ", count: 500) + "x").first?.contains("levels deep") == true)
        #expect(!problems("a: \u{1}b").isEmpty)
        #expect(throws: Problems.self) {
            try YAMLReader.documents(in: [0x61, 0x3a, 0x20, 0xff, 0xfe], file: "a")
        }
        #expect(throws: Problems.self) { try YAMLReader.documents(in: [0x22, 0x61], file: "a") }
    }

    @Test("Every cut of a document is a document or a problem, never a trap")
    func cuts() {
        let text = Array(
            "a: &x {b: [1, 'two'], c: \"\\u00e9\"}\nd: *x\ne: |\n  f\n? g\n: - h\n---\ni: !!int 3\n".utf8)
        for end in text.indices {
            _ = try? YAMLReader.documents(in: Array(text[..<end]), file: "cut.yaml")
            _ = try? YAMLReader.documents(in: Array(text[end...]), file: "cut.yaml")
        }
    }
}

@Suite struct JSONReaderTests {
    private func read(_ text: String) throws -> Document {
        try YAMLReader.document(in: Array(text.utf8), file: "a.json")
    }

    @Test("A .json file is read as strict JSON with positions")
    func reads() throws {
        let document = try read(
            "{\n  \"a\": [1, -2.5e3, true, null],\n  \"é\": \"\\ud83d\\ude00\\/\\n\"\n}\n")
        #expect(document["a"]?.list?.map(\.value) == [.integer(1), .number(-2500), .bool(true), .null])
        #expect(document["é"]?.string == "😀/\n")
        #expect(document["é"]?.position == SourcePosition(file: "a.json", line: 3, column: 8))
    }

    @Test(
        "What is not JSON is refused with its place",
        arguments: [
            ("{\"a\": 1, \"a\": 2}", "a.json:1:10: the key `a` is given twice (first at line 1, column 2)"),
            ("{\"a\": 01}", "a.json:1:7: `01` is no JSON value"),
            ("{\"a\": +1}", "a.json:1:7: `+1` is no JSON value"),
            ("[1,]", "a.json:1:4: a value is expected here"),
            ("[1 2]", "a.json:1:4: `,` or `]` is expected here"),
            ("{a: 1}", "a.json:1:2: a name in double quotes is expected here"),
            ("", "a.json:1:1: the JSON ends where a value is expected"),
            ("\"\\ud83d\"", "a.json:1:8: half of a surrogate pair"),
            ("[.5]", "a.json:1:2: `.5` is no JSON value"),
            ("[True]", "a.json:1:2: `True` is no JSON value"),
            ("1 2", "a.json:1:3: something follows the end of the JSON value"),
        ])
    func refuses(text: String, problem: String) {
        do {
            _ = try read(text)
            Issue.record("\(text) was read")
        } catch {
            #expect("\(error)" == problem)
        }
    }
}
