import Engine
import Foundation
import Testing

@testable import Simulation

@Suite struct SyntheticTrailTests {
    private static func options(seed: UInt64, days: Int = 1, identities: Int = 20) -> SyntheticTrail.Options {
        var options = SyntheticTrail.Options()
        options.seed = seed
        options.days = days
        options.identities = identities
        options.mebibytes = 4
        return options
    }

    private static func files(_ options: SyntheticTrail.Options) -> (files: [LogFile], labels: [Label]) {
        var trail = SyntheticTrail(options)
        var files: [LogFile] = []
        while let file = trail.next() { files.append(file) }
        return (files, trail.labels)
    }

    private static func records(_ files: [LogFile]) throws -> [[String: Any]] {
        try files.flatMap { file -> [[String: Any]] in
            let value = try JSONSerialization.jsonObject(with: Data(file.json)) as? [String: Any]
            let records = try #require(value?["Records"] as? [[String: Any]])
            #expect(records.count == file.records)
            return records
        }
    }

    @Test("The same seed gives the same bytes, another seed gives others")
    func seeds() {
        let first = Self.files(Self.options(seed: 7)).files
        let again = Self.files(Self.options(seed: 7)).files
        let other = Self.files(Self.options(seed: 8)).files
        #expect(first.map(\.key) == again.map(\.key))
        #expect(first.map(\.json) == again.map(\.json))
        #expect(first.map(\.json) != other.map(\.json))
    }

    @Test("A temporary key is issued by a recorded call before it is used")
    func sessions() throws {
        let (files, _) = Self.files(Self.options(seed: 3))
        var issued: [String: String] = [:]
        let records = try Self.records(files)
        for record in records {
            let answer = record["responseElements"] as? [String: Any]
            guard let credentials = answer?["credentials"] as? [String: Any] else { continue }
            let key = try #require(credentials["accessKeyId"] as? String)
            issued[key] = record["eventTime"] as? String
        }
        var used = 0
        for record in records {
            let identity = record["userIdentity"] as? [String: Any]
            guard identity?["type"] as? String == "AssumedRole", let key = identity?["accessKeyId"] as? String
            else { continue }
            let moment = try #require(issued[key], "\(key) was never issued")
            #expect(moment <= record["eventTime"] as? String ?? "")
            used += 1
        }
        #expect(used > 500)
    }

    @Test("Event ids are unique but for the repeated deliveries, and labels name events that exist")
    func identifiers() throws {
        var trail = SyntheticTrail(Self.options(seed: 5, days: 2))
        var files: [LogFile] = []
        while let file = trail.next() { files.append(file) }
        let ids = try Self.records(files).compactMap { $0["eventID"] as? String }
        #expect(ids.count == files.reduce(0) { $0 + $1.records })
        #expect(ids.count - Set(ids).count == trail.repeatedRecords)
        #expect(trail.repeatedRecords > 0)
        #expect(Set(trail.labels.map(\.eventID)).isSubset(of: Set(ids)))
        #expect(Set(trail.labels.map(\.storyline)) == Set(Storyline.names))
        let other = Self.options(seed: 6)
        #expect(Set(Self.files(other).labels.map(\.eventID)).isDisjoint(with: ids))
    }

    @Test("Only the storylines asked for are told")
    func scenarios() {
        var options = Self.options(seed: 2)
        options.storylines = ["role-chain"]
        #expect(Set(Self.files(options).labels.map(\.storyline)) == ["role-chain"])
        options.storylines = []
        #expect(Self.files(options).labels.isEmpty)
    }

    @Test(
        "A size that is asked for is met within a fifth, above and below the natural one", arguments: [5, 16])
    func size(mebibytes: Int) {
        var options = Self.options(seed: 4, days: 2)
        options.mebibytes = mebibytes
        let bytes = Self.files(options).files.reduce(0) { $0 + $1.json.count }
        #expect(abs(Double(bytes) / Double(mebibytes << 20) - 1) < 0.2)
    }

    @Test("Files are named as CloudTrail names them, and hold nothing from after their delivery")
    func names() throws {
        let (files, _) = Self.files(Self.options(seed: 9))
        let form =
            /AWSLogs\/o-[a-z0-9]+\/\d{12}\/(CloudTrail|CloudTrail-Insight)\/[a-z0-9-]+\/\d{4}\/\d\d\/\d\d\/\d{12}_.*_\d{8}T\d{4}Z_[A-Za-z0-9]{16}\.json\.gz/
        for file in files {
            #expect(file.key.wholeMatch(of: form) != nil)
            let newest = try Self.records([file]).compactMap { $0["eventTime"] as? String }.max()
            #expect(newest ?? "" <= file.delivered.iso8601)
        }
        #expect(Set(files.map(\.key)).count == files.count)
    }
}
