/// Whose doing an event is: the identity that its facts are about.
///
/// This is the one place that decides it. Without a chain of credentials to ask it is the principal that the cloud saw,
/// or the human whose address a federated session carries.
struct Subject {
    /// The identity's name in `EventBatch.bytes`, as it is shown; empty where nobody is named.
    var name = Extent.none
    var key: UInt64 = 0
    var traits = Traits()
    /// What the identity has in common with its peers.
    var peer = Extent.none

    init(_ fields: EventFields, _ bytes: Span<UInt8>) {
        let type = fields.userType
        if type.equals(bytes, "Root") { traits.insert(.breakGlass) }
        if !fields.userEmail.isEmpty {
            name = fields.userEmail
            traits.insert(.personal)
        } else if fields.userUID.isEmpty, !fields.invokedBy.isEmpty {
            name = fields.invokedBy
            traits.insert(.service)
        } else if !fields.issuer.isEmpty, Self.isMachineName(bytes, fields.userName) {
            // A new name for every session: the role is what stays.
            name = fields.issuer
            traits.insert(.workload)
        } else if !fields.userUID.isEmpty {
            name = fields.userUID
        } else if !fields.userName.isEmpty {
            name = fields.userName
        } else if !fields.application.isEmpty {
            name = fields.application
            traits.insert(.workload)
        } else if !fields.targetEmail.isEmpty || !fields.targetUID.isEmpty || !fields.targetName.isEmpty {
            // A sign-in that names no actor is the doing of the user who signs in.
            name = fields.targetEmail.isEmpty ? fields.targetUID : fields.targetEmail
            if name.isEmpty { name = fields.targetName }
        }
        if type.equals(bytes, "AWSService") || type.equals(bytes, "System") { traits.insert(.service) }
        peer =
            !fields.actorRole.isEmpty
            ? Self.permissionSet(fields.actorRole, bytes)
            : !fields.userGroup.isEmpty ? fields.userGroup : fields.account
        key = Self.key(bytes, name)
    }

    /// `AWSReservedSSO_Platform` of `AWSReservedSSO_Platform_372f8b0ed5df8099`: Identity Center ends the name of a
    /// permission set's role differently in each account. Any other role as it is.
    private static func permissionSet(_ role: Extent, _ bytes: Span<UInt8>) -> Extent {
        let (start, count) = (Int(role.start), Int(role.count) - permissionSetSuffix)
        let mark = Extent(start: start, count: permissionSetMark.utf8CodeUnitCount)
        guard count > mark.count, mark.equals(bytes, permissionSetMark),
            bytes[start + count] == UInt8(ascii: "_")
        else { return role }
        return Extent(start: start, count: count)
    }

    private static let permissionSetMark: StaticString = "AWSReservedSSO_"
    /// An underscore and sixteen hexadecimal digits.
    private static let permissionSetSuffix = 17

    /// The same for `Ada@example.com` and `ada@example.com`: addresses and user names know no case.
    static func key(_ bytes: Span<UInt8>, _ name: Extent) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for i in name.range {
            var byte = bytes[i]
            if byte >= 0x41, byte <= 0x5A { byte |= 0x20 }
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        return WyHash.mix(hash ^ 0x2d35_8dcc_aa6c_78a5, 0x8bb8_4b93_962e_acc9 ^ UInt64(name.count))
    }

    package static func key(_ name: [UInt8]) -> UInt64 {
        key(name.span, Extent(start: 0, count: name.count))
    }

    /// Whether a session's name was made by a program: it holds a run of eight or more hexadecimal digits with a
    /// decimal one among them, as instance ids, task ids and the names that SDKs make up do.
    private static func isMachineName(_ bytes: Span<UInt8>, _ name: Extent) -> Bool {
        var run = 0
        var hasDigit = false
        for i in name.range {
            let byte = bytes[i]
            let isDigit = byte >= 0x30 && byte <= 0x39
            let isHex = isDigit || byte >= 0x61 && byte <= 0x66
            run = isHex ? run + 1 : 0
            hasDigit = isHex && (hasDigit || isDigit)
            if run >= 8, hasDigit { return true }
        }
        return false
    }
}
