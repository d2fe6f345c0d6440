import Foundation
import Pipeline
import Testing

@testable import Bench

/// Every feed over what others recorded of it. The figures themselves are `Bench feeds`'.
@Suite(.enabled(if: SharedData.isThere, "../shared/data is absent"))
struct SharedFeedTests {
    private static let material = Result { try SharedMaterial(SharedData.root.path) }
    private static let catalog = Result { try MappingCatalog.builtIn() }
    /// Feeds that have shared records and are not read, whole, by a suite of their own.
    private static let feeds = [
        "aws.cloudtrail", "aws.guardduty", "aws.iam", "aws.kms", "azure.activity", "beyondtrust.audit",
        "boundary.audit", "cyberark.audit", "databricks.audit", "delinea.audit", "entra.audit",
        "entra.signin", "gcp.audit", "generic.json", "github.audit", "google_workspace.activity",
        "kubernetes.audit", "m365.audit", "okta.system_log", "snowflake.access_history", "snowflake.grants",
        "snowflake.login_history", "sym.audit", "teleport.audit", "vault.audit",
    ]

    @Test(
        "No record is lost, each event is valid in every version, and time, actor and action are found",
        arguments: feeds)
    func everything(feed: String) throws {
        let pieces = try Self.material.get().pieces.filter { $0.feed == feed }
        try #require(!pieces.isEmpty)
        var judge = try FeedJudge(feed: feed, catalog: Self.catalog.get())
        for piece in pieces { try judge.take(piece) }
        let figures = judge.figures
        #expect(figures.refusals == [:])
        #expect(figures.events == pieces.reduce(0) { $0 + $1.records })
        #expect(figures.errors == [:])
        #expect(figures.lost == [:])
        for share in [figures.time, figures.actor, figures.action] {
            #expect(
                share.found * 100 >= share.held * 99, "\(figures.missed.sorted { $0.key < $1.key })")
        }
    }

    @Test("Every shared record belongs to a feed that is tested here")
    func complete() throws {
        #expect(Set(try Self.material.get().pieces.map(\.feed)).subtracting(Self.feeds) == [])
    }

    @Test("auto tells the feed of 99.5 % of all shared records")
    func told() throws {
        let told = try Told(try Self.material.get(), try Self.catalog.get())
        let wrong = told.wrong.values.reduce(0, +)
        #expect(told.count > 5_000)
        #expect(wrong * 1_000 <= told.count * 5, "\(told.wrong.sorted { $0.key < $1.key })")
    }

    @Test(
        "Events agree with what others make of the same records, to the share that the feed's page explains",
        arguments: [
            ("beyondtrust.audit", 0.8), ("boundary.audit", 0.85), ("cyberark.audit", 0.8),
            ("delinea.audit", 0.8), ("kubernetes.audit", 0.8), ("aws.cloudtrail", 0.8), ("sym.audit", 1),
        ])
    func agreement(feed: String, share: Double) throws {
        var judge = try FeedJudge(feed: feed, catalog: Self.catalog.get())
        for piece in try Self.material.get().pieces where piece.feed == feed && piece.expectation != nil {
            try judge.take(piece)
        }
        let agreement = judge.figures.agreement
        #expect(agreement.compared > 1)
        #expect(
            Double(agreement.agreed) >= share * Double(agreement.compared),
            "\(agreement.disagreements.sorted { $0.key < $1.key })")
    }
}
