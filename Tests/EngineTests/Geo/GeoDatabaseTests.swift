import Foundation
import Simulation
import Testing

@testable import Engine

/// MaxMind databases: what they say, what is refused, and that nothing in them traps.
@Suite struct GeoDatabaseTests {
    @Test("An address is where its narrowest network is")
    func lookUps() throws {
        let cities = try GeoDatabase(GeoMaterial.cities)
        #expect(cities.type == "Made-Up-City")
        #expect(cities.built == GeoMaterial.built)
        let lisbon = try #require(cities.place(of: "198.51.100.7"))
        #expect(lisbon.city == "Lisbon" && lisbon.country == "PT" && lisbon.continent == "Europe")
        #expect(lisbon.latitude == 38.72 && lisbon.longitude == -9.14 && lisbon.accuracyKilometres == 20)
        #expect(cities.place(of: "2001:db8:1:2::9")?.city == "Saint-Denis \"La Plaine\"")
        #expect(
            cities.place(of: "::ffff:198.51.100.7") == nil
                || cities.place(of: "::ffff:198.51.100.7") == lisbon)
        for nothing in [
            "8.8.8.8", "2001:db8:2::1", "", "198.51.100", "AWS Internal", "198.51.100.7:443", "::",
        ] {
            #expect(cities.place(of: nothing) == nil, "\(nothing)")
        }
        // Who is at many places is at none; the country stays.
        let anycast = try GeoMaterial.geography().place(of: "100.65.0.1")
        #expect(anycast.isAnywhere && anycast.latitude == nil && anycast.country == "AU")
        let both = try GeoMaterial.geography().place(of: "192.0.2.1")
        #expect(both.city == "Sydney" && both.number == 64_511 && both.organization == "Example Down Under")
    }

    @Test("What is no database of places, or is cut short, is refused with the reason")
    func refused() throws {
        func reason(_ bytes: [UInt8]) -> String? {
            do throws(GeoDatabase.Refused) {
                _ = try GeoDatabase(bytes)
                return nil
            } catch {
                return error.reason
            }
        }
        #expect(reason([])?.contains("cannot be read as a MaxMind database") == true)
        #expect(reason(Array("not a database".utf8))?.contains("cannot be read") == true)
        #expect(reason(Array(GeoMaterial.cities.dropLast(200)))?.contains("cannot be read") == true)
        // The front half is missing: the tree is read from what is data.
        let half = GeoMaterial.cities.dropFirst(GeoMaterial.cities.count / 2)
        #expect(reason(Array(half)) != nil)
        var other = GeoDatabaseWriter(type: "Made-Up-Domain", built: GeoMaterial.built)
        other.add("192.0.2.0/24", .map([("domain", .text("example.com"))]))
        #expect(reason(other.bytes)?.contains("“Made-Up-Domain” tells neither places nor networks") == true)
    }

    @Test("A database with any byte changed is refused, or answers something")
    func damage() {
        let whole = GeoMaterial.cities
        let addresses = ["198.51.100.7", "192.0.2.1", "203.0.113.1", "2001:db8:1::1", "100.65.0.1"]
        var answers = 0
        for place in whole.indices.reversed() {
            for change: UInt8 in [0xFF, 0x80, 0x01] {
                var bytes = whole
                bytes[place] ^= change
                guard let database = try? GeoDatabase(bytes) else { continue }
                for address in addresses where database.place(of: address) != nil { answers += 1 }
            }
        }
        #expect(answers > 1_000)
        for count in stride(from: 0, to: whole.count, by: 7) {
            _ = try? GeoDatabase(Array(whole.prefix(count)))
            _ = try? GeoDatabase(Array(whole.suffix(count)))
        }
    }

    @Test("Whom a database of anonymous addresses names is anywhere")
    func anonymous() throws {
        var writer = GeoDatabaseWriter(type: "Made-Up-Anonymous-IP", built: GeoMaterial.built)
        writer.add(
            "192.0.2.0/28", .map([("is_anonymous", .flag(true)), ("is_anonymous_vpn", .flag(true))]))
        writer.add("192.0.2.64/28", .map([("is_hosting_provider", .flag(true))]))
        let databases = [try GeoDatabase(GeoMaterial.cities), try GeoDatabase(writer.bytes)]
        for geography in [Geography(databases), Geography(databases.reversed())] {
            #expect(geography.place(of: "192.0.2.1").latitude == nil)
            #expect(geography.place(of: "192.0.2.1").city == "Sydney")
            #expect(geography.place(of: "192.0.2.70").latitude == nil)
            #expect(geography.place(of: "192.0.2.200").latitude == -33.87)
        }
    }

    @Test(
        "The same as MaxMind's own reader says, over thousands of addresses",
        .enabled(if: GeoJudge.isThere, "needs .tools (scripts/bootstrap --with judges)"))
    func judged() throws {
        let judge = try GeoJudge()
        defer { judge.tidy() }
        let geography = Geography([try judge.database("cities.mmdb"), try judge.database("networks.mmdb")])
        let found = Self.compare(geography, judge.answers)
        #expect(judge.answers.count >= 6_000)
        #expect(found > 2_000 && found < judge.answers.count)
    }

    @Test(
        "MaxMind's own test databases say the same in its reader and here",
        .enabled(
            if: GeoJudge.isThere && RuleMaterial.hasShared, "needs .tools and ../shared/data"),
        arguments: [
            "GeoIP2-City-Test", "GeoLite2-City-Test", "GeoLite2-Country-Test", "GeoLite2-ASN-Test",
            "GeoIP2-Anonymous-IP-Test",
        ])
    func published(name: String) throws {
        let judge = try GeoJudge(of: RuleMaterial.shared + "/geo/maxmind/\(name).mmdb")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: judge.file))
        let geography = Geography([try GeoDatabase(Array(bytes))])
        _ = Self.compare(geography, judge.answers)
        #expect(judge.answers.count > 200)
    }

    /// Says how many addresses have a country.
    private static func compare(_ geography: Geography, _ answers: [Substring]) -> Int {
        var found = 0
        for line in answers {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let place = geography.place(of: fields[0])
            let ours = [
                place.country, place.city, place.region, place.continent,
                place.latitude.map { "\($0)" } ?? "", place.longitude.map { "\($0)" } ?? "",
                place.accuracyKilometres.map { "\($0)" } ?? "", "\(place.number)", place.organization,
            ]
            #expect(ours == Array(fields.dropFirst()), "\(fields[0])")
            if !place.country.isEmpty { found += 1 }
        }
        return found
    }
}

/// Databases written by one of MaxMind's formats' writers in Python, and read by its reader.
struct GeoJudge {
    private static let root = RuleMaterial.root
    static var isThere: Bool { FileManager.default.fileExists(atPath: root + "/.tools/bin/python") }

    private let folder: URL
    /// The database that was read, where it was there already.
    let file: String
    /// An address, and what is said of it, with tabs between.
    let answers: [Substring]

    /// - Parameter file: a database to read; without one two are made up.
    init(of file: String = "") throws {
        self.file = file
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-geo-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.root + "/.tools/bin/python")
        process.arguments = [Self.root + "/Tests/Support/geo_judge.py", file.isEmpty ? folder.path : file]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        answers = String(decoding: output, as: UTF8.self).split(separator: "\n")
    }

    func database(_ name: String) throws -> GeoDatabase {
        try GeoDatabase(Array(try Data(contentsOf: folder.appendingPathComponent(name))))
    }

    func tidy() { try? FileManager.default.removeItem(at: folder) }
}
