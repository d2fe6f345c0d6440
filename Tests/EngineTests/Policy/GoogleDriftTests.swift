import Codecs
import Testing

@testable import Engine

@Suite(.enabled(if: PolicyMaterial.isThere, "../shared/data is absent"))
struct GoogleDriftTests {
    @Test("Real changes of Google's roles: gained and lost are exactly the lists beside them")
    func roles() throws {
        var checked = 0
        for line in try PolicyMaterial.bytes("gcp/iam/policy-drift/gcp_role_pairs.jsonl").split(
            separator: 0x0A)
        {
            let pair = try JSONReader.document(in: Array(line), file: "pairs.jsonl")
            func role(_ side: String) throws -> GoogleRole { try GoogleRole(try #require(pair[side])) }
            func list(_ name: String) -> [String] { (pair[name]?.list ?? []).compactMap(\.string).sorted() }
            let change = PolicyChange.ofGoogleRoles(old: try role("before"), new: try role("after"))
            #expect(change.gained.actions == list("added"))
            #expect(change.lost.actions == list("removed"))
            let verdict = PolicyComparison.Verdict(
                gained: !list("added").isEmpty, lost: !list("removed").isEmpty)
            #expect(change.verdict == verdict && change.method == .exact)
            checked += 1
        }
        #expect(checked == 200)
    }
}
