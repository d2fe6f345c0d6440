package import Ports

/// The network, by libcurl: one event loop on a thread of its own, connections kept and shared, HTTP/2 over TLS.
///
/// Certificates and names are always verified, redirects are never followed, and plain HTTP goes only to loopback
/// and to the clouds' credential addresses unless `allowInsecure`. Each set of options (trust, identity, proxy)
/// has a transport of its own. The loop ends with the transport.
package final class CurlTransport: Transport {
    private let options: TransportOptions
    private let loop: CurlLoop

    package init(_ options: TransportOptions = TransportOptions()) {
        self.options = options
        loop = CurlLoop(options)
    }

    deinit { loop.stop() }

    package func send(_ request: HTTPRequest) async throws(Fault) -> HTTPResponse {
        let endpoint = try Endpoint(request.url)
        guard
            !endpoint.isPlain || options.allowInsecure || endpoint.isLoopback || endpoint.isCredentialService
        else {
            throw Fault(
                .denied,
                "\(endpoint.display): plain HTTP is allowed to loopback only; use https or set allow_insecure: true"
            )
        }
        if let thumbprint = request.thumbprint {
            guard !endpoint.isPlain, Thumbprint(thumbprint) != nil else {
                throw Fault(
                    .denied,
                    endpoint.isPlain
                        ? "\(endpoint.display): only https has a certificate whose thumbprint can be looked at"
                        : "the thumbprint for \(endpoint.host) is neither SHA-1 nor SHA-256 in hexadecimal",
                    mayHaveArrived: false)
            }
        }
        for field in request.headers.fields where !Self.isSafe(field) {
            throw Fault(
                .denied, "the header \(field.name.prefix(40)) for \(endpoint.host) holds a line break")
        }
        let id = loop.nextID()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.submit(CurlExchange(id: id, request, to: endpoint, continuation))
                // A cancellation that came before the submission found nothing to cancel.
                if Task.isCancelled { loop.cancel(id) }
            }
        } onCancel: {
            loop.cancel(id)
        }
        return try result.get()
    }

    private static func isSafe(_ field: HTTPHeaders.Field) -> Bool {
        !field.name.isEmpty
            && field.name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f && $0 != UInt8(ascii: ":") }
            && !field.value.utf8.contains { $0 == 0x0a || $0 == 0x0d || $0 == 0 }
    }
}
