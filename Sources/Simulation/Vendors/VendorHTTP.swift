import Codecs
import Engine
import Ports

/// A request's path and query, taken apart.
struct RequestTarget: Sendable {
    /// Still percent-encoded, with its first slash.
    let path: String
    private let query: [(name: String, value: String)]

    init(_ url: String) {
        var rest = Substring(url)
        if !rest.hasPrefix("/"), let scheme = rest.range(of: "://") {
            rest = rest[scheme.upperBound...]
            rest = rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
        }
        let halves = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(halves.first ?? "/")
        query = (halves.count > 1 ? halves[1] : "").split(separator: "&").map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func decoded(_ text: Substring) -> String {
                PercentEncoding.decode(String(text), plusIsSpace: true) ?? String(text)
            }
            return (decoded(sides[0]), sides.count > 1 ? decoded(sides[1]) : "")
        }
    }

    subscript(name: String) -> String? { query.first { $0.name == name }?.value }
    func has(_ name: String) -> Bool { self[name] != nil }
}

extension Substring {
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}

/// Whether a request looks as Signature Version 4 demands.
enum SignatureShape {
    case absent
    case malformed(String)
    case signed(key: String)

    init(_ request: HTTPRequest) {
        guard let header = request.headers["Authorization"] else {
            self = .absent
            return
        }
        guard header.hasPrefix("AWS4-HMAC-SHA256 ") else {
            self = .malformed("The authorization mechanism you have provided is not supported.")
            return
        }
        var parts: [String: String] = [:]
        for part in header.dropFirst(17).split(separator: ",") {
            let sides = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            if sides.count == 2 { parts[String(sides[0])] = String(sides[1]) }
        }
        let scope = (parts["Credential"] ?? "").split(separator: "/")
        let signed = (parts["SignedHeaders"] ?? "").split(separator: ";")
        guard scope.count == 5, scope[4] == "aws4_request", scope[1].count == 8 else {
            self = .malformed(
                "The Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."
            )
            return
        }
        guard parts["Signature"]?.count == 64, signed.contains("host"), request.headers["x-amz-date"] != nil
        else {
            self = .malformed("The Signature, SignedHeaders or X-Amz-Date is missing.")
            return
        }
        self = .signed(key: String(scope[0]))
    }
}

enum ByteRange {
    /// `bytes=a-b`, `bytes=a-` and `bytes=-n`; `nil` where nothing of it lies within the object.
    static func parse(_ text: String, size: Int) -> Range<Int>? {
        guard text.hasPrefix("bytes=") else { return nil }
        let sides = text.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else { return nil }
        if sides[0].isEmpty {
            guard let count = Int(sides[1]), count > 0, size > 0 else { return nil }
            return max(0, size - count)..<size
        }
        guard let first = Int(sides[0]), first >= 0, first < size else { return nil }
        guard let last = sides[1].isEmpty ? size - 1 : Int(sides[1]), last >= first else { return nil }
        return first..<min(size, last + 1)
    }
}

enum XMLText {
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default:
                if scalar.value < 0x20 {
                    result += "&#\(scalar.value);"
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}

extension HTTPResponse {
    static func xml(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "application/xml"], body: Array(text.utf8))
    }

    /// S3's error; an answer to HEAD has no body.
    static func xmlError(_ status: Int, _ code: String, _ message: String, isHead: Bool = false)
        -> HTTPResponse
    {
        if isHead { return HTTPResponse(status: status) }
        return .xml(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>\(code)</Code><Message>"
                + "\(XMLText.escaped(message))</Message><RequestId>0A1B2C3D4E5F6071</RequestId><HostId/></Error>",
            status: status)
    }

    static func json(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["Content-Type": "application/x-amz-json-1.0"], body: Array(text.utf8))
    }

    static func awsError(_ code: String, _ message: String, query: String? = nil, status: Int = 400)
        -> HTTPResponse
    {
        var response = HTTPResponse.json(
            "{\"__type\":\"com.amazonaws.sqs#\(code)\",\"message\":\(JSONText.quoted(message))}",
            status: status)
        response.headers["x-amzn-query-error"] = "\(query ?? code);Sender"
        return response
    }
}

enum JSONText {
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default:
                if scalar.value < 0x20 {
                    let hex = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}

extension String {
    var unquoted: String {
        hasPrefix("\"") && hasSuffix("\"") && utf8.count >= 2 ? String(dropFirst().dropLast()) : self
    }
}

extension Timestamp {
    /// `Mon, 02 Nov 2026 08:00:00 GMT`.
    var httpDate: String {
        let civil = CivilTime(wholeSeconds)
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let weekday = ((civil.daysSinceEpoch % 7) + 7) % 7
        return "\(days[weekday]), \(two(civil.day)) \(months[civil.month - 1]) \(civil.year) "
            + "\(two(civil.hour)):\(two(civil.minute)):\(two(civil.second)) GMT"
    }

    /// `2026-11-02T08:00:00.000Z`, with its three digits even where they are zeros.
    var withMilliseconds: String {
        let whole = wholeSeconds.iso8601.dropLast()
        let fraction = (milliseconds % 1_000 + 1_000) % 1_000
        return "\(whole).\(fraction < 10 ? "00" : fraction < 100 ? "0" : "")\(fraction)Z"
    }
}
