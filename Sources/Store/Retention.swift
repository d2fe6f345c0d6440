import Engine
package import Ports

/// How long what is stored is kept.
package struct Retention: Hashable, Sendable {
    /// Rows whose event time is further back than this are removed.
    package var age: Duration
    /// Other ages for some classes, by `class_uid`.
    package var classAges: [Int64: Duration]
    /// While the store is larger the oldest days are removed: bytes.
    package var bytesMax: Int64

    package init(age: Duration, classAges: [Int64: Duration] = [:], bytesMax: Int64 = .max) {
        self.age = age
        self.classAges = classAges
        self.bytesMax = bytesMax
    }

    var longest: Duration { classAges.values.reduce(age, max) }
}

extension EventStore {
    /// Removes whole segments that nothing asks to be kept any longer; rows of classes with a shorter age go when their
    /// segment is merged or expires.
    package func expire(_ retention: Retention) async throws(Fault) {
        let now = time.now
        var change = Catalog.Change()
        let cut = (now - retention.longest).milliseconds
        var kept: [Segment] = []
        for segment in catalog.segments.values {
            if segment.to < cut { change.remove.append(segment.path) } else { kept.append(segment) }
        }
        var bytes = kept.reduce(0) { $0 + $1.bytes }
        kept.sort { ($0.day, $0.path) > ($1.day, $1.path) }
        while bytes > retention.bytesMax, let oldest = kept.popLast() {
            bytes -= oldest.bytes
            change.remove.append(oldest.path)
        }
        if !change.isEmpty { try await commit(change) }
    }
}
