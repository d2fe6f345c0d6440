import Engine
package import Ports

/// Verifies a trail's digests again and again while the pipeline runs, and tells each finding once.
package struct DigestWatch: Sendable {
    /// How far back the first look goes, and every look at least.
    static let reach = Duration.hours(24)
    /// How far back one goes after looks that failed.
    static let reachMax = Duration.days(7)
    static let interval = Duration.hours(1)

    private let verification: DigestVerification
    private let source: String
    private let time: any TimeSource
    private let health: any HealthReporter

    package init(
        _ verification: DigestVerification, source: String, time: any TimeSource, health: any HealthReporter
    ) {
        self.verification = verification
        self.source = source
        self.time = time
        self.health = health
    }

    /// Ends by cancellation; what cannot be verified now is a note, and tried again an hour later.
    package func run() async throws(Fault) {
        var told: Set<String> = []
        /// When the last look was that came to its end, by the bucket's clock: ours may be set meanwhile.
        var looked: Timestamp?
        while true {
            let now = time.now
            do throws(Fault) {
                let theirs = try await verification.timeAtBucket() ?? now
                let since = looked.map { max($0 - DigestVerification.lateness * 2, theirs - Self.reachMax) }
                let report = try await verification.verify(
                    from: min(since ?? theirs, theirs - Self.reach), to: theirs)
                looked = theirs
                if told.count > DigestVerification.findingsMax { told = [] }
                for note in report.notes(source: source) where told.insert(note.message).inserted {
                    await health.report(note)
                }
            } catch {
                if error.kind == .cancelled { throw error }
                await health.report(
                    HealthNote(.problem, source: source, code: "digests-unverified", error.message))
            }
            do { try await time.sleep(until: now + Self.interval) } catch {
                throw Fault(.cancelled, "stopped")
            }
        }
    }
}
