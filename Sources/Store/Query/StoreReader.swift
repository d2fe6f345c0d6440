package import Engine
import Ports

/// One store, or several, as they stood when they were opened.
package struct StoreReader: Sendable {
    /// Some segments and where their bytes are.
    package struct Part: Sendable {
        package var segments: [Segment]
        package var source: any SegmentSource
        /// Where the segments are files that other programs can read.
        package var folder: String?

        package init(segments: [Segment], source: any SegmentSource, folder: String? = nil) {
            self.segments = segments
            self.source = source
            self.folder = folder
        }
    }

    /// What a query will go through at the most.
    package struct Estimate: Hashable, Sendable {
        package var segments = 0
        package var rows = 0
        package var bytes: Int64 = 0
    }

    /// What went wrong with single segments, by name; the rest was read.
    package struct Outcome: Sendable {
        package var hits = 0
        package var problems: [String] = []
        /// Whether the limit was reached.
        package var isCut = false
    }

    /// Rows that are fetched and put in order at a time.
    private static let rowsAtOnce = 50_000

    package var parts: [Part]

    package init(_ parts: [Part]) { self.parts = parts }

    package func estimate(_ query: EventQuery) -> Estimate {
        var estimate = Estimate()
        for part in parts {
            for segment in part.segments
            where segment.table == query.plan.table && segment.overlaps(query.times) {
                estimate.segments += 1
                estimate.rows += segment.rows
                estimate.bytes += segment.bytes
            }
        }
        return estimate
    }

    private struct Hit {
        var time: Int64
        var file: Int
        var group: Int
        var row: Int
    }

    /// Gives the rows that fit in the order of their times, with the entries of `leaves` (all, if `nil`).
    ///
    /// - Parameter take: a row among others; false ends the query.
    package func run(
        _ query: EventQuery, leaves: [Int]?, take: (borrowing ColumnRows, Int) throws -> Bool
    ) async throws -> Outcome {
        var outcome = Outcome()
        var byDay: [Int: [(segment: Segment, part: Int)]] = [:]
        for (number, part) in parts.enumerated() {
            for segment in part.segments
            where segment.table == query.plan.table && segment.overlaps(query.times) {
                byDay[segment.day, default: []].append((segment, number))
            }
        }
        let days = query.isNewestFirst ? byDay.keys.sorted(by: >) : byDay.keys.sorted()
        let work = days.map { day in (byDay[day] ?? []).sorted { $0.segment.path < $1.segment.path } }
        for number in parts.indices {
            let own = work.joined().filter { $0.part == number }.map(\.segment)
            if !own.isEmpty { try await parts[number].source.prepare(own) }
        }
        try await withThrowingTaskGroup(of: (place: Int, scanned: Scanned).self) { group in
            // Segments are looked through some at a time, ahead of the day whose rows are given.
            var next = 0
            let flat = work.joined().map { $0 }
            func start() {
                guard next < flat.count else { return }
                let (place, item) = (next, flat[next])
                next += 1
                let source = parts[item.part].source
                group.addTask { (place, try await Self.scan(item.segment, source, query)) }
            }
            for _ in 0..<Self.scansAtOnce { start() }
            var done: [Int: Scanned] = [:]
            var first = 0
            for segments in work {
                let places = first..<first + segments.count
                first = places.upperBound
                while !places.allSatisfy({ done[$0] != nil }) {
                    try Task.checkCancellation()
                    guard let result = try await group.next() else { break }
                    done[result.place] = result.scanned
                    start()
                }
                if try await !give(
                    places.compactMap { done.removeValue(forKey: $0) }, query, leaves, &outcome, take)
                {
                    break
                }
            }
            group.cancelAll()
        }
        return outcome
    }

    /// Segments looked through at a time.
    private static let scansAtOnce = 4

    /// What was found in one segment, or why nothing was.
    private struct Scanned: Sendable {
        var file: SegmentFile?
        var hits: [SegmentScan.Hit] = []
        var problem: String?
    }

    private static func scan(
        _ segment: Segment, _ source: any SegmentSource, _ query: EventQuery
    ) async throws -> Scanned {
        do throws(Fault) {
            let file = try await SegmentFile.open(segment.path, bytes: segment.bytes, query.plan, source)
            return Scanned(file: file, hits: try await SegmentScan(query: query).hits(file))
        } catch {
            if error.kind == .cancelled { throw error }
            return Scanned(problem: error.message)
        }
    }

    /// Gives a day's rows in the order of their times.
    private func give(
        _ scanned: [Scanned], _ query: EventQuery, _ leaves: [Int]?, _ outcome: inout Outcome,
        _ take: (borrowing ColumnRows, Int) throws -> Bool
    ) async throws -> Bool {
        var files: [SegmentFile] = []
        var hits: [Hit] = []
        for one in scanned {
            if let problem = one.problem { outcome.problems.append(problem) }
            guard let file = one.file, !one.hits.isEmpty else { continue }
            files.append(file)
            for hit in one.hits {
                hits.append(Hit(time: hit.time, file: files.count - 1, group: hit.group, row: hit.row))
            }
        }
        hits.sort { a, b in
            let (x, y) = query.isNewestFirst ? (b, a) : (a, b)
            return (x.time, x.file, x.group, x.row) < (y.time, y.file, y.group, y.row)
        }
        return try await give(hits[...], files, query, leaves, &outcome, take)
    }

    private func give(
        _ hits: ArraySlice<Hit>, _ files: [SegmentFile], _ query: EventQuery, _ leaves: [Int]?,
        _ outcome: inout Outcome, _ take: (borrowing ColumnRows, Int) throws -> Bool
    ) async throws -> Bool {
        let leaves = leaves ?? Array(query.plan.leaves.indices)
        var rest = hits
        while !rest.isEmpty {
            var chunk = rest.prefix(Self.rowsAtOnce)
            if let limit = query.limit {
                if outcome.hits >= limit {
                    outcome.isCut = true
                    return false
                }
                chunk = chunk.prefix(limit - outcome.hits)
            }
            rest = rest.dropFirst(chunk.count)
            try Task.checkCancellation()
            struct Place: Hashable {
                var file: Int
                var group: Int
            }
            var wanted: [Place: [Int]] = [:]
            for hit in chunk { wanted[Place(file: hit.file, group: hit.group), default: []].append(hit.row) }
            let places = wanted.sorted { ($0.key.file, $0.key.group) < ($1.key.file, $1.key.group) }
            var fetched: [Place: ([Int], ColumnRows)] = [:]
            try await withThrowingTaskGroup(of: (Place, [Int], ColumnRows).self) { group in
                var next = 0
                func start() {
                    guard next < places.count else { return }
                    let (place, rows) = (places[next].key, places[next].value.sorted())
                    next += 1
                    let file = files[place.file]
                    group.addTask {
                        (place, rows, try await file.rows(place.group, leaves: leaves, rows: rows))
                    }
                }
                for _ in 0..<Self.scansAtOnce { start() }
                while let (place, rows, columns) = try await group.next() {
                    fetched[place] = (rows, columns)
                    start()
                }
            }
            for hit in chunk {
                guard let (rows, columns) = fetched[Place(file: hit.file, group: hit.group)],
                    let index = Self.index(of: hit.row, in: rows)
                else { continue }
                outcome.hits += 1
                if try !take(columns, index) { return false }
            }
        }
        return true
    }

    private static func index(of row: Int, in rows: [Int]) -> Int? {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle] == row { return middle }
            if rows[middle] < row { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}
