import Ports

/// Where somebody shows who they are.
enum SignInPage {
    static func response(
        _ status: Int, _ complaint: String?, _ door: ConsoleDoor, next: String, headers: HTTPHeaders = [:]
    ) -> HTTPResponse {
        let page = ConsolePage("Sign in", user: nil) { page in
            page("section", ["class": "card narrow sign-in"]) { page in
                page.void(
                    "img", ["src": ConsoleAssets.link("icon.svg"), "alt": "", "width": "40", "height": "40"])
                page("h1", text: "Martlet")
                if let complaint { page("p", ["class": "bad", "role": "alert"], text: complaint) }
                if door.hasAccounts {
                    form(&page, next: next) { page in
                        field(&page, "name", "Name", "text", "username")
                        field(&page, "password", "Password", "password", "current-password")
                    }
                    page("details") { page in
                        page("summary", text: "With a token")
                        token(&page, next)
                    }
                } else {
                    page(
                        "p", ["class": "muted"],
                        text: "Open the link that `martlet serve` has printed, or paste its token here.")
                    token(&page, next)
                }
            }
        }
        return ConsoleReply.html(status, page.markup, headers: headers)
    }

    private static func token(_ page: inout Markup, _ next: String) {
        form(&page, next: next) { field(&$0, "token", "Token", "password", "off") }
    }

    private static func form(_ page: inout Markup, next: String, _ body: (inout Markup) -> Void) {
        page("form", ["action": "/sign-in", "method": "post"]) { page in
            page.void("input", ["type": "hidden", "name": "next", "value": next])
            body(&page)
            page("button", ["class": "main"], text: "Sign in")
        }
    }

    private static func field(
        _ page: inout Markup, _ name: String, _ label: String, _ type: String, _ fill: String
    ) {
        page("label") { page in
            page("span", text: label)
            page.void(
                "input",
                ["name": name, "type": type, "autocomplete": fill, "required": "", "maxlength": "512"])
        }
    }

    /// Where to go on: a page of ours and nothing else.
    static func place(_ next: String?) -> String {
        guard let next, next.hasPrefix("/"), !next.hasPrefix("//"), !next.contains("\\"),
            !next.hasPrefix("/sign-"), next.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F })
        else { return "/" }
        return next
    }
}
