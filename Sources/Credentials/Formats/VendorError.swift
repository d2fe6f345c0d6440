package import Ports

/// What a vendor said went wrong, in whichever of the usual JSON layouts it said it.
package struct VendorError: Hashable, Sendable {
    package var status: Int
    /// The vendor's own word: `invalid_client`, `Authorization_RequestDenied`, `PERMISSION_DENIED`, `E0000006`; empty
    /// where there is none.
    package var code: String
    package var message: String
    /// Google's finer reason, Graph's inner code.
    package var reason: String?
    /// Google's `ErrorInfo` and the like: names to values, for the permission that is missing.
    package var details: [String: String] = [:]

    private static let messageMax = 1_000

    /// `nil` for an answer that is no error.
    ///
    /// OAuth puts a text under `error`, Graph, ARM and Google an object; Okta has `errorCode`, GitHub a bare `message`.
    package init?(_ response: HTTPResponse) {
        guard response.status >= 400 else { return nil }
        status = response.status
        let json = JSONValue(json: response.body)
        var code = ""
        var text: String?
        if let error = json?["error"]?.object {
            code =
                error["status"]?.string ?? error["code"]?.string ?? error["code"]?.integer.map { "\($0)" }
                ?? ""
            text = error["message"]?.string
            reason = error["innerError"]?["code"]?.string ?? error["errors"]?.array?.first?["reason"]?.string
            for detail in error["details"]?.array ?? [] {
                if let found = detail["reason"]?.string { reason = found }
                for (name, value) in detail["metadata"]?.object ?? [:] {
                    if let value = value.string { details[name] = value }
                }
            }
        } else if let error = json?["error"]?.string {
            code = error
            text = json?["error_description"]?.string ?? json?["message"]?.string
        } else if let error = json?["errorCode"]?.string {
            code = error
            text = json?["errorSummary"]?.string ?? json?["message"]?.string
        } else {
            code = json?["code"]?.string ?? json?["Code"]?.string ?? ""
            text = json?["message"]?.string ?? json?["Message"]?.string
        }
        self.code = code
        message = String((text ?? "").prefix(Self.messageMax))
    }

    /// `403 Authorization_RequestDenied: Insufficient privileges…`
    package var text: String {
        "HTTP \(status)" + (code.isEmpty ? "" : " \(code)") + (message.isEmpty ? "" : ": \(message)")
    }
}
