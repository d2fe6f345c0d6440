import Engine
import Ports

/// The reports that a pipeline file asks for, with their schedules read and their folders open.
struct ReportAssembly {
    let file: PipelineFile
    let surroundings: RunSurroundings

    func entries() async throws -> [ReportStage.Entry] {
        var entries: [ReportStage.Entry] = []
        for entry in file.config.reports.entries {
            let config = entry.value
            let zone = try await zone(config.timeZone)
            entries.append(
                ReportStage.Entry(
                    name: entry.name, schedule: try schedule(config.schedule, in: zone),
                    formats: config.formats,
                    folder: try config.folder.map { try surroundings.sharedVolume(file.absolute($0)) },
                    delay: config.delay, delivers: config.deliver))
        }
        return entries
    }

    private func schedule(
        _ text: Placed<String>, in zone: TimeZoneRules
    ) throws(Problems) -> CronSchedule {
        do throws(CronSchedule.Malformed) {
            return try CronSchedule(text.value, in: zone)
        } catch {
            throw Problems([Problem(at: text.position, "schedule: \(error.message)")])
        }
    }

    private func zone(_ name: Placed<String>) async throws -> TimeZoneRules {
        if name.value == "UTC" { return .utc }
        guard let path = TimeZoneRules.path(of: name.value),
            let bytes = try? await surroundings.files.read(path, bytesMax: TimeZoneRules.fileBytesMax),
            let rules = TimeZoneRules(file: bytes)
        else {
            throw Problems([
                Problem(
                    at: name.position,
                    "time_zone: there is no time zone “\(name.value)” in \(TimeZoneRules.folder)",
                    hint: "UTC needs no file; the package tzdata has the others")
            ])
        }
        return rules
    }
}
