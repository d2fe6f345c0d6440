/// From where and with what a credential was used.
struct SessionUse: Sendable, Hashable, BitwiseCopyable {
    var session: UInt64
    var network: UInt32
    var country: UInt32
    var agent: UInt32
    /// The hours of the day in which it was used so.
    var hours: UInt32
    var first: Timestamp
    var uid = Extent.none

    var order: UInt64 { WyHash.mix(session ^ UInt64(network) << 32 | UInt64(agent), UInt64(country) | 1) }
}
