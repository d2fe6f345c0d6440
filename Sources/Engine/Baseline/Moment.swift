/// Something of which the minute counts.
struct Moment: Sendable, Hashable, BitwiseCopyable {
    enum Kind: UInt8, Sendable { case factorDenied = 0, factorApproved, factorReset, signInFailed, signedIn }

    var kind: Kind
    var time: Timestamp
    var hash: UInt64
    var uid = Extent.none
}
