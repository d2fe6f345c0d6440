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

    @Test("People work by day where they live, on working days, and in five time zones")
    func officeHours() throws {
        var options = Self.options(seed: 12, days: 7, identities: 60)
        options.mebibytes = 8
        options.storylines = []
        let organization = Organization(seed: options.seed, identities: options.identities)
        let zones = Dictionary(
            organization.people.map { ($0.email, $0.zone) }, uniquingKeysWith: { first, _ in first })
        #expect(Set(zones.values).count == 5)
        var (byDay, onWorkingDays, all) = (0, 0, 0)
        for record in try Self.records(Self.files(options).files) {
            let identity = record["userIdentity"] as? [String: Any]
            let name = (identity?["principalId"] as? String)?.split(separator: ":").last.map { String($0) }
            guard let name, let zone = zones[name], let text = record["eventTime"] as? String,
                let time = Timestamp(iso8601: text)
            else { continue }
            let local = time + .hours(zone)
            all += 1
            if (7..<21).contains(Int(local.seconds / 3_600 % 24)) { byDay += 1 }
            if (local.seconds / 86_400 + 3) % 7 < 5 { onWorkingDays += 1 }
        }
        #expect(all > 1_000)
        #expect(byDay * 100 > all * 97, "\(byDay) of \(all)")
        #expect(onWorkingDays * 100 > all * 90, "\(onWorkingDays) of \(all)")
    }

    @Test("Labels say what their records say")
    func labels() throws {
        let (files, labels) = Self.files(Self.options(seed: 14))
        let records = try Self.records(files)
        let byID = Dictionary(
            records.compactMap { record in (record["eventID"] as? String).map { ($0, record) } },
            uniquingKeysWith: { first, _ in first })
        for label in labels {
            let record = try #require(byID[label.eventID])
            #expect(record["eventName"] as? String == label.eventName)
            #expect(record["eventTime"] as? String == label.time.wholeSeconds.iso8601)
            if let arn = (record["userIdentity"] as? [String: Any])?["arn"] as? String {
                #expect(arn == label.entity)
            }
        }
    }

    @Test("Addresses are of documentation and of private networks, and the log begins on its Monday")
    func addresses() throws {
        let (files, _) = Self.files(Self.options(seed: 15))
        var first = "9"
        for record in try Self.records(files) {
            first = min(first, record["eventTime"] as? String ?? first)
            guard let address = record["sourceIPAddress"] as? String else { continue }
            let known = ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:", "10.20."]
            #expect(
                known.contains { address.hasPrefix($0) } || address.hasSuffix(".amazonaws.com")
                    || address == "AWS Internal", "\(address)")
        }
        #expect(first.hasPrefix("2026-11-02T"))
    }

    @Test("A temporary key is not used after it has expired")
    func expiry() throws {
        let (files, _) = Self.files(Self.options(seed: 16))
        let form = DateFormatter()
        form.locale = Locale(identifier: "en_US_POSIX")
        form.timeZone = TimeZone(identifier: "UTC")
        form.dateFormat = "MMM d, yyyy, h:mm:ss a"
        let records = try Self.records(files)
        var ends: [String: Int64] = [:]
        for record in records {
            let answer = record["responseElements"] as? [String: Any]
            guard let credentials = answer?["credentials"] as? [String: Any],
                let key = credentials["accessKeyId"] as? String,
                let text = credentials["expiration"] as? String
            else { continue }
            ends[key] = Int64(try #require(form.date(from: text)).timeIntervalSince1970)
        }
        #expect(ends.count > 50)
        for record in records {
            let identity = record["userIdentity"] as? [String: Any]
            guard let key = identity?["accessKeyId"] as? String, let end = ends[key],
                let time = (record["eventTime"] as? String).flatMap({ Timestamp(iso8601: $0) })
            else { continue }
            #expect(time.seconds <= end)
        }
    }

    @Test("A week has innocent work that looks like an attack, and none of it is labelled")
    func errands() throws {
        let (files, labels) = Self.files(Self.options(seed: 17, days: 7))
        let labelled = Set(labels.map(\.eventID))
        let innocent = try Self.records(files).filter { !labelled.contains($0["eventID"] as? String ?? "") }
        let names = Set(innocent.compactMap { $0["eventName"] as? String })
        #expect(
            names.isSuperset(of: [
                "CreateAccountAssignment", "CreateAccessKey", "DeactivateMFADevice", "ModifyImageAttribute",
                "SendCommand", "ScheduleKeyDeletion", "RevokeSecurityGroupIngress",
            ]))
    }

    @Test("Of 1,000 records about three come late and two come twice")
    func stragglers() {
        var trail = SyntheticTrail(Self.options(seed: 18, days: 2))
        while trail.next() != nil {}
        let records = Double(trail.recordsWritten)
        #expect(abs(Double(trail.lateRecords) / records - 0.003) < 0.002)
        #expect(abs(Double(trail.repeatedRecords) / records - 0.002) < 0.002)
    }
}
