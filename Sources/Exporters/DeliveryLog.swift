package import Ports

/// A row that its receiver, or its damage, has kept from ever being accepted.
package struct RefusedRow: Sendable {
    package var row: UInt64
    package var key: LedgerKey
    package var uid: String
    package var reason: String
    /// The event as it was sent; empty where it cannot be read back.
    package var raw: [UInt8]

    package init(row: UInt64, key: LedgerKey, uid: String, reason: String, raw: [UInt8]) {
        self.row = row
        self.key = key
        self.uid = uid
        self.reason = reason
        self.raw = raw
    }
}

/// Where the shippers write down what they are about to do and what came of it, durably, before they go on.
package protocol DeliveryLog: Sendable {
    func queue(of exporter: String) async -> SpoolQueue
    /// Beats when rows were committed for any exporter.
    var committed: Pulse { get }
    /// `resent` counts the rows that the receiver has perhaps accepted at an earlier attempt.
    func attempt(_ exporter: String, _ rows: Range<UInt64>, resent: [LedgerKey: Int]) async throws(Fault)
    /// Judges all of `rows`: those in `refused` go to the dead letter, `accepted` counts the others.
    func judge(
        _ exporter: String, _ rows: Range<UInt64>, accepted: [LedgerKey: Int], refused: [RefusedRow]
    ) async throws(Fault)
    /// The attempt has certainly brought nothing.
    func release(_ exporter: String, _ rows: Range<UInt64>) async throws(Fault)
    /// Something a person should know; the newest note of a subject replaces the older one.
    func note(_ subject: String, _ text: String) async
}
