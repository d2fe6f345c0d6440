import Codecs
import Engine
import Ports
import Simulation
import Testing

@testable import Pipeline

/// What was approved, named in a pipeline file.
@Suite struct DriftBaselineStageTests {
    private static func pipeline(_ baseline: String) -> String {
        """
        name: p
        collectors: {in: {feed: aws.cloudtrail, from: files, paths: /logs}}
        rules: []
        behaviour: {enabled: false}
        attribution: {enabled: false}
        drift:
          enabled: true
          baseline: \(baseline)
        store: {enabled: false}
        exporters:
          out: {to: file, path: /out, compression: none}
        """
    }

    private static let approved = """
        {"baseline":"martlet","name":"approved","time":"2026-05-01T00:00:00Z","whole":true,"facts":[
        {"account":"111122223333","subject":"user/bo","kind":"identity","part":"","value":"arn:aws:iam::111122223333:user/bo"}
        ]}
        """

    @Test("What differs from the baseline of a pipeline is told, and what is as approved is not")
    func differs() throws {
        let record = DriftMaterial.call(
            5, "iam", "PutUserPolicy",
            "{\"userName\":\"bo\",\"policyName\":\"p\",\"policyDocument\":"
                + "\(DriftMaterial.document(DriftMaterial.allow("s3:GetObject")))}")
        let pipeline = RestartedPipeline(
            Self.pipeline("/approved.json"),
            ["/approved.json": Self.approved, "/logs/1.json": record + "\n"],
            in: Simulation(seed: 3))
        try pipeline.run()
        let told = pipeline.delivered.filter { $0.contains("\"martlet.drift.baseline\"") }
        #expect(told.count == 1 && told[0].contains("not in /approved.json"))
    }

    @Test(
        "A baseline that is not there or declares nothing is told at the start, with its place",
        arguments: [true, false])
    func wrong(isThere: Bool) async throws {
        let files = SimulatedFiles(
            ["/logs/1.json": "", "/p.yaml": Self.pipeline("/approved.json")]
                .merging(isThere ? ["/approved.json": "{}"] : [:]) { $1 })
        let file = try await PipelineFile.read(["/p.yaml"], environment: [:], files)[0]
        let problems = await #expect(throws: Problems.self) {
            _ = try await BuiltContent.load(for: file, from: .builtIn(), files)
        }
        let problem = try #require(problems?.list.first)
        #expect(problem.position?.line == 8 && problem.message.hasPrefix("/approved.json: "))
        #expect(problem.message.contains(isThere ? "declares no access" : "no such file"))
    }
}
