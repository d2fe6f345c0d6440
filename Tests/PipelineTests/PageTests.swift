import Codecs
import Testing

@testable import Pipeline

@Suite struct PageTests {
    private func text(_ write: (inout Markup) -> Void) -> String {
        var page = Markup()
        write(&page)
        return String(decoding: page.bytes, as: UTF8.self)
    }

    @Test("Texts and attribute values are never markup")
    func hostileTexts() {
        let hostile = "</td><script>alert(1)</script>\" onload='x' &amp; "
        let made = text { page in
            page("td", ["title": hostile]) { $0.text(hostile) }
        }
        #expect(
            made
                == "<td title=\"&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; &amp;amp; \">"
                + "&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; &amp;amp; </td>")
    }

    @Test(
        "What nobody sees is shown by number",
        arguments: ["\u{202E}", "\u{0}", "\u{1B}", "\u{200B}", "\u{FEFF}"])
    func unseen(mark: String) throws {
        let number = String(try #require(mark.unicodeScalars.first).value, radix: 16)
        #expect(text { $0.text("a\(mark)b") } == "a\\u{\(number)}b")
    }

    @Test(
        "Links lead nowhere that runs something",
        arguments: [
            ("javascript:alert(1)", false), (" javascript:alert(1)", false), ("data:text/html,x", false),
            ("//elsewhere.example.com/", false), ("/\\elsewhere.example.com", false), ("#e1", true),
            ("/findings/1", true),
            ("https://example.com/a?b=c&d", true),
        ])
    func links(target: String, stays: Bool) {
        #expect(text { $0("a", ["href": target], text: "x") }.contains("href") == stays)
    }

    @Test("SVG is written the same way, attributes of no value are left out")
    func pictures() {
        let made = text { page in
            page("svg", ["viewBox": "0 0 10 10", "role": nil]) { $0("text", ["x": "1"], text: "<a>") }
        }
        #expect(made == "<svg viewBox=\"0 0 10 10\"><text x=\"1\">&lt;a&gt;</text></svg>")
    }

    @Test("A block of data cannot end its script")
    func data() {
        let made = text { $0.data(id: "m", json: Array(#"{"a":"</script><b>&"}"#.utf8)) }
        #expect(
            made
                == #"<script type="application/json" id="m">{"a":"\u003c/script\u003e\u003cb\u003e\u0026"}</script>"#
        )
    }

    @Test("A page allows its own style and script by digest, and nothing from elsewhere")
    func policy() {
        let page = Page(title: "<x>", style: "p{color:red}", script: "let a = 1 < 2")
        let made = String(decoding: page.bytes, as: UTF8.self)
        #expect(made.hasPrefix("<!doctype html>\n<html lang=\"en\"><head>"))
        #expect(made.contains("<title>&lt;x&gt;</title>"))
        #expect(made.contains("<script>let a = 1 < 2</script>"))
        let script = Base64.encode(Digest.sha256(Array("let a = 1 < 2".utf8)))
        #expect(page.policy.contains("script-src 'sha256-\(script)'"))
        #expect(page.policy.hasPrefix("default-src 'none'"))
        #expect(!page.policy.contains("unsafe-inline"))
        #expect(Page(title: "").policy.contains("script-src 'none'"))
    }
}
