import Codecs
import Engine
import Ports

/// The frame around every page: head, navigation, search, and what the script needs to know.
struct ConsolePage {
    struct Place: Sendable {
        var path: String
        var title: String
        /// Typed after `g`.
        var key: String
    }

    static let places = [
        Place(path: "/", title: "Overview", key: "o"), Place(path: "/findings", title: "Findings", key: "f"),
        Place(path: "/risk", title: "Risk", key: "r"), Place(path: "/query", title: "Query", key: "q"),
        Place(path: "/drift", title: "Drift", key: "d"), Place(path: "/grants", title: "Grants", key: "a"),
        Place(path: "/ledger", title: "Ledger", key: "l"),
    ]

    var title: String
    /// The place of the navigation that it belongs to.
    var place: String
    var user: ConsoleUser?
    var formToken = ""
    /// Whether the script may draw it anew while somebody looks at it.
    var isLive = false
    /// Styles and scripts beside those that every page has.
    var parts: [String] = []
    var body: Markup

    init(
        _ title: String, place: String, _ call: ConsoleCall, isLive: Bool = false, parts: [String] = [],
        _ body: (inout Markup) -> Void
    ) {
        self.title = title
        self.place = place
        user = call.user
        formToken = call.formToken
        self.isLive = isLive
        self.parts = parts
        var markup = Markup()
        body(&markup)
        self.body = markup
    }

    init(_ title: String, user: ConsoleUser?, _ body: (inout Markup) -> Void) {
        self.title = title
        place = ""
        self.user = user
        var markup = Markup()
        body(&markup)
        self.body = markup
    }

    var markup: Markup {
        var page = Markup()
        page.own("<!doctype html>\n")
        page("html", ["lang": "en"]) { page in
            page("head") { page in
                page.void("meta", ["charset": "utf-8"])
                page.void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
                page.void("meta", ["name": "color-scheme", "content": "light dark"])
                page("title", text: "\(title) · Martlet")
                page.void(
                    "link", ["rel": "icon", "type": "image/svg+xml", "href": ConsoleAssets.link("icon.svg")])
                for part in ["console.css", "console.js"] + parts {
                    if part.hasSuffix(".css") {
                        page.void("link", ["rel": "stylesheet", "href": ConsoleAssets.link(part)])
                    } else {
                        page("script", ["src": ConsoleAssets.link(part), "defer": ""], text: "")
                    }
                }
            }
            page("body", ["data-live": isLive ? "yes" : nil]) { page in
                page("a", ["class": "skip", "href": "#main"], text: "To the content")
                if user != nil { head(&page) }
                page("main", ["id": "main", "tabindex": "-1"]) { $0.add(body) }
                help(&page)
            }
        }
        page.own("\n")
        return page
    }

    var response: HTTPResponse { ConsoleReply.html(200, markup) }

    private func head(_ page: inout Markup) {
        page("header", ["class": "top"]) { page in
            page("a", ["class": "brand", "href": "/"]) { page in
                page.void(
                    "img", ["src": ConsoleAssets.link("icon.svg"), "alt": "", "width": "22", "height": "22"])
                page("span", text: "Martlet")
            }
            page("nav", ["aria-label": "Pages"]) { page in
                for one in Self.places {
                    page(
                        "a",
                        [
                            "href": one.path, "data-key": one.key,
                            "aria-current": one.path == place ? "page" : nil,
                        ], text: one.title)
                }
            }
            page("form", ["class": "search", "action": "/search", "role": "search"]) { page in
                page.void(
                    "input",
                    [
                        "name": "q", "type": "search", "id": "search", "maxlength": "512",
                        "placeholder": "Entity, address or uid",
                        "aria-label": "Search for an entity, an address or a uid",
                        "autocomplete": "off",
                    ])
            }
            page("form", ["class": "leave", "action": "/sign-out", "method": "post"]) { page in
                page.void("input", ["type": "hidden", "name": "form_token", "value": formToken])
                page(
                    "button", ["class": "quiet", "title": "Signed in as \(user?.name ?? "")"],
                    text: "Sign out")
            }
        }
    }

    private func help(_ page: inout Markup) {
        page("dialog", ["id": "help", "aria-label": "Keys"]) { page in
            page("h2", text: "Keys")
            page("dl", ["class": "keys"]) { page in
                let keys = [
                    ("/", "search"), ("j k", "next and previous row"), ("Enter", "open the row"),
                    (
                        "g then \(Self.places.map(\.key).joined(separator: " "))",
                        Self.places.map { $0.title.lowercased() }.joined(separator: ", ")
                    ),
                    ("t", "light or dark"), ("?", "this help"), ("Esc", "close"),
                ]
                for (key, what) in keys {
                    page("dt") { $0("kbd", text: key) }
                    page("dd", text: what)
                }
            }
            page("form", ["method": "dialog"]) { $0("button", text: "Close") }
        }
    }
}

/// What is served beside the pages, from the binary.
enum ConsoleAssets {
    struct Asset: Sendable {
        var type: String
        var bytes: [UInt8]
        /// Part of its link, so that a browser may keep it for good.
        var digest: String
    }

    private static let types = [
        "console.css": "text/css; charset=utf-8", "console.js": "text/javascript; charset=utf-8",
        "icon.svg": "image/svg+xml", "case.css": "text/css; charset=utf-8",
        "case.js": "text/javascript; charset=utf-8",
    ]

    /// What a case file has in itself is served beside the page that shows the same.
    private static func bytes(_ name: String) -> [UInt8] {
        switch name {
        case "case.css": Array(CasePage.style.description.utf8)
        case "case.js": Array(CasePage.script.description.utf8)
        default: Assets.bytes("console/\(name)") ?? []
        }
    }

    static let all: [String: Asset] = types.compactMapValues { $0 }.reduce(into: [:]) { all, entry in
        let bytes = bytes(entry.key)
        all[entry.key] = Asset(
            type: entry.value, bytes: bytes, digest: String(Digest.sha256Hex(bytes).prefix(16)))
    }

    static func link(_ name: String) -> String { "/assets/\(name)?v=\(all[name]?.digest ?? "")" }

    static func response(_ name: String) throws(ConsoleComplaint) -> HTTPResponse {
        guard let asset = all[name] else { throw ConsoleComplaint(404, "there is no such file") }
        return ConsoleReply.make(
            200, type: asset.type, asset.bytes,
            headers: ["Cache-Control": "public, max-age=31536000, immutable"])
    }
}

/// A page that says what is wrong.
enum ComplaintPage {
    static func page(_ status: Int, _ why: String, user: ConsoleUser?) -> Markup {
        let title =
            switch status {
            case 404: "Not there"
            case 403: "Not allowed"
            case 400: "Not understood"
            case 503, 504: "Not now"
            default: "Not answered"
            }
        return ConsolePage(title, user: user) { page in
            page("section", ["class": "card narrow"]) { page in
                page("h1", text: title)
                page("p", text: why)
                page("p") { $0("a", ["href": "/"], text: "To the overview") }
            }
        }.markup
    }
}
