import Pipeline

extension Command {
    static let feeds = Command(
        name: "feeds",
        summary: "Lists the feeds, with what each can collect from",
        examples: ["martlet feeds"]
    ) { _, context in
        for feed in try MappingCatalog.builtIn().feeds {
            let kinds = feed == "aws.cloudtrail" ? ["files", "s3", "s3_sqs", "lookup_events"] : ["files"]
            context.output.writeLine("\(feed)\t\(kinds.joined(separator: ", "))")
        }
        return .done
    }
}
