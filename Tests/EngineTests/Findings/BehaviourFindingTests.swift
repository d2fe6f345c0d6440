import Pipeline
import Testing

@testable import Engine

/// What a finding of the baselines says.
@Suite struct BehaviourFindingTests {
    @Test("It is valid OCSF 1.9.0")
    func valid() throws {
        let found = BaselineMaterial.standing([BaselineTests.material(1)])
        #expect(!found.isEmpty)
        var validator = OCSFValidator(try OCSFContent.schema(.canonical))
        for text in found.values {
            let wrong = validator.findings(in: Array(text.utf8).span).filter(\.isError)
            #expect(wrong.isEmpty, "\(wrong)")
        }
    }
}
