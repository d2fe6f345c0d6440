import Credentials
package import Engine
package import Ports

/// From messages whose objects have come to a page, and from a durable page to deletions.
extension QueueCollector {
    /// Whole messages whose objects have all come or failed, the oldest first.
    mutating func page() -> Step? {
        var objects: [HeldObject] = []
        var bytes: Int64 = 0
        var listed = 0
        var taken: [String] = []
        var dropped: [String] = []
        for id in order {
            guard let message = held[id], message.isComplete else { continue }
            let bodies = message.objects.filter { $0.body != nil }
            let size = bodies.reduce(0) { $0 + $1.size }
            if !objects.isEmpty,
                objects.count + bodies.count > config.pageObjectsMax
                    || bytes + size > Int64(config.pageBytesMax)
            {
                break
            }
            objects += bodies
            bytes += size
            listed += message.objects.count
            if message.hasFailed { dropped.append(id) } else { taken.append(id) }
        }
        let isFull = objects.count >= config.pageObjectsMax || bytes >= config.pageBytesMax
        let isLast = waitingGets.isEmpty && getsRunning == 0
        let isStalled = bufferedBytes >= Self.bufferBytesMax
        guard !taken.isEmpty || !dropped.isEmpty, isFull || isLast || isStalled else { return nil }
        for id in dropped { held[id] = nil }
        order.removeAll { dropped.contains($0) || taken.contains($0) }
        bufferedBytes -= objects.reduce(0) { $0 + $1.held }
        for id in taken {
            if let count = held[id]?.objects.count {
                for index in 0..<count { held[id]?.objects[index].body = nil }
            }
        }
        guard !objects.isEmpty else { return nil }
        delivering = taken
        order = taken + order  // still held while the page is on its way
        return deliver(objects, listed: listed)
    }

    private func deliver(_ objects: [HeldObject], listed: Int) -> Step {
        // An object whose beginning an earlier life has counted is not counted again.
        let known = objects.count { ($0.body?.recordsDone ?? 0) > 0 }
        let hasRest = objects.contains { $0.rest != nil }
        var page = RawPage(
            feed: feed, source: source, objects: objects.compactMap(\.body),
            position: hasRest || known > 0 ? Self.position(nil) : nil, listed: listed - known,
            fetched: objects.count - known)
        let marks = objects.map(\.mark)
        page.positionWithin = { mark in
            Self.position(
                mark.object < marks.count
                    ? PartialObject(mark: marks[mark.object], records: mark.records) : nil)
        }
        var rests: [Int: ObjectRest] = [:]
        for (index, object) in objects.enumerated() { rests[index] = object.rest }
        return .deliver(page, rests: rests)
    }

    package mutating func delivered(_ receipt: PageReceipt, at now: Timestamp) {
        isDelivering = false
        for id in delivering {
            guard let message = held.removeValue(forKey: id) else { continue }
            finished.insert(id)
            deletions.append((id, message.handle, 0))
        }
        let gone = Set(delivering)
        order.removeAll { gone.contains($0) }
        delivering = []
    }
}
