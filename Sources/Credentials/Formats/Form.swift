import Codecs

/// `a=1&b=2`, both sides percent-encoded: a form's body or a query.
package func form(_ fields: [(String, String)]) -> String {
    fields.map { "\(PercentEncoding.encode($0.0))=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
}
