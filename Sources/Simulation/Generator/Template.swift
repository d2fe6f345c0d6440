import Engine

/// A place in a template that is filled anew for each record, written `@name@`.
///
/// Within one record a name always stands for the same value, so that a bucket in the parameters is the bucket
/// among the resources.
enum Slot: String, CaseIterable {
    case bucket, object, instance, volume, snapshot, image, vpc, subnet, securityGroup, eni, role, user,
        policy
    case function, table, secret, parameter, cluster, service, repository, stack, logGroup, kmsKey, queue,
        topic
    case database, workgroup, alarm, user2, permissionSet, webACL, zone, model, repo, dashboard
    case uuid, uuid2, hex8, hex12, hex17, hex32, base20, base60
    case n10, n100, n1000, n65536, bytes
    case account, region, me, sessionName, seconds, expiry, day

    /// Whether the value is one of a few names that the account has.
    var isPooled: Bool {
        switch self {
        case .bucket, .instance, .volume, .snapshot, .image, .vpc, .subnet, .securityGroup, .eni, .role,
            .user,
            .policy, .function, .table, .secret, .parameter, .cluster, .service, .repository, .stack,
            .logGroup,
            .kmsKey, .queue, .topic, .database, .workgroup, .alarm, .user2, .permissionSet, .webACL, .zone,
            .model, .repo, .dashboard:
            true
        default: false
        }
    }
}

/// JSON text with slots, cut up once so that writing it is a few copies.
struct Template: Sendable {
    enum Piece: Sendable {
        case text([UInt8])
        case slot(Slot, index: Int)
    }

    private static let indexes = Dictionary(
        uniqueKeysWithValues: Slot.allCases.enumerated().map {
            ($0.element.rawValue, ($0.element, $0.offset))
        })

    static let null = Template("null")

    let pieces: [Piece]

    /// A word between two `@` names a slot: a wrong name is a mistake in this folder and traps. Any other `@`, as
    /// in an address of mail, stands for itself.
    init(_ text: String) {
        var pieces: [Piece] = []
        var literal: [UInt8] = []
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        var place = 0
        while place < parts.count {
            let part = parts[place]
            let isName =
                place > 0 && place + 1 < parts.count && !part.isEmpty && part.utf8.allSatisfy(isLetter)
            if isName {
                guard let (slot, index) = Template.indexes[String(part)] else {
                    preconditionFailure("no slot is called \(part)")
                }
                if !literal.isEmpty { pieces.append(.text(literal)) }
                literal = Array(parts[place + 1].utf8)
                pieces.append(.slot(slot, index: index))
                place += 2
            } else {
                if place > 0 { literal.append(0x40) }
                literal.append(contentsOf: part.utf8)
                place += 1
            }
        }
        if !literal.isEmpty { pieces.append(.text(literal)) }
        self.pieces = pieces

        func isLetter(_ byte: UInt8) -> Bool {
            byte >= 0x61 && byte <= 0x7A || byte >= 0x41 && byte <= 0x5A || byte >= 0x30 && byte <= 0x39
        }
    }

    /// `key=text` and `key:=json` words, apart by spaces, become an object; no words become `null`.
    init(fields: Substring) {
        let words = fields.split(separator: " ")
        if words.isEmpty {
            self = .null
            return
        }
        let members = words.map { word -> String in
            guard let mark = word.firstIndex(of: "=") else { preconditionFailure("no = in \(word)") }
            let value = word[word.index(after: mark)...]
            return word[..<mark].hasSuffix(":")
                ? "\"\(word[..<mark].dropLast())\":\(value)" : "\"\(word[..<mark])\":\"\(value)\""
        }
        self.init("{" + members.joined(separator: ",") + "}")
    }
}

/// One API call that CloudTrail records, as far as it is the same for everybody who makes it.
struct Operation: Sendable {
    /// `ec2` for `ec2.amazonaws.com`.
    let service: String
    let name: String
    let isReadOnly: Bool
    let isData: Bool
    let parameters: Template
    let response: Template
    let resources: Template?
    /// `","eventSource":…,"eventName":…,"awsRegion":"`, the part of a record that never changes.
    let head: [UInt8]
    let isGlobal: Bool
    let version: String

    /// Reads a line of the catalogue: `service Name flags parameters… -> response… ! resources`.
    ///
    /// Flags: `r` reads, `w` writes, `R` and `W` the same on data; a wrong line traps.
    init(line: Substring) {
        let halves = line.split(separator: " ! ", maxSplits: 1)
        let sides = (halves.first ?? "").split(separator: " -> ", maxSplits: 1)
        let words = (sides.first ?? "").split(separator: " ", maxSplits: 3)
        precondition(words.count >= 3, "a catalogue line needs service, name and flags: \(line)")
        service = String(words[0])
        name = String(words[1])
        isReadOnly = words[2] == "r" || words[2] == "R"
        isData = words[2] == "R" || words[2] == "W"
        parameters = Template(fields: words.count > 3 ? words[3] : "")
        response = Template(fields: sides.count > 1 ? sides[1] : "")
        resources = halves.count > 1 ? Operation.resources(String(halves[1])) : nil
        head = Array(
            "\",\"eventSource\":\"\(service).amazonaws.com\",\"eventName\":\"\(name)\",\"awsRegion\":\"".utf8)
        isGlobal = ["iam", "organizations", "cloudfront", "route53", "sso", "signin"].contains(service)
        version = ["s3", "ec2", "lambda"].contains(service) ? "1.11" : service == "iam" ? "1.10" : "1.09"
    }

    private static func resources(_ kind: String) -> Template {
        func one(_ type: String, _ arn: String) -> Template {
            Template(#"[{"accountId":"@account@","type":"\#(type)","ARN":"\#(arn)"}]"#)
        }
        return switch kind {
        case "bucket": one("AWS::S3::Bucket", "arn:aws:s3:::@bucket@")
        case "object":
            Template(
                #"[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::@bucket@/@object@"},"#
                    + #"{"accountId":"@account@","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::@bucket@"}]"#)
        case "kms": one("AWS::KMS::Key", "arn:aws:kms:@region@:@account@:key/@kmsKey@")
        case "table": one("AWS::DynamoDB::Table", "arn:aws:dynamodb:@region@:@account@:table/@table@")
        case "function": one("AWS::Lambda::Function", "arn:aws:lambda:@region@:@account@:function:@function@")
        default: preconditionFailure("no resource kind is called \(kind)")
        }
    }
}
