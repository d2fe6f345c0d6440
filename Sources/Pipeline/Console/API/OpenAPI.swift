import Credentials
import Ports

/// The API's description, written from the table of routes: a route that answers is a route that is described.
enum OpenAPI {
    static func document(of routes: [ConsoleRoute]) -> JSONValue {
        var paths: [String: JSONValue] = [:]
        var shapes: [String: APIShape] = [:]
        APIRefusal.apiType.collect(into: &shapes)
        for route in routes where isDescribed(route) {
            if case .api(let type) = route.form { type.collect(into: &shapes) }
            var operations = paths[route.path]?.object ?? [:]
            operations[route.method.rawValue.lowercased()] = operation(route)
            paths[route.path] = .object(operations)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Martlet's console", "version": "1",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
                "description":
                    "What the console shows, as JSON. `v1` stays as it is: members may be added, none is renamed or removed.",
            ],
            "paths": .object(paths),
            "components": [
                "schemas": .object(shapes.mapValues(\.schema)),
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer"]
                ],
            ],
        ]
    }

    static func isDescribed(_ route: ConsoleRoute) -> Bool {
        switch route.form {
        case .api: true
        case .text: !route.path.hasPrefix("/assets/")
        case .page: false
        }
    }

    private static func operation(_ route: ConsoleRoute) -> JSONValue {
        let words = route.path.split(separator: "/").filter { !["api", "v1"].contains($0) }
            .map { $0.filter { $0.isLetter || $0 == "_" || $0.isNumber } }
        var operation: [String: JSONValue] = [
            "summary": .string(route.summary),
            "operationId": .string(([route.method.rawValue.lowercased()] + words).joined(separator: "_")),
            "security": route.access == .anybody ? [] : [["bearer": []]],
            "responses": responses(of: route),
        ]
        let parameters = route.parameters.filter { $0.place != .body }
        if !parameters.isEmpty {
            operation["parameters"] = .array(
                parameters.map { parameter in
                    var all: [String: JSONValue] = [
                        "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
                        "required": .bool(parameter.isRequired), "description": .string(parameter.what),
                        "schema": parameter.schema,
                    ]
                    if let example = parameter.example { all["example"] = .string(example) }
                    return .object(all)
                })
        }
        let body = route.parameters.filter { $0.place == .body }
        if !body.isEmpty {
            operation["requestBody"] = [
                "required": true,
                "content": [
                    "application/json": [
                        "schema": [
                            "type": "object", "additionalProperties": false,
                            "properties": .object(
                                Dictionary(
                                    body.map { ($0.name, described($0)) }, uniquingKeysWith: { $1 })),
                            "required": .array(body.filter(\.isRequired).map { .string($0.name) }),
                        ]
                    ]
                ],
            ]
        }
        return .object(operation)
    }

    private static func described(_ parameter: APIParameter) -> JSONValue {
        var schema = parameter.schema.object ?? [:]
        schema["description"] = .string(parameter.what)
        return .object(schema)
    }

    private static func responses(of route: ConsoleRoute) -> JSONValue {
        var statuses = route.statuses
        if !route.parameters.isEmpty { statuses[400] = "A value is not what it must be" }
        if route.access != .anybody {
            statuses[401] = "No token, or one that is not known"
            statuses[403] = "From another origin, or more than the token's role may do"
        }
        if route.parameters.contains(where: { $0.place == .body }) {
            statuses[413] = "The body is too large"
            statuses[415] = "The body is no JSON"
        }
        statuses[429] = "Too many queries at once"
        statuses[503] = "The state cannot be read now"
        statuses[504] = "Not done in time"
        var responses: [String: JSONValue] = [:]
        for (status, words) in statuses {
            responses["\(status)"] = [
                "description": .string(words),
                "content": ["application/json": ["schema": APIRefusal.apiType.schema]],
            ]
        }
        let content: JSONValue =
            switch route.form {
            case .api(let type): ["application/json": ["schema": type.schema]]
            case .text(let type): .object([type: ["schema": ["type": "string"]]])
            case .page: ["text/html": [:]]
            }
        responses["200"] = ["description": "Done", "content": content]
        return .object(responses)
    }
}
