package import Engine
package import Ports

/// A user's MaxMind databases, read into memory at the start.
package enum GeoFile {
    /// A larger file is no database of places: bytes.
    package static let bytesMax: Int64 = 1 << 30
    /// Addresses change hands: what was built longer ago than this tells places that are no longer true.
    package static let ageMax = Duration.days(365)

    package struct Request: Sendable {
        /// Absolute.
        package var path: String
        /// What the user called it, and where.
        package var shown: Placed<String>

        package init(_ path: String, shownAs shown: Placed<String>) {
            self.path = path
            self.shown = shown
        }
    }

    /// Throws everything wrong with the files.
    ///
    /// - Parameter now: what the databases' age is counted from; `nil` where nothing is to be said of it.
    package static func read(
        _ requests: [Request], sharedNetworks: [UInt32] = [], ageMax: Duration = ageMax, asOf now: Timestamp?,
        _ files: any FileReader
    ) async throws(Problems) -> Geography {
        var databases: [GeoDatabase] = []
        var problems: [Problem] = []
        for request in requests {
            do throws(Fault) {
                let database = try await read(request.path, files)
                if let now, now - database.built > ageMax {
                    throw tooOld(database, now, ageMax)
                }
                databases.append(database)
            } catch {
                problems.append(
                    Problem(at: request.shown.position, "\(request.shown.value): \(error.message)"))
            }
        }
        if !problems.isEmpty { throw Problems(problems) }
        return Geography(databases, sharedNetworks: sharedNetworks)
    }

    private static func read(_ path: String, _ files: any FileReader) async throws(Fault) -> GeoDatabase {
        guard let entry = try await files.entry(at: path), entry.kind == .file else {
            throw Fault(.denied, "there is no such file: download one from MaxMind, or name another")
        }
        guard entry.size <= bytesMax else {
            throw Fault(.denied, "it is larger than \(bytesMax >> 20) MiB, and no database of places")
        }
        let bytes = try await files.read(path, in: 0..<entry.size)
        do throws(GeoDatabase.Refused) {
            return try GeoDatabase(bytes)
        } catch {
            throw Fault(.denied, error.reason)
        }
    }

    private static func tooOld(_ database: GeoDatabase, _ now: Timestamp, _ ageMax: Duration) -> Fault {
        let days = (now - database.built).nanoseconds / Duration.days(1).nanoseconds
        return Fault(
            .denied,
            "\(database.type) was built on \(database.built.iso8601.prefix(10)), \(days) days ago, and may be at most "
                + "\(ageMax.userText) old: download a newer one (a pipeline can allow more by `geo: {age_max: …}`)"
        )
    }
}
