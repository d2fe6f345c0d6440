import Engine

/// Where and when a record's slots are filled.
struct Scene: Sendable {
    let session: Session
    let region: Int
    let time: Timestamp
}

/// Parts that many records share.
enum Templates {
    static let s3Transfer = Template(
        #"{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"#
            + #""AuthenticationMethod":"AuthHeader","x-amz-id-2":"@base60@=","bytesTransferredOut":@bytes@}"#)
    static let s3Settings = Template(
        #"{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"#
            + #""AuthenticationMethod":"AuthHeader","x-amz-id-2":"@base60@=","bytesTransferredOut":@n1000@}"#)
}

extension SyntheticTrail {
    mutating func render(_ template: Template, _ scene: Scene) {
        for piece in template.pieces {
            switch piece {
            case .text(let bytes): record.append(contentsOf: bytes)
            case .slot(let slot, let index): fill(slot, index: index, scene)
            }
        }
    }

    private mutating func fill(_ slot: Slot, index: Int, _ scene: Scene) {
        if drawn[index] < 0 { drawn[index] = Int(dice.next() >> 1) }
        let draw = drawn[index]
        let account = organization.accounts[scene.session.account]
        let pool = account.pools[index]
        if !pool.isEmpty {
            let fraction = Double(draw & 0xFF_FFFF) * 0x1p-24
            append(pool[min(pool.count - 1, Int(fraction * fraction * Double(pool.count)))])
            return
        }
        var own = Dice(seed: UInt64(draw))
        switch slot {
        case .uuid, .uuid2: own.appendUUID(to: &record)
        case .hex8: append(own.hex(8))
        case .hex12: append(own.hex(12))
        case .hex17: append(own.hex(17))
        case .hex32: append(own.hex(32))
        case .base20: append(own.base32(16))
        case .base60: append(own.base62(60))
        case .n10: appendNumber(1 + draw % 9)
        case .n100: appendNumber(1 + draw % 99)
        case .n1000: appendNumber(1 + draw % 999)
        case .n65536, .bytes: appendNumber(draw % 9_999_991)
        case .object: appendObjectKey(draw, scene.time)
        case .account: append(account.id)
        case .region: append(Organization.regions[scene.region])
        case .me: append(scene.session.arn)
        case .sessionName: append(scene.session.name)
        case .seconds: appendNumber(Int(scene.time.seconds))
        case .expiry: append((scene.time + .hours(1)).inWords)
        case .day: scene.time.wholeSeconds.appendISO8601(to: &record)
        default: append("example")
        }
    }

    private mutating func appendObjectKey(_ draw: Int, _ time: Timestamp) {
        let folders = [
            "daily", "raw/events", "incoming", "reports/2026", "tenants/\(draw % 40)", "parquet/orders",
        ]
        append(folders[draw % folders.count])
        append("/day=\(time.seconds / 86_400 - Int64(draw % 9))/part-")
        appendNumber(draw / 64 % 4_000)
        append(draw % 3 == 0 ? ".parquet" : draw % 3 == 1 ? ".json.gz" : ".csv")
    }

    private mutating func appendNumber(_ value: Int) {
        append(String(value))
    }

    /// An error the caller might meet: mostly a permission they lack, now and then a limit or a missing thing.
    mutating func failure(of operation: Int, by session: Session, denied: Double, other: Double) -> Call
        .Failure?
    {
        let draw = dice.fraction()
        if draw < denied { return Self.denial(of: catalogue.operations[operation], to: session.arn) }
        if draw < denied + other * 0.5 {
            let isEC2 = catalogue.operations[operation].service == "ec2"
            return Call.Failure(
                code: isEC2 ? "Client.RequestLimitExceeded" : "ThrottlingException",
                message: isEC2 ? "Request limit exceeded." : "Rate exceeded")
        }
        if draw < denied + other {
            return switch catalogue.operations[operation].service {
            case "iam":
                Call.Failure(
                    code: "NoSuchEntityException", message: "The role with name retired-role cannot be found."
                )
            case "s3": Call.Failure(code: "NoSuchKey", message: "The specified key does not exist.")
            case "ec2":
                Call.Failure(
                    code: "Client.InvalidInstanceID.NotFound", message: "The instance ID does not exist")
            default: Call.Failure(code: "ResourceNotFoundException", message: "Requested resource not found")
            }
        }
        return nil
    }

    static func denial(of operation: Operation, to arn: String) -> Call.Failure {
        let action = "\(operation.service):\(operation.name)"
        let text =
            "User: \(arn) is not authorized to perform: \(action) on resource: * because no "
            + "identity-based policy allows the \(action) action"
        return switch operation.service {
        case "ec2":
            Call.Failure(
                code: "Client.UnauthorizedOperation",
                message: "You are not authorized to perform this operation. \(text)")
        case "iam", "sts", "s3", "sqs", "cloudtrail": Call.Failure(code: "AccessDenied", message: text)
        default: Call.Failure(code: "AccessDeniedException", message: text)
        }
    }
}
