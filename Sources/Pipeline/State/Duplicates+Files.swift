import Codecs
import Engine
import Exporters
package import Ports

/// What of the keys is in files: by day of arrival and hour of the event, appended to, and removed by the day.
extension Duplicates {
    /// Makes fingerprints of the hours that were not asked for longest; where that is not enough, lets those go, after
    /// writing out what only memory has of them.
    ///
    /// A backfill goes through the same hours once for each account and region: as fingerprints they stay, and a new key
    /// needs no file. Only a key that may be a duplicate is looked for in its hour's files.
    func makeRoom(except kept: Int64?) async throws(Fault) {
        while memory > limits.bytesMax {
            let candidates = hours.filter { $0.key != kept && $0.value.isHeld }
            let exact = candidates.filter { $0.value.isExact }
            guard
                let oldest = (exact.isEmpty ? candidates : exact).min(by: {
                    ($0.value.usedAt, $0.key) < ($1.value.usedAt, $1.key)
                })?.key
            else { return }
            if exact.isEmpty { try await write(oldest) }
            memory -= hours[oldest]?.memory ?? 0
            if exact.isEmpty { hours[oldest]?.held = .nothing } else { hours[oldest]?.compact(limits) }
            memory += hours[oldest]?.memory ?? 0
        }
    }

    /// Appends the hour's new keys to the file of today. After a fault they are appended again: a set does not mind.
    private func write(_ hour: Int64) async throws(Fault) {
        guard let tail = hours[hour]?.tail, !tail.isEmpty else { return }
        let day = floorDivide(time.now.seconds, 86_400)
        let path = "duplicates/\(day)/\(hexadecimal(UInt64(bitPattern: hour))).md"
        var writer = BinaryWriter()
        let length = try await volume.length(of: path) ?? 0
        if length == 0 {
            writer.bytes += Self.magic
        } else if length % Int64(Self.entryBytes) != 0 {
            // A torn entry is filled up: it then names a key that nothing has.
            writer.bytes += [UInt8](
                repeating: 0, count: Self.entryBytes - Int(length % Int64(Self.entryBytes)))
        }
        for key in tail {
            writer.put(key.uid)
            writer.put(key.content)
        }
        _ = try await volume.append(writer.bytes, to: path)
        hours[hour]?.tail.removeFirst(tail.count)
        memory -= tail.count * Self.entryBytes
        if hours[hour]?.files.contains(path) == false { hours[hour]?.files.append(path) }
        dirty.insert(path)
    }

    package var wantsFlush: Bool { unflushed >= limits.flushKeys }

    /// Writes everything out and moves the watermark; gives the number from which the journal is still needed.
    package func flush() async throws(Fault) -> UInt64 {
        await turnstile.enter()
        defer { turnstile.leave() }
        let safe = reserved.values.map(\.sequenceAtLeast).min() ?? committedBelow
        unflushed = 0
        for hour in hours.filter({ !$0.value.tail.isEmpty }).keys.sorted() { try await write(hour) }
        guard !isPoisoned else { return 0 }
        for path in dirty.sorted() {
            do throws(Fault) { try await volume.synchronize(path) } catch let fault {
                isPoisoned = true
                throw fault
            }
            dirty.remove(path)
        }
        var writer = BinaryWriter()
        writer.put(safe)
        writer.put(CRC32C.of(writer.bytes))
        writer.put(Self.watermarkMagic)
        _ = try await volume.append(writer.bytes, to: Self.watermarkPath)
        try await volume.synchronize(Self.watermarkPath)
        try await removeOldFiles()
        try await makeRoom(except: nil)
        return safe
    }

    /// Files of days that are over by the clock and have as many newer days with keys: a clock that jumps ahead makes nothing old.
    private func removeOldFiles() async throws(Fault) {
        func day(of path: String) -> Int64? {
            path.split(separator: "/").dropFirst().first.flatMap { Int64($0) }
        }
        let days = Set(hours.values.flatMap(\.files).compactMap(day)).sorted(by: >)
        guard days.count > limits.daysKept else { return }
        let oldest = min(
            floorDivide(time.now.seconds, 86_400) - limits.daysKept, days[Int(limits.daysKept)] + 1)
        for (hour, entry) in hours.sorted(by: { $0.key < $1.key }) {
            for path in entry.files {
                guard let day = day(of: path), day < oldest else { continue }
                try await volume.remove(path)
                hours[hour]?.files.removeAll { $0 == path }
                // What is in memory of it goes with it, and what is left is read again when asked for.
                if hours[hour]?.tail.isEmpty == true {
                    memory -= hours[hour]?.memory ?? 0
                    hours[hour]?.held = .nothing
                }
            }
            if hours[hour]?.files.isEmpty == true, hours[hour]?.tail.isEmpty == true { hours[hour] = nil }
        }
    }
}
