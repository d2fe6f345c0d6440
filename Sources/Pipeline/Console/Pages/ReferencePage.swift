import Ports

/// The API's reference, drawn from the table of routes.
enum ReferencePage {
    static func response(_ routes: [ConsoleRoute], _ call: ConsoleCall) -> HTTPResponse {
        ConsolePage("API", place: "/api", call) { page in
            page("h1", text: "API")
            page("p") { page in
                page.text("Asked with ")
                page("code", text: "Authorization: Bearer TOKEN")
                page.text(". Described for programs by ")
                page("a", ["href": "/api/v1/openapi.json"], text: "/api/v1/openapi.json")
                page.text(".")
            }
            for route in routes where OpenAPI.isDescribed(route) {
                page("section", ["class": "card"]) { page in
                    page("h2") { $0("code", text: "\(route.method.rawValue) \(route.path)") }
                    page("p", text: route.summary)
                    if !route.parameters.isEmpty { parameters(&page, route) }
                    if case .api(let type) = route.form {
                        page("p", ["class": "muted"], text: "Answers with \(type.words).")
                    }
                }
            }
        }.response
    }

    private static func parameters(_ page: inout Markup, _ route: ConsoleRoute) {
        page.table([("Value", false), ("In", false), ("Form", false), ("What", false)], label: "Values") {
            page in
            for parameter in route.parameters {
                page("tr") { page in
                    page("td") { $0("code", text: parameter.name + (parameter.isRequired ? "" : "?")) }
                    page("td", ["class": "muted"], text: parameter.place.rawValue)
                    page("td", ["class": "muted"], text: parameter.words)
                    page("td", text: parameter.what)
                }
            }
        }
    }
}
