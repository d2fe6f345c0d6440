package import Codecs
package import Credentials
package import Engine
package import Ports

/// Objects made of one batch: together they hold each of its rows once.
package struct ObjectPiece: Sendable {
    /// Below the prefix: `events/day=2026-11-24`.
    package var folder: String
    package var bytes: [UInt8]

    package init(folder: String, bytes: [UInt8]) {
        self.folder = folder
        self.bytes = bytes
    }
}

/// What a batch has become.
package struct FormedPieces: Sendable {
    package var pieces: [ObjectPiece]
    /// The rows that cannot be written in the form.
    package var refused: [Int: String]
    /// The rows whose frames cannot be unpacked.
    package var damaged: [Int] = []

    package init(pieces: [ObjectPiece] = [], refused: [Int: String] = [:]) {
        self.pieces = pieces
        self.refused = refused
    }
}

/// How a batch becomes objects. The same batch becomes the same bytes.
package protocol ObjectForm: Sendable {
    /// What object names end in: `.ndjson.zst`.
    var suffix: String { get }
    var contentType: String { get }
    func pieces(of batch: EventBatch) -> FormedPieces
}

/// A form that takes events out of the spool's frames by itself, which spares a copy of their text. Frames become what
/// the batch of their events becomes.
package protocol FrameForm: ObjectForm {
    func pieces(of frames: [SpoolFrame]) -> FormedPieces
}

/// One kind of object store: what creates an object there, and what its answers mean.
package protocol ObjectStoreProtocol: Sendable {
    static var name: String { get }
    /// Creates the object unless there is one under the key.
    func creation(of key: String, _ bytes: [UInt8], contentType: String) -> HTTPRequest
    /// An object that is there already is accepted: its name holds a digest of its bytes.
    func verdict(on response: HTTPResponse, key: String, now: Timestamp) -> Verdict
}

/// Objects in a bucket, created once under names that say what is in them.
///
/// A name is the folder of the rows' day, the exporter's name, the batch's rows, which of how many objects of the batch it
/// is, and a digest of the bytes. A batch that is
/// sent again finds its objects there, and nothing is written twice.
package struct ObjectReceiver: FrameReceiver {
    private static let lessonsMax = 2
    /// An object takes longer than a request of events.
    private static let timeout = Duration.minutes(5)

    private let store: any ObjectStoreProtocol
    private let form: any ObjectForm
    private let prefix: String
    private let name: String
    private let transport: any Transport
    private let authorizer: any Authorizer
    private let time: any TimeSource

    /// - Parameter name: what objects' names begin with, below their folder.
    package init(
        _ store: any ObjectStoreProtocol, form: any ObjectForm, prefix: String, name: String,
        transport: any Transport, authorizer: any Authorizer, time: any TimeSource
    ) {
        self.store = store
        self.form = form
        let prefix = prefix.drop { $0 == "/" }
        self.prefix = prefix.isEmpty || prefix.hasSuffix("/") ? String(prefix) : prefix + "/"
        self.name = name
        self.transport = transport
        self.authorizer = authorizer
        self.time = time
    }

    package var takesFrames: Bool { form is any FrameForm }

    package func deliver(_ batch: EventBatch, batchID: String) async throws(Fault) -> Verdict {
        try await create(form.pieces(of: batch), rows: batch.count, batchID)
    }

    package func deliver(frames: [SpoolFrame], batchID: String) async throws(Fault) -> Verdict {
        guard let form = form as? any FrameForm else { preconditionFailure("it takes no frames") }
        return try await create(
            form.pieces(of: frames), rows: frames.reduce(0) { $0 + $1.head.rows }, batchID)
    }

    /// Creates all objects of a batch.
    private func create(_ formed: FormedPieces, rows: Int, _ batchID: String) async throws(Fault) -> Verdict {
        let pieces = formed.pieces
        // Whose frame is damaged cannot go again by itself either.
        if !formed.refused.isEmpty, formed.damaged.isEmpty { return .setAside(formed.refused, of: rows) }
        for (index, piece) in pieces.enumerated() {
            // So that a missing one is missed.
            let part = pieces.count == 1 ? "" : "-\(index + 1)of\(pieces.count)"
            let digest = Hex.encode(Digest.sha256(piece.bytes).prefix(8))
            let key = "\(prefix)\(piece.folder)/\(name)-\(batchID)\(part)-\(digest)\(form.suffix)"
            let verdict = try await create(key, piece.bytes)
            // What was created before stays, and is found there when all of it goes again.
            if verdict != .accepted { return verdict }
        }
        if formed.damaged.isEmpty { return .accepted }
        return .rejected(
            rows: (formed.damaged + formed.refused.keys).sorted(),
            reason: "the event cannot be read back from the spool")
    }

    private func create(_ key: String, _ bytes: [UInt8]) async throws(Fault) -> Verdict {
        var request = store.creation(of: key, bytes, contentType: form.contentType)
        request.timeout = Self.timeout
        var lessons = 0
        while true {
            let authorized: HTTPRequest
            do throws(Fault) { authorized = try await authorizer.authorize(request) } catch {
                throw Fault(error.kind, error.message, mayHaveArrived: false)
            }
            let response: HTTPResponse
            do throws(Fault) { response = try await transport.send(authorized) } catch {
                // Whether it arrived or not, a repetition writes nothing twice: it is not counted as resent.
                throw Fault(error.kind, error.message, mayHaveArrived: false)
            }
            if response.status >= 400, lessons < Self.lessonsMax,
                await authorizer.learn(from: response, to: authorized)
            {
                lessons += 1
                continue
            }
            return store.verdict(on: response, key: key, now: time.now)
        }
    }
}

/// Lines of JSON, packed, apart by the day of the events.
package struct NDJSONForm: ObjectForm {
    private static let daySeconds: Int64 = 86_400

    /// Where an event's line goes.
    private struct Place: Hashable {
        var isFinding: Bool
        /// Since 1970.
        var day: Int64

        var folder: String {
            let date = Timestamp(seconds: day * NDJSONForm.daySeconds).iso8601.prefix(10)
            return "\(isFinding ? "findings" : "events")/day=\(date)"
        }
    }

    private let compression: Compressor.Form

    package init(_ compression: Compressor.Form) { self.compression = compression }

    package var suffix: String { ".ndjson\(compression.suffix)" }
    package var contentType: String {
        switch compression {
        case .plain: "application/x-ndjson"
        case .gzipFast, .gzipSmall: "application/gzip"
        case .zstd: "application/zstd"
        }
    }

    package func pieces(of batch: EventBatch) -> FormedPieces {
        // Most events are of the day of the one before them.
        var texts: [(place: Place, bytes: [UInt8])] = []
        var indices: [Place: Int] = [:]
        var current = 0
        for event in batch.events {
            let place = Place(
                isFinding: event.kind == .finding, day: floorDivide(event.time.seconds, Self.daySeconds))
            if texts.isEmpty || texts[current].place != place {
                current = indices[place] ?? texts.count
                if current == texts.count {
                    indices[place] = current
                    texts.append((place, []))
                }
            }
            texts[current].bytes += batch.bytes[event.json.range]
            texts[current].bytes.append(UInt8(ascii: "\n"))
        }
        var compressor = Compressor(compression)
        var pieces: [ObjectPiece] = []
        for (place, text) in texts {
            var packed: [UInt8] = []
            compressor.pack(text, into: &packed)
            pieces.append(ObjectPiece(folder: place.folder, bytes: packed))
        }
        return FormedPieces(pieces: pieces.sorted { $0.folder < $1.folder })
    }
}
