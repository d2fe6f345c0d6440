import Engine
import Ports
import Simulation
import Testing

@testable import Pipeline

/// A pipeline's databases of places: what is wrong with them, and what a run with them finds.
@Suite struct GeoTests {
    private static let built = Timestamp(seconds: 1_789_000_000)

    private static let cities: [UInt8] = {
        var writer = GeoDatabaseWriter(type: "Made-Up-City", built: built)
        writer.add("198.0.0.0/8", GeoDatabaseWriter.city("Lisbon", "PT", latitude: 38.72, longitude: -9.14))
        writer.add(
            "192.0.2.0/24",
            GeoDatabaseWriter.city("Sydney", "AU", continent: "Oceania", latitude: -33.87, longitude: 151.21))
        return writer.bytes
    }()

    private static let pipeline = """
        name: p
        collectors: {in: {feed: aws.cloudtrail, from: files, paths: /logs}}
        rules: []
        behaviour: {budget: 3}
        geo: {databases: [/geo/cities.mmdb]}
        store: {enabled: false}
        exporters:
          out: {to: file, path: /out, compression: none}
        """

    private static func complaints(
        _ bytes: [UInt8]?, geo: String = "{databases: [geo/cities.mmdb]}", now: Timestamp = built + .days(30)
    ) async throws -> [String] {
        let files = SimulatedFiles([
            "/p.yaml": pipeline.replacing("{databases: [/geo/cities.mmdb]}", with: geo)
        ])
        files["/geo/cities.mmdb"] = bytes
        let file = try await PipelineFile.read(["/p.yaml"], environment: [:], files)[0]
        do throws(Problems) {
            _ = try await BuiltContent.load(for: file, from: .builtIn(), asOf: now, files)
            return []
        } catch {
            return error.list.map(\.description)
        }
    }

    @Test(
        "A database that is missing, broken, of another kind or too old is told with its place and what to do"
    )
    func wrong() async throws {
        #expect(try await Self.complaints(Self.cities) == [])
        let missing = try await Self.complaints(nil)
        #expect(
            missing.count == 1 && missing[0].hasPrefix("/p.yaml:5:19: geo/cities.mmdb: there is no such file")
        )
        let broken = try await Self.complaints(Array(Self.cities.dropLast(100)))
        #expect(broken.first?.contains("it cannot be read as a MaxMind database") == true)
        let old = try await Self.complaints(Self.cities, now: Self.built + .days(400))
        #expect(
            old.first?.contains(
                "Made-Up-City was built on 2026-09-10, 400 days ago, and may be at most 365d old") == true,
            "\(old)")
        let strict = "{databases: [geo/cities.mmdb], age_max: 7d}"
        #expect(try await Self.complaints(Self.cities, geo: strict).count == 1)
        let lax = "{databases: [geo/cities.mmdb], age_max: 500d, shared_networks: [64496]}"
        #expect(try await Self.complaints(Self.cities, geo: lax, now: Self.built + .days(400)) == [])
    }

    private static func record(_ second: Int, _ uid: String, _ person: Int, _ action: String, ip: String)
        -> String
    {
        let time = (Timestamp(seconds: 1_789_948_800) + .seconds(second)).iso8601
        return """
            {"eventVersion":"1.08","eventName":"\(action)","eventSource":"iam.amazonaws.com",\
            "eventTime":"\(time)","eventID":"\(uid)","sourceIPAddress":"\(ip)","awsRegion":"eu-west-1",\
            "userAgent":"Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0","recipientAccountId":"111122223333",\
            "eventType":"AwsApiCall","userIdentity":{"type":"IAMUser","userName":"p\(person)",\
            "accountId":"111122223333","arn":"arn:aws:iam::111122223333:user/p\(person)",\
            "accessKeyId":"AKIAEXAMPLE\(person)"}}
            """
    }

    /// Two weeks of twenty people in Lisbon, one of whom is in Sydney an hour after he was last seen there.
    private static func logs(_ world: Simulation) -> [String] {
        var records: [String] = []
        for day in 0..<13 {
            for person in 0..<20 {
                for number in 0..<5 {
                    let second = day * 86_400 + 28_800 + Int(world.next() % 30_000)
                    records.append(
                        record(
                            second, "d\(day)-\(person)-\(number)", person, "List\(world.next() % 3)",
                            ip: "198.51.\(person).7"))
                }
            }
        }
        for number in 0..<12 {
            records.append(
                record(
                    11 * 86_400 + 60_000 + number * 30, "theft-\(number)", 7,
                    number < 10 ? "Get\(number)" : "CreateAccessKey", ip: "192.0.2.66"))
        }
        return BehaviourRunTests.spread(records, world)
    }

    @Test(
        "The same journeys as detect finds over the same files, through crashes",
        arguments: 1...6 as ClosedRange<UInt64>)
    func crashes(seed: UInt64) throws {
        let world = Simulation(seed: seed)
        var pipeline = RestartedPipeline(Self.pipeline, in: world)
        pipeline.files["/geo/cities.mmdb"] = Self.cities
        let logs = Self.logs(world)
        for (place, text) in logs.enumerated() {
            pipeline.write(text, to: "/logs/\(place)")
            pipeline.restart(stoppingBefore: seed % 3 == 0 ? nil : Int(world.next() % 40))
            try? pipeline.run()
        }
        pipeline.restart()
        try pipeline.run()
        let found = try world.run {
            try await BehaviourRunTests.expected(logs, Geography([try GeoDatabase(Self.cities)]))
        }
        let expected = try #require(found)
        #expect(expected.values.contains { $0.contains(#""from":"Lisbon, PT","to":"Sydney, AU""#) })
        let delivered = pipeline.delivered
        #expect(try BehaviourRunTests.standing(delivered) == expected)
        #expect(
            delivered.contains {
                $0.contains("theft-3") && $0.contains(#""location":{"city":"Sydney""#)
            })
    }
}
