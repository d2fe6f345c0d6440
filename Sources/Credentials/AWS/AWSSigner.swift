package import Engine
package import Ports
import Synchronization

/// Signs requests to one service in one region, with credentials that are always fresh and a clock that is
/// corrected by what AWS answers.
package final class AWSSigner: Authorizer {
    /// A difference to AWS's clock that is worth a correction; AWS itself tolerates 15 minutes.
    private static let skewMin = Duration.minutes(4)

    private let signature: SigV4
    private let credentials: AWSCredentialCache
    private let time: any TimeSource
    /// What AWS's clock shows less what ours does.
    private let offset = Mutex(Duration.zero)

    package init(service: String, region: String, credentials: AWSCredentialCache, time: any TimeSource) {
        signature = SigV4(service: service, region: region)
        self.credentials = credentials
        self.time = time
    }

    package func authorize(_ request: HTTPRequest) async throws(Fault) -> HTTPRequest {
        let current = try await credentials.current()
        return signature.sign(request, with: current, at: time.now + offset.withLock { $0 })
    }

    package func learn(from response: HTTPResponse, to request: HTTPRequest) async -> Bool {
        guard let error = AWSError(response), error.isDenial || error.code == "RequestTimeTooSkewed" else {
            return false
        }
        if let theirs = response.headers["Date"].flatMap(Timestamp.init(httpDate:)) {
            let skew = theirs - time.now
            let changed = offset.withLock { offset in
                let difference = skew - offset
                guard difference > Self.skewMin || difference < .zero - Self.skewMin else { return false }
                offset = skew
                return true
            }
            if changed { return true }
        }
        guard error.isExpiry || error.code == "InvalidToken" else { return false }
        return await credentials.expire()
    }
}

extension Timestamp {
    /// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form RFC 9110 lets a server send.
    package init?(httpDate text: String) {
        let parts = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, parts[5] == "GMT", parts[1].count == 2,
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        self.init(iso8601: "\(parts[3])-\(month < 9 ? "0" : "")\(month + 1)-\(parts[1])T\(parts[4])Z")
    }
}
