import CCurl
import Ports

/// Where a request goes, read by libcurl's own URL parser, so that what is checked is what is connected to.
struct Endpoint {
    let isPlain: Bool
    let host: String
    /// The URL without its query, for messages: a query may hold a secret.
    let display: String

    init(_ url: String) throws(Fault) {
        guard let handle = unsafe curl_url() else { throw Fault(.transient, "no memory for a URL") }
        defer { unsafe curl_url_cleanup(handle) }
        func part(_ part: CURLUPart) -> String? {
            var text: UnsafeMutablePointer<CChar>?
            guard unsafe curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text = unsafe text else {
                return nil
            }
            defer { unsafe curl_free(text) }
            return unsafe String(cString: text)
        }
        let shown = String(url.prefix { $0 != "?" && $0 != "#" }.prefix(200))
        guard !url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f }),
            unsafe curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK,
            let scheme = part(CURLUPART_SCHEME),
            let host = part(CURLUPART_HOST), scheme == "http" || scheme == "https"
        else {
            throw Fault(
                .denied,
                part(CURLUPART_USER) == nil ? "\(shown) is no http or https URL" : "the URL is not valid",
                mayHaveArrived: false)
        }
        guard part(CURLUPART_USER) == nil, part(CURLUPART_PASSWORD) == nil else {
            throw Fault(
                .denied, "the URL to \(host) holds a user or password: give them as credentials instead",
                mayHaveArrived: false)
        }
        isPlain = scheme == "http"
        self.host = host
        display = shown
    }

    var isLoopback: Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]" || host == "127.0.0.1"
            || host.hasPrefix("127.") && host.utf8.allSatisfy { $0 == 0x2e || $0 &- 0x30 < 10 }
    }

    /// The addresses at which clouds hand credentials to their own machines, in plain HTTP and never by a proxy.
    var isCredentialService: Bool {
        [
            "169.254.169.254", "169.254.170.2", "169.254.170.23", "[fd00:ec2::254]", "[fd00:ec2::23]",
            "metadata.google.internal",
        ].contains(host)
    }
}
