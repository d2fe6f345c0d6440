import Codecs
import Engine
package import Ports

/// What AWS said went wrong, in whichever of its four layouts it said it.
package struct AWSError: Hashable, Sendable {
    package var status: Int
    /// Without namespace and without a trailing `Exception` URL part: `AccessDenied`, `ThrottlingException`.
    package var code: String
    package var message: String

    /// `nil` for an answer that is no error.
    ///
    /// JSON services put `__type` in the body (`com.x#Code`), REST ones a header, query and S3 ones XML; SQS names
    /// the old code in `x-amzn-query-error`. An answer to HEAD has no body, and a proxy's has none of all this:
    /// then the status is the code.
    package init?(_ response: HTTPResponse) {
        guard response.status >= 300 else { return nil }
        status = response.status
        var found: String?
        var text = ""
        if let first = response.body.first(where: { $0 > 0x20 }), first == 0x7B,
            let json = JSONValue(json: response.body)
        {
            found = json["__type"]?.string ?? json["code"]?.string ?? json["Code"]?.string
            text = json["message"]?.string ?? json["Message"]?.string ?? ""
        } else if let xml = XMLElement(xml: response.body) {
            let error = xml.first("Error") ?? xml
            found = error.text("Code")
            text = error.text("Message") ?? ""
        }
        if let header = response.headers["x-amzn-errortype"] { found = found ?? header }
        if let header = response.headers["x-amzn-query-error"], let code = header.split(separator: ";").first
        {
            found = found ?? String(code)
        }
        let bare = found.map { $0.split(separator: "#").last.map(String.init) ?? $0 }
        code = bare.map { $0.split(separator: ":").first.map(String.init) ?? $0 } ?? "HTTP \(response.status)"
        message = String(text.prefix(1_000))
    }

    static let throttles: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "RequestThrottled", "TooManyRequestsException", "ProvisionedThroughputExceededException",
        "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
        "LimitExceededException", "SlowDown", "EC2ThrottledException",
    ]
    static let transients: Set<String> = [
        "RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete", "InternalError",
        "InternalFailure", "ServiceUnavailable",
    ]
    static let expiries: Set<String> = [
        "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired",
    ]
    static let denials: Set<String> = [
        "AccessDenied", "AccessDeniedException", "AuthFailure", "UnauthorizedOperation",
        "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "SignatureDoesNotMatch",
        "InvalidSignatureException", "IncompleteSignature", "MissingAuthenticationToken",
        "MissingAuthenticationTokenException", "InvalidToken", "NotAuthorized", "OptInRequired",
        "UnauthorizedException", "AllAccessDisabled", "AccountProblem", "KMS.AccessDeniedException",
    ]

    /// Waiting helps, and asking less often too.
    package var isThrottle: Bool { Self.throttles.contains(code) || status == 429 }
    package var isTransient: Bool {
        Self.transients.contains(code) || [500, 502, 503, 504].contains(status)
    }
    package var isExpiry: Bool { Self.expiries.contains(code) }
    package var isDenial: Bool { Self.denials.contains(code) || isExpiry || status == 401 || status == 403 }

    /// `AccessDenied: User … is not authorized…`
    package var text: String { message.isEmpty ? code : "\(code): \(message)" }

    /// What a person has to mend where the code alone says it.
    package var advice: String? {
        switch code {
        case "SignatureDoesNotMatch", "InvalidSignatureException":
            "the secret access key does not belong to this access key id, or this machine's clock is wrong"
        case "InvalidClientTokenId", "InvalidAccessKeyId", "UnrecognizedClientException":
            "AWS does not know this access key: deleted, deactivated, of another partition, or the region is not enabled"
        case "InvalidToken", "ExpiredToken", "ExpiredTokenException":
            "the session token is wrong or has expired: get new credentials"
        case "RequestTimeTooSkewed": "this machine's clock is wrong"
        default: nil
        }
    }

    /// - Parameters:
    ///   - action: what was being done: `reading queue https://…`.
    ///   - permission: what the policy must allow: `sqs:ReceiveMessage on arn:…`.
    package func fault(_ action: String, permission: String? = nil) -> Fault {
        var words = "\(action): \(text)"
        if let advice {
            words += "; \(advice)"
        } else if isDenial, let permission {
            words += "; the credentials need \(permission)"
        }
        return Fault(isDenial ? .denied : isThrottle || isTransient ? .transient : .rejected(rows: []), words)
    }
}

extension RetryRule {
    /// botocore's standard mode: a throttle mostly comes as HTTP 400 with a code, and backs off from 1 s where
    /// everything else backs off from 50 ms.
    package static let aws = RetryRule { response in
        guard let error = AWSError(response) else { return .answer }
        if error.isThrottle || error.isTransient {
            let least = response.headers["x-amz-retry-after"].flatMap(Double.init)
            return .retry(
                error.text, isThrottle: error.isThrottle,
                notBefore: least.map { .seconds(min(max($0, 0), 5)) })
        }
        return .answer
    }
}
