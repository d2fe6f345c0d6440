/// A place on the globe where somebody was, told by an address.
struct Fix: Sendable, Hashable, BitwiseCopyable {
    /// The network that tells it; with a database of places the egress, which may be one of many of a network's.
    var network: UInt32
    /// In 1/10,000 of a degree.
    var latitude: Int32
    var longitude: Int32
    /// The hours of the day in which it was seen there.
    var hours: UInt32
    var first: Timestamp
    var uid = Extent.none
    /// It is most likely within so many kilometres of there.
    var accuracy: UInt16 = 0
    /// What people call it; empty where no database of places was at hand.
    var place = Extent.none
}
