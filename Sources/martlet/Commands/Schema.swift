import Pipeline

extension Command {
    static let schema = Command(
        name: "schema",
        summary: "Prints the JSON Schema of pipeline files, for editors",
        examples: ["martlet schema"]
    ) { _, context in
        context.output.write(PipelineSchema.json())
        return .done
    }
}
