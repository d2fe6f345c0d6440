/// Where the parts of an OCSF event stand that a baseline reads, told in one walk over its text.
///
/// Only for events of our own writing: no grammar is checked. The walk ends at the observables, behind which only
/// repetitions and what no attribute was found for come.
struct EventFields {
    var userUID = Extent.none
    var userName = Extent.none
    var userEmail = Extent.none
    var userType = Extent.none
    var userGroup = Extent.none
    var application = Extent.none
    var credential = Extent.none
    var session = Extent.none
    var issuer = Extent.none
    var actorRole = Extent.none
    var invokedBy = Extent.none
    var targetUID = Extent.none
    var targetName = Extent.none
    var targetEmail = Extent.none
    var targetRole = Extent.none
    var address = Extent.none
    var autonomousSystem = Extent.none
    var country = Extent.none
    var latitude = Extent.none
    var longitude = Extent.none
    var accuracy = Extent.none
    var city = Extent.none
    var agent = Extent.none
    var account = Extent.none
    var provider = Extent.none
    var region = Extent.none
    var operation = Extent.none
    var service = Extent.none
    var resource = Extent.none
    var device = Extent.none
    var factor = Extent.none
    var statusDetail = Extent.none
    var isMultifactor = false

    init(_ bytes: Span<UInt8>, _ event: Range<Int>) {
        var walk = TextWalk(event)
        while let key = walk.key(bytes) {
            switch key.count {
            case 3 where key.equals(bytes, "api"): readAPI(bytes, &walk)
            case 4 where key.equals(bytes, "user"): readTarget(bytes, &walk)
            case 5 where key.equals(bytes, "actor"): readActor(bytes, &walk)
            case 5 where key.equals(bytes, "cloud"): readCloud(bytes, &walk)
            case 6 where key.equals(bytes, "device"): device = walk.member(bytes, "uid")
            case 6 where key.equals(bytes, "is_mfa"):
                let value = walk.scalar(bytes)
                isMultifactor = !value.isEmpty && bytes[Int(value.start)] == UInt8(ascii: "t")
            case 8 where key.equals(bytes, "iam_role"): targetRole = walk.member(bytes, "uid")
            case 9 where key.equals(bytes, "resources"): resource = walk.firstMember(bytes, "uid", or: "name")
            case 12 where key.equals(bytes, "src_endpoint"): readSource(bytes, &walk)
            case 12 where key.equals(bytes, "http_request"): agent = walk.member(bytes, "user_agent")
            case 12 where key.equals(bytes, "auth_factors"):
                factor = walk.firstMember(bytes, "factor_type", or: "factor_type")
            case 13 where key.equals(bytes, "status_detail"): statusDetail = walk.scalar(bytes)
            case 11 where key.equals(bytes, "observables"): return
            default: walk.skip(bytes)
            }
        }
    }

    private mutating func readAPI(_ bytes: Span<UInt8>, _ walk: inout TextWalk) {
        walk.object(bytes) { key, inner in
            switch key.count {
            case 9 where key.equals(bytes, "operation"): operation = inner.scalar(bytes)
            case 7 where key.equals(bytes, "service"): service = inner.member(bytes, "name")
            default: inner.skip(bytes)
            }
        }
    }

    private mutating func readCloud(_ bytes: Span<UInt8>, _ walk: inout TextWalk) {
        walk.object(bytes) { key, inner in
            switch key.count {
            case 6 where key.equals(bytes, "region"): region = inner.scalar(bytes)
            case 7 where key.equals(bytes, "account"): account = inner.member(bytes, "uid")
            case 8 where key.equals(bytes, "provider"): provider = inner.scalar(bytes)
            default: inner.skip(bytes)
            }
        }
    }

    private mutating func readSource(_ bytes: Span<UInt8>, _ walk: inout TextWalk) {
        walk.object(bytes) { key, inner in
            switch key.count {
            case 2 where key.equals(bytes, "ip"): address = inner.scalar(bytes)
            case 8 where key.equals(bytes, "location"):
                inner.object(bytes) { key, place in
                    switch key.count {
                    case 7 where key.equals(bytes, "country"): country = place.scalar(bytes)
                    case 3 where key.equals(bytes, "lat"): latitude = place.scalar(bytes)
                    case 4 where key.equals(bytes, "long"): longitude = place.scalar(bytes)
                    case 4 where key.equals(bytes, "city"): city = place.scalar(bytes)
                    case 19 where key.equals(bytes, "horizontal_accuracy"): accuracy = place.scalar(bytes)
                    default: place.skip(bytes)
                    }
                }
            case 17 where key.equals(bytes, "autonomous_system"):
                autonomousSystem = inner.member(bytes, "number")
            default: inner.skip(bytes)
            }
        }
    }

    private mutating func readActor(_ bytes: Span<UInt8>, _ walk: inout TextWalk) {
        walk.object(bytes) { key, inner in
            switch key.count {
            case 4 where key.equals(bytes, "user"): readUser(bytes, &inner)
            case 7 where key.equals(bytes, "session"):
                inner.object(bytes) { key, session in
                    switch key.count {
                    case 3 where key.equals(bytes, "uid"): self.session = session.scalar(bytes)
                    case 14 where key.equals(bytes, "credential_uid"): credential = session.scalar(bytes)
                    case 6 where key.equals(bytes, "issuer"): issuer = session.scalar(bytes)
                    case 6 where key.equals(bytes, "is_mfa"):
                        let value = session.scalar(bytes)
                        if !value.isEmpty, bytes[Int(value.start)] == UInt8(ascii: "t") {
                            isMultifactor = true
                        }
                    default: session.skip(bytes)
                    }
                }
            case 8 where key.equals(bytes, "iam_role"): actorRole = inner.member(bytes, "name")
            case 10 where key.equals(bytes, "invoked_by"): invokedBy = inner.scalar(bytes)
            case 8 where key.equals(bytes, "app_name"): application = inner.scalar(bytes)
            default: inner.skip(bytes)
            }
        }
    }

    private mutating func readUser(_ bytes: Span<UInt8>, _ walk: inout TextWalk) {
        walk.object(bytes) { key, user in
            switch key.count {
            case 3 where key.equals(bytes, "uid"): userUID = user.scalar(bytes)
            case 4 where key.equals(bytes, "name"): userName = user.scalar(bytes)
            case 4 where key.equals(bytes, "type"): userType = user.scalar(bytes)
            case 10 where key.equals(bytes, "email_addr"): userEmail = user.scalar(bytes)
            case 6 where key.equals(bytes, "groups"):
                userGroup = user.firstMember(bytes, "uid", or: "name")
            default: user.skip(bytes)
            }
        }
    }

    private mutating func readTarget(_ bytes: Span<UInt8>, _ walk: inout TextWalk) {
        walk.object(bytes) { key, user in
            switch key.count {
            case 3 where key.equals(bytes, "uid"): targetUID = user.scalar(bytes)
            case 4 where key.equals(bytes, "name"): targetName = user.scalar(bytes)
            case 10 where key.equals(bytes, "email_addr"): targetEmail = user.scalar(bytes)
            default: user.skip(bytes)
            }
        }
    }
}
