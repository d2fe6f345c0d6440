package import Engine

/// A report that is made at its times.
package struct ReportConfig: ConfigValue {
    package enum Format: String, CaseIterable, ConfigChoice {
        case html, md, json, ocsf
    }

    package var schedule = Placed("")
    package var timeZone = Placed("UTC")
    package var formats: [Format] = [.html, .md, .json]
    package var folder: String?
    package var delay = Duration.minutes(15)
    package var deliver = true

    package init() {}

    package static let name = "a report"
    package static let summary =
        "How access strayed since the report before, made at its times: one report a period, whatever crashes."
    package static var fields: [ConfigField<Self>] {
        [
            .init(
                "schedule", \.schedule, isRequired: true,
                "When a period ends, as cron has it: minute, hour, day of the month, month, day of the week; or `@daily`, "
                    + "`@weekly`"),
            .init("time_zone", \.timeZone, "Where the schedule's clock hangs: `Europe/Zurich`"),
            .init("formats", \.formats, "How it is written") { $0.isEmpty ? "at least one is needed" : nil },
            .init(
                "folder", \.folder,
                "Where its files are put, besides the pipeline's own state: one for each period"),
            .init("delay", \.delay, "How long after the period's end it is made, for events that come late"),
            .init(
                "deliver", \.deliver,
                "Whether the exporters get it as a finding, so that chats and mails tell of it"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        do throws(CronSchedule.Malformed) {
            _ = try CronSchedule(schedule.value, in: .utc)
        } catch {
            decoder.complain(at: schedule.position ?? position, "schedule: \(error.message)")
        }
        if TimeZoneRules.path(of: timeZone.value) == nil {
            decoder.complain(
                at: timeZone.position ?? position, "time_zone: “\(timeZone.value)” is no time zone's name",
                hint: "Europe/Zurich, America/New_York or UTC")
        }
    }
}
