import Codecs
package import Credentials
package import Engine
package import Ports

/// What the `Shipper` delivers to: an exporter behind a transport, or something that is no HTTP at all, such as
/// files on a volume.
package protocol Receiver: Sendable {
    /// One try. A fault means that nobody knows whether the rows arrived; a verdict is the receiver's word.
    func deliver(_ batch: EventBatch, batchID: String) async throws(Fault) -> Verdict
    /// Those of the acknowledgements given earlier that are durable over there by now.
    func acknowledged(_ ids: [String]) async throws(Fault) -> Set<String>
    /// Whether rows that have perhaps arrived may go again in smaller batches: not where a batch's name alone says that
    /// it is there already.
    var takesLostInParts: Bool { get }
    /// What is due by time alone, though no batch comes (a file's rotation): runs beside the deliveries until
    /// cancelled, or returns at once where there is nothing of the kind.
    func tend() async
    /// Finishes what is open (a file under its temporary name, a connection) when the program stops.
    func close() async throws(Fault)
}

extension Receiver {
    package func acknowledged(_ ids: [String]) async throws(Fault) -> Set<String> { Set(ids) }
    package var takesLostInParts: Bool { false }
    package func tend() async {}
    package func close() async throws(Fault) {}
}

/// A receiver that can take whole frames of the spool as they are, which spares unpacking and packing them again.
package protocol FrameReceiver: Receiver {
    /// Whether it does, as it is configured.
    var takesFrames: Bool { get }
    /// Whether each frame goes by itself, within the limits of a batch; else as many as one batch holds.
    var takesFramesSingly: Bool { get }
    /// As `deliver(_:batchID:)`; the batch is all the frames' events.
    func deliver(frames: [SpoolFrame], batchID: String) async throws(Fault) -> Verdict
}

extension FrameReceiver {
    package var takesFramesSingly: Bool { false }
}

/// An `Exporter` reached through a transport.
package struct HTTPReceiver: FrameReceiver {
    /// How often one request is sent again at once because its authorizer has learned something.
    private static let lessonsMax = 2

    private let exporter: any Exporter
    private let transport: any Transport
    private let authorizer: any Authorizer
    private let time: any TimeSource

    package var takesLostInParts: Bool { true }
    package var takesFrames: Bool { exporter.takesPackedText }
    package var takesFramesSingly: Bool { true }

    package init(
        _ exporter: any Exporter, transport: any Transport, authorizer: any Authorizer = Anonymous(),
        time: any TimeSource
    ) {
        self.exporter = exporter
        self.transport = transport
        self.authorizer = authorizer
        self.time = time
    }

    package func deliver(_ batch: EventBatch, batchID: String) async throws(Fault) -> Verdict {
        let unsendable = exporter.unsendable(in: batch)
        if !unsendable.isEmpty { return .setAside(unsendable, of: batch.count) }
        var body: [UInt8] = []
        exporter.encode(batch, into: &body)
        guard body.count <= exporter.bodyBytesMax else {
            return .tooLarge(reason: "larger than the \(exporter.bodyBytesMax) bytes that the receiver takes")
        }
        return try await verdict(
            on: exporter.request(carrying: body, batchID: batchID), rows: batch.count)
    }

    package func deliver(frames: [SpoolFrame], batchID: String) async throws(Fault) -> Verdict {
        var text: [UInt8] = []
        for frame in frames {
            if frame.isPacked {
                text += frame.text
            } else {
                var compressor = Compressor(.zstd(level: SpoolFrame.packingLevel))
                compressor.pack(Array(frame.text), into: &text)
            }
        }
        return try await verdict(
            on: exporter.request(carryingPacked: text, batchID: batchID),
            rows: frames.reduce(0) { $0 + $1.head.rows })
    }

    private func verdict(on request: HTTPRequest, rows: Int) async throws(Fault) -> Verdict {
        let response = try await send(request)
        if let refusal = response.connectionRefusal {
            return .denied(reason: "a proxy before the receiver refuses us: \(refusal): check url and tls")
        }
        let verdict = exporter.verdict(on: response, rows: rows, now: time.now)
        // 500, 502 and 504 may come after the receiver has done its work: that is no word either.
        if case .retry(let after) = verdict, [500, 502, 504].contains(response.status) {
            throw Fault(after.map { .throttled(until: $0) } ?? .transient, "HTTP status \(response.status)")
        }
        return verdict
    }

    private func send(_ request: HTTPRequest) async throws(Fault) -> HTTPResponse {
        var lessons = 0
        while true {
            let authorized: HTTPRequest
            do throws(Fault) {
                authorized = try await authorizer.authorize(request)
            } catch {
                // Without a token nothing has left.
                throw Fault(error.kind, error.message, mayHaveArrived: false)
            }
            let response = try await transport.send(authorized)
            guard response.status >= 400, lessons < Self.lessonsMax,
                await authorizer.learn(from: response, to: authorized)
            else { return response }
            lessons += 1
        }
    }

    package func acknowledged(_ ids: [String]) async throws(Fault) -> Set<String> {
        guard let request = exporter.acknowledgementRequest(for: ids) else { return Set(ids) }
        return exporter.acknowledged(ids, by: try await send(request))
    }
}

extension Verdict {
    /// Rows that are refused here, before anything was sent; the others are then sent by themselves, at once.
    package static func setAside(_ refused: [Int: String], of count: Int) -> Verdict {
        .partial(
            refused: refused, again: (0..<count).filter { refused[$0] == nil }, after: .distantPast)
    }
}
