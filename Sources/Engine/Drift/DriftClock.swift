/// What only time makes wrong: who is to be looked at from when on.
///
/// A heap by time. Somebody may stand in it more than once: looked at too often, everybody says the same.
struct DriftClock {
    private struct Appointment {
        var time: Timestamp
        var subject: AccessState.Subject
    }

    private var heap: [Appointment] = []
    /// The earliest that each is in for, so that being looked at again adds nothing.
    private var next: [AccessState.Subject: Timestamp] = [:]

    mutating func look(at subject: AccessState.Subject, from time: Timestamp) {
        if let known = next[subject], known <= time { return }
        next[subject] = time
        heap.append(Appointment(time: time, subject: subject))
        var at = heap.count - 1
        while at > 0, heap[at].time < heap[(at - 1) / 2].time {
            heap.swapAt(at, (at - 1) / 2)
            at = (at - 1) / 2
        }
    }

    /// Takes out everybody whose time has come.
    mutating func due(at now: Timestamp) -> [AccessState.Subject] {
        var due: [AccessState.Subject] = []
        while let first = heap.first, first.time <= now {
            removeFirst()
            if next[first.subject] == first.time { next[first.subject] = nil }
            due.append(first.subject)
        }
        return due
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var at = 0
        while true {
            var least = at
            for child in [2 * at + 1, 2 * at + 2]
            where child < heap.count && heap[child].time < heap[least].time {
                least = child
            }
            if least == at { return }
            heap.swapAt(at, least)
            at = least
        }
    }
}
