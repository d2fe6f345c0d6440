import Ports

extension RetryRule {
    /// 408, 429 and 5xx, after the `retryDelay` that the answer's `RetryInfo` names; Workspace's APIs throttle with 403.
    package static let google = RetryRule { response in
        let error = VendorError(response)
        let isThrottle =
            response.status == 429
            || response.status == 403
                && ["rateLimitExceeded", "userRateLimitExceeded"].contains(error?.reason ?? "")
        guard isThrottle || [408, 500, 502, 503, 504].contains(response.status) else { return .answer }
        var least: Duration?
        if let header = response.headers["Retry-After"].flatMap(Double.init) { least = .seconds(header) }
        let details = JSONValue(json: response.body)?["error"]?["details"]?.array ?? []
        for detail in details {
            guard let text = detail["retryDelay"]?.string, text.hasSuffix("s") else { continue }
            least = Double(text.dropLast()).map { .seconds(min(max($0, 0), 3_600)) }
        }
        return .retry(error?.text ?? "HTTP \(response.status)", isThrottle: isThrottle, notBefore: least)
    }
}
