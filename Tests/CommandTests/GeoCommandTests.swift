import Engine
import Pipeline
import Ports
import Simulation
import Testing

@testable import martlet

/// `--geo` as a user gives it.
@Suite struct GeoCommandTests {
    private struct Clock: TimeSource {
        var now: Timestamp
        func sleep(until deadline: Timestamp) async throws(CancellationError) { throw CancellationError() }
    }

    private static let built = Timestamp(seconds: 1_789_000_000)
    private static let record = """
        {"eventVersion":"1.08","eventName":"ListUsers","eventSource":"iam.amazonaws.com",\
        "eventTime":"2026-09-21T08:00:00Z","eventID":"e1","sourceIPAddress":"192.0.2.1","awsRegion":"us-east-1",\
        "userAgent":"cli","recipientAccountId":"111122223333","eventType":"AwsApiCall","readOnly":true,\
        "userIdentity":{"type":"IAMUser","userName":"ada","accountId":"111122223333",\
        "arn":"arn:aws:iam::111122223333:user/ada"}}

        """

    private static func world(after: Duration) -> CommandWorld {
        var world = CommandWorld(files: ["/home/ada/log": record])
        var cities = GeoDatabaseWriter(type: "Made-Up-City", built: built)
        cities.add("192.0.2.0/24", GeoDatabaseWriter.city("Oslo", "NO", latitude: 59.91, longitude: 10.75))
        world.files["/home/ada/cities.mmdb"] = cities.bytes
        var networks = GeoDatabaseWriter(type: "Made-Up-ASN", built: built)
        networks.add("192.0.2.0/24", GeoDatabaseWriter.network(64_496, "Example"))
        world.files["/home/ada/networks.mmdb"] = networks.bytes
        world.context.surroundings.time = Clock(now: built + after)
        return world
    }

    @Test(
        "Events say where their addresses are, and are valid OCSF of every version",
        arguments: OCSFSchema.Version.allCases)
    func normalize(version: OCSFSchema.Version) async {
        let world = Self.world(after: .days(2))
        let status = await world.run(
            "normalize", "--feed", "aws.cloudtrail", "--geo", "cities.mmdb", "--geo", "networks.mmdb",
            "--ocsf",
            version.rawValue, "--validate", "log")
        #expect(status == .done, "\(world.messages.text)")
        #expect(world.output.text.contains("\"city\":\"Oslo\""))
        #expect(world.output.text.contains("64496"))
    }

    @Test("An investigation shows places, and the same evidence with and without them")
    func investigate() async {
        let plain = Self.world(after: .days(2))
        #expect(await plain.run("investigate", "ada", "--feed", "aws.cloudtrail", "log") == .done)
        #expect(!plain.output.text.contains("NO") && !plain.output.text.contains("64496"))
        let world = Self.world(after: .days(2))
        let status = await world.run(
            "investigate", "ada", "--feed", "aws.cloudtrail", "--geo", "cities.mmdb", "--geo",
            "networks.mmdb",
            "log")
        #expect(status == .done, "\(world.messages.text)")
        #expect(
            world.output.text.contains("64496") && world.output.text.contains("NO"), "\(world.output.text)")
    }

    @Test("Without --geo nothing is added; with one that is too old or missing nothing begins")
    func refused() async {
        let plain = Self.world(after: .days(2))
        #expect(await plain.run("normalize", "--feed", "aws.cloudtrail", "log") == .done)
        #expect(!plain.output.text.contains("Oslo"))
        for command in ["normalize", "detect", "risk"] {
            let old = Self.world(after: .days(500))
            #expect(
                await old.run(command, "--feed", "aws.cloudtrail", "--geo", "cities.mmdb", "log") == .usage)
            #expect(old.messages.text.contains("500 days ago"), "\(old.messages.text)")
            #expect(old.output.text.isEmpty)
            let missing = Self.world(after: .days(2))
            #expect(
                await missing.run(command, "--feed", "aws.cloudtrail", "--geo", "city.mmdb", "log") == .usage)
            #expect(missing.messages.text.contains("city.mmdb: there is no such file"))
        }
    }
}
