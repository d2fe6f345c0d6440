import Ports
import Testing

@testable import Engine
@testable import Pipeline

/// Who has which role and privilege in Snowflake, by the rows of its grants.
@Suite struct SnowflakeAccessTests {
    typealias Directory = DirectoryMaterial
    typealias Directories = DirectorySnapshotTests

    @Test("Snowflake's rows tell who had which role and privilege when, through roles in roles that go round")
    func snowflake() async throws {
        let table =
            "\"GRANTED_ON\":\"TABLE\",\"NAME\":\"ORDERS\",\"TABLE_CATALOG\":\"SALES\",\"TABLE_SCHEMA\":\"PUBLIC\""
        func role(_ name: String) -> String {
            "\"PRIVILEGE\":\"USAGE\",\"GRANTED_ON\":\"ROLE\",\"NAME\":\"\(name)\""
        }
        let rows = [
            Directory.snowflake("\"ROLE\":\"ENGINEER\"", to: "USER", "ANA", day: 2),
            Directory.snowflake("\"ROLE\":\"ANALYST\"", to: "USER", "BO", day: 2, until: 5),
            Directory.snowflake(role("ANALYST"), to: "ROLE", "ENGINEER", day: 2),
            Directory.snowflake(role("ENGINEER"), to: "ROLE", "ANALYST", day: 2),
            Directory.snowflake("\"PRIVILEGE\":\"SELECT\",\(table)", to: "ROLE", "ANALYST", day: 2),
            Directory.snowflake(
                "\"PRIVILEGE\":\"SELECT\",\(table)", to: "ROLE", "ANALYST", day: 2, until: 3, by: "SYSADMIN"),
            Directory.snowflake(
                "\"PRIVILEGE\":\"USAGE\",\"GRANTED_ON\":\"DATABASE\",\"NAME\":\"SALES\"", to: "ROLE",
                "ANALYST", day: 2),
            Directory.snowflake("\"ROLE\":\"ACCOUNTADMIN\"", to: "USER", "ANA", day: 2),
        ]
        let run = try await DriftMaterial.run(rows)
        let unknown = "(whether it can use schema sales.public)"
        #expect(
            Directories.who(run, "SELECT", on: "SALES.PUBLIC.ORDERS", day: 4) == [
                "user/ANA by role ANALYST, role ENGINEER \(unknown)", "user/BO by role ANALYST \(unknown)",
            ])
        #expect(
            Directories.who(run, "select", on: "sales.public.orders", day: 6)
                == ["user/ANA by role ANALYST, role ENGINEER \(unknown)"])
        #expect(Directories.who(run, "SELECT", on: "SALES.PUBLIC.ORDERS", day: 1) == [])
        #expect(Directories.who(run, "role:ANALYST", day: 6) == ["user/ANA by role ENGINEER"])
        // A privilege that stands is its role's; that somebody has the administrator's role for good is told.
        #expect(
            run.report().findings.filter { $0.code == .standing }.map(\.subject) == ["user/ANA"])
        let other = try await DriftMaterial.run(rows.reversed())
        #expect(
            other.drift.state.facts(at: Directories.moment(4))
                == run.drift.state.facts(at: Directories.moment(4)))
    }
}
