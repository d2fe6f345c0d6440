import Engine
package import Ports

/// Verifies a trail's digests again and again while the pipeline runs, and tells each finding once.
package struct DigestWatch: Sendable {
    /// How far back the first look goes.
    static let reach = Duration.hours(24)
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
        while true {
            let now = time.now
            do throws(Fault) {
                let report = try await verification.verify(from: now - Self.reach, to: now)
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
