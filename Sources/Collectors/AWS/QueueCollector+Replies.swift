import Credentials
package import Engine
package import Ports

/// What the queue and the store have answered.
extension QueueCollector {
    package mutating func take(_ reply: Reply, to id: Int, at now: Timestamp) throws(Fault) {
        guard let work = calls[id] else { return }
        switch work {
        case .receive:
            let messages = try config.queue.messages(in: try reply.answer())
            receivesRunning -= 1
            var isNew = false
            for message in messages where receive(message, at: now) { isNew = true }
            isQuiet = !isNew
            pace.answered(isNew: isNew, asked: receivesBegan.removeValue(forKey: id), at: now)
        case .get(let message, let object):
            getsRunning -= 1
            take(reply, message: message, object: object)
        case .delete: deleted(reply, id)
        case .extend(let ids):
            extensionsRunning -= 1
            extended(reply, ids, at: now)
        }
        calls[id] = nil
    }

    /// Whether the message is one that this run has not already tried.
    private mutating func receive(_ message: SQSQueue.Message, at now: Timestamp) -> Bool {
        if finished.contains(message.id) {
            deletions.append((message.id, message.handle, 0))
            return false
        }
        if held[message.id] != nil {
            // It became visible while it was in work: from now on only the new receipt is good.
            held[message.id]?.handle = message.handle
            held[message.id]?.receivedAt = now
            let next = now + halfVisibility
            held[message.id]?.extendAt = next
            return false
        }
        let isNew = tried.insert(message.id)
        switch ObjectNotice(message.body, mayBeRecord: feed != BucketCollector.cloudTrail) {
        case .record(let record):
            var object = HeldObject(notice: ObjectNotice.Object(bucket: "", key: message.id))
            object.body = RawObject(
                name: "\(config.queue.url)/\(message.id)", bytes: Array(record.utf8))
            object.mark = message.id
            object.held = record.utf8.count
            bufferedBytes += object.held
            held[message.id] = HeldMessage(
                handle: message.handle, receivedAt: now, extendAt: now + halfVisibility, objects: [object])
            order.append(message.id)
        case .unreadable(let reason):
            complain(
                "message-unreadable", "message \(message.id): \(reason); left to the queue's redrive policy")
        case .objects(let all):
            let objects = all.filter(isWanted)
            if objects.isEmpty {
                finished.insert(message.id)
                deletions.append((message.id, message.handle, 0))
                break
            }
            held[message.id] = HeldMessage(
                handle: message.handle, receivedAt: now,
                extendAt: now + halfVisibility,
                objects: objects.map { HeldObject(notice: $0) })
            order.append(message.id)
            for index in objects.indices { waitingGets.append((message.id, index)) }
        }
        return isNew
    }

    private func isWanted(_ object: ObjectNotice.Object) -> Bool {
        (config.buckets.isEmpty || config.buckets.contains(object.bucket)) && !object.key.hasSuffix("/")
            && !object.key.contains("/CloudTrail-Digest/") && !object.key.contains("/CloudTrail-Insight/")
    }

    private mutating func take(_ reply: Reply, message: String, object: Int) {
        guard let notice = held[message]?.objects[object].notice else { return }
        let bucket = bucket(of: notice)
        do throws(Fault) {
            var piece = try bucket.piece(of: notice.key, isFirst: true, in: try reply.answer())
            let name = bucket.uri(of: notice.key)
            let mark = "\(name) \(piece.etag ?? "")"
            var body = RawObject(name: name, bytes: piece.bytes)
            body.recordsDone = partial.records(of: mark)
            hold(body.bytes.count, message, object)
            if piece.hasRest(config.pieceBytes) {
                piece.bytes = []
                let rest = ObjectRest.object(
                    bucket, key: notice.key, piece, pieceBytes: config.pieceBytes)
                held[message]?.objects[object].rest = rest
            }
            held[message]?.objects[object].mark = mark
            held[message]?.objects[object].body = body
        } catch {
            hold(0, message, object)
            held[message]?.objects[object].hasFailed = true
            complain(
                "object-unreadable", "\(error.message); its message is left to the queue's redrive policy")
        }
    }

    /// Takes so much of the buffer for an object, in place of what it took before.
    private mutating func hold(_ bytes: Int, _ message: String, _ object: Int) {
        let before = held[message]?.objects[object].held ?? 0
        bufferedBytes += bytes - before
        held[message]?.objects[object].held = bytes
    }

    private mutating func deleted(_ reply: Reply, _ id: Int) {
        guard let batch = deleting.removeValue(forKey: id) else { return }
        var failures: [Int: String] = [:]
        do throws(Fault) {
            switch reply {
            case .answer(let response): failures = try config.queue.failures(in: response, "deleting")
            case .failed(let fault): throw fault
            default: break
            }
        } catch {
            complain("message-kept", error.message)
            for index in batch.indices { failures[index] = "unknown" }
        }
        for (index, code) in failures where index < batch.count {
            // With a receipt that is no longer good the message comes again, and is deleted then.
            if code.hasPrefix("ReceiptHandle") || code == "InvalidParameterValue" { continue }
            var again = batch[index]
            again.tries += 1
            if again.tries < Self.deletionTries { deletions.append(again) }
        }
    }

    private mutating func extended(_ reply: Reply, _ ids: [String], at now: Timestamp) {
        do throws(Fault) {
            guard case .answer(let response) = reply else {
                if case .failed(let fault) = reply { throw fault }
                return
            }
            // What is no longer in flight will be received again, which brings a new receipt.
            _ = try config.queue.failures(in: response, "extending")
        } catch {
            complain("message-not-held", error.message)
            let next = now + halfVisibility / 4
            for id in ids { held[id]?.extendAt = next }
        }
    }

    private mutating func complain(_ code: String, _ message: String) {
        guard complaints.count < 10_000, complaints.insert(message).inserted else { return }
        notes.append(HealthNote(.problem, source: source, code: code, message))
    }
}
