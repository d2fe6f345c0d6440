import Codecs

/// A whole HTML page in one file: nothing is loaded from elsewhere, and nothing runs but the program's own script.
///
/// The browser is told so by a content security policy that names the style and the script by their digests. A text that
/// got through as markup all the same could neither run nor call home.
package struct Page: Sendable {
    package var title: String
    /// Beside `PageStyle.shared`.
    package var style: StaticString
    package var script: StaticString?
    package var body: Markup
    /// Said of the page in its head, before anything that comes from outside.
    package var facts: KeyValuePairs<StaticString, String> = [:]

    package init(
        title: String, style: StaticString = "", script: StaticString? = nil, body: Markup = Markup()
    ) {
        self.title = title
        self.style = style
        self.script = script
        self.body = body
    }

    package var bytes: [UInt8] {
        var page = Markup()
        page.own("<!doctype html>\n")
        page("html", ["lang": "en"]) { page in
            page("head") { page in
                page.void("meta", ["charset": "utf-8"])
                page.void("meta", ["http-equiv": "Content-Security-Policy", "content": policy])
                page.void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
                page.void("meta", ["name": "color-scheme", "content": "light dark"])
                page.void("meta", ["name": "referrer", "content": "no-referrer"])
                for (name, content) in facts { page.void("meta", ["name": "\(name)", "content": content]) }
                page("title", text: title)
                page("style") { $0.own(PageStyle.shared) }
                page("style") { $0.own(style) }
            }
            page("body") { page in
                page.add(body)
                if let script { page("script") { $0.own(script) } }
            }
        }
        page.own("\n")
        return page.bytes
    }

    /// Also for the header of a page that is served.
    package var policy: String {
        let scripts = script.map { "'\(Self.digest($0))'" } ?? "'none'"
        return "default-src 'none'; style-src '\(Self.digest(PageStyle.shared))' '\(Self.digest(style))'; "
            + "script-src \(scripts); base-uri 'none'; form-action 'none'"
    }

    private static func digest(_ text: StaticString) -> String {
        "sha256-" + Base64.encode(Digest.sha256(Array(text.description.utf8)))
    }
}
