package import Engine

/// One collector of a pipeline, by where it collects from.
package enum CollectorConfig: ConfigDecodable {
    case files(FilesCollectorConfig)
    case s3(S3CollectorConfig)
    case queue(QueueCollectorConfig)
    case lookupEvents(LookupEventsConfig)
    case api(APICollectorConfig)
    case snapshot(SnapshotCollectorConfig)
    case push(PushCollectorConfig)
    case kafka(KafkaCollectorConfig)
    case pubsub(PubSubCollectorConfig)

    private static let kinds = [
        ("files", FilesCollectorConfig.object), ("s3", S3CollectorConfig.object),
        ("s3_sqs", QueueCollectorConfig.object), ("lookup_events", LookupEventsConfig.object),
        ("api", APICollectorConfig.object), ("aws_snapshot", SnapshotCollectorConfig.object),
        ("push", PushCollectorConfig.object), ("kafka", KafkaCollectorConfig.object),
        ("pubsub", PubSubCollectorConfig.object),
    ]
    /// What may stand behind `from:`, and in a feed's `ways:`.
    package static let ways = kinds.map(\.0)

    package static var configType: ConfigType { .tagged(key: "from", kinds) }
    package var configText: String? { nil }

    package static func decode(_ document: Document, by decoder: inout ConfigDecoder) -> CollectorConfig? {
        switch decoder.tag("from", of: document, among: configType) {
        case "files":
            FilesCollectorConfig.decode(document, ignoring: ["from"], by: &decoder).map { .files($0) }
        case "s3":
            S3CollectorConfig.decode(document, ignoring: ["from"], by: &decoder).map { .s3($0) }
        case "s3_sqs":
            QueueCollectorConfig.decode(document, ignoring: ["from"], by: &decoder).map { .queue($0) }
        case "lookup_events":
            LookupEventsConfig.decode(document, ignoring: ["from"], by: &decoder).map { .lookupEvents($0) }
        case "api":
            APICollectorConfig.decode(document, ignoring: ["from"], by: &decoder).map { .api($0) }
        case "aws_snapshot":
            SnapshotCollectorConfig.decode(document, ignoring: ["from"], by: &decoder).map { .snapshot($0) }
        case "push":
            PushCollectorConfig.decode(document, ignoring: ["from"], by: &decoder).map { .push($0) }
        case "kafka":
            KafkaCollectorConfig.decode(document, ignoring: ["from"], by: &decoder).map { .kafka($0) }
        case "pubsub":
            PubSubCollectorConfig.decode(document, ignoring: ["from"], by: &decoder).map { .pubsub($0) }
        default: nil
        }
    }

    package var feed: Placed<String> {
        switch self {
        case .files(let config): config.feed
        case .s3(let config): config.feed
        case .queue(let config): config.feed
        case .lookupEvents(let config): config.feed
        case .api(let config): config.feed
        case .snapshot(let config): config.feed
        case .push(let config): config.feed
        case .kafka(let config): config.feed
        case .pubsub(let config): config.feed
        }
    }

    package var kind: String {
        switch self {
        case .files: "files"
        case .s3: "s3"
        case .queue: "s3_sqs"
        case .lookupEvents: "lookup_events"
        case .api: "api"
        case .snapshot: "aws_snapshot"
        case .push: "push"
        case .kafka: "kafka"
        case .pubsub: "pubsub"
        }
    }

    package var aws: AWSConfig? {
        switch self {
        case .files, .api, .push, .kafka, .pubsub: nil
        case .s3(let config): config.aws
        case .queue(let config): config.aws
        case .lookupEvents(let config): config.aws
        case .snapshot(let config): config.aws
        }
    }

    package var connection: ConnectionConfig? {
        if case .api(let config) = self { config.connection } else { aws?.connection }
    }
}

extension ConfigDecoder {
    /// The value of the key that chooses between kinds; `nil` after a complaint.
    mutating func tag(_ key: String, of document: Document, among type: ConfigType) -> String? {
        guard case .tagged(_, let kinds) = type else { return nil }
        let names = kinds.map(\.tag)
        guard document.map != nil else {
            complain(at: document.position, "a mapping is needed here, not \(document.kind)")
            return nil
        }
        guard let value = document[key] else {
            complain(
                at: document.position, "“\(key)” is missing", hint: "one of \(names.joined(separator: ", "))")
            return nil
        }
        guard let tag = text(of: value) else { return nil }
        if names.contains(tag) { return tag }
        let near = nearestName(to: tag, among: names)
        complain(
            at: value.position, "“\(tag)” is not known here",
            hint: near.map { "did you mean “\($0)”?" } ?? "one of \(names.joined(separator: ", "))")
        return nil
    }
}

package struct FilesCollectorConfig: ConfigValue {
    package var feed = Placed("auto")
    package var paths = OneOrMore<Placed<String>>()
    package var interval = Duration.seconds(30)

    package init() {}

    package static let name = "a files collector"
    package static let summary = "Files and folders, in any layout Martlet reads, plain, gzip or zstd."
    package static var fields: [ConfigField<Self>] {
        [
            .init(
                "feed", \.feed, "What the records are: `aws.cloudtrail`, …; `auto` tells them by their shape"),
            .init("paths", \.paths, isRequired: true, "Files, or folders that are walked in name order") {
                $0.all.isEmpty ? "at least one path is needed" : nil
            },
            .init("interval", \.interval, "How often to look for more"),
        ]
    }
}

package struct S3CollectorConfig: ConfigValue {
    package var feed = Placed("aws.cloudtrail")
    package var bucket = ""
    package var prefix = ""
    package var accounts: [String] = []
    package var regions: [String] = []
    package var bucketOwner: String?
    package var since: String?
    package var interval = Duration.seconds(60)
    package var overlap = Duration.minutes(60)
    package var verifyDigests = false
    package var aws = AWSConfig()

    package init() {}

    package static let name = "an s3 collector"
    package static let summary =
        "A bucket, listed again and again, late objects included: a trail's, or any with folders by date."
    package static var fields: [ConfigField<Self>] {
        [
            .init("feed", \.feed, "What the records are"),
            .init("bucket", \.bucket, isRequired: true, "The bucket"),
            .init(
                "prefix", \.prefix,
                "What stands before `AWSLogs/` of a trail, before the folders of other feeds"),
            .init("bucket_owner", \.bucketOwner, "Account that must own the bucket"),
            .init("accounts", \.accounts, "Only these accounts; without it all that the bucket holds"),
            .init("regions", \.regions, "Only these regions; without it all that the bucket holds"),
            .init(
                "since", \.since,
                "Where the first start begins: a time or a duration; without it at the oldest"),
            .init("interval", \.interval, "How often to list"),
            .init("overlap", \.overlap, "How far back each listing looks again for late objects"),
            .init("verify_digests", \.verifyDigests, "Verify CloudTrail's digest files while running"),
        ] + AWSConfig.fields.map { $0.lifted(\.aws) }
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        aws.check(at: position, by: &decoder)
        if let since, Timestamp(userText: since, now: .epoch) == nil {
            decoder.complain(
                at: position, "since: “\(since)” is no time", hint: "2026-01-31T08:00:00Z, -24h, 7d")
        }
        if verifyDigests, feed.value != "aws.cloudtrail" {
            decoder.complain(at: position, "verify_digests: only a trail of CloudTrail has digests")
        }
    }
}

package struct QueueCollectorConfig: ConfigValue {
    package var feed = Placed("aws.cloudtrail")
    package var queue = EndpointURL.none
    package var visibility = Duration.minutes(5)
    package var wait = Duration.seconds(20)
    package var buckets: [String] = []
    package var bucketOwner: String?
    package var aws = AWSConfig()

    package init() {}

    package static let name = "an s3_sqs collector"
    package static let summary =
        "S3 objects as a queue names them (direct, through SNS or EventBridge), and events that its messages are."
    package static var fields: [ConfigField<Self>] {
        [
            .init("feed", \.feed, "What the records are"),
            .init("queue", \.queue, isRequired: true, "The queue's URL"),
            .init(
                "visibility", \.visibility,
                "How long a message is hidden from others; extended while worked on"
            ) {
                $0 < .seconds(1) || $0 > .hours(12) ? "must be from 1s to 12h" : nil
            },
            .init("wait", \.wait, "How long a receive waits for messages") {
                $0 > .seconds(20) ? "must be at most 20s" : nil
            },
            .init(
                "buckets", \.buckets, "Only objects of these buckets; without it of any that a message names"),
            .init("bucket_owner", \.bucketOwner, "Account that must own the buckets"),
        ] + AWSConfig.fields.map { $0.lifted(\.aws) }
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        aws.check(at: position, by: &decoder)
        aws.connection.checkPlain(queue, "queue", at: position, by: &decoder)
    }
}

package struct LookupEventsConfig: ConfigValue {
    package var feed = Placed("aws.cloudtrail")
    package var regions: [String] = []
    package var lookback = Duration.days(90)
    package var interval = Duration.seconds(60)
    package var overlap = Duration.minutes(60)
    package var aws = AWSConfig()

    package init() {}

    package static let name = "a lookup_events collector"
    package static let summary =
        "CloudTrail's LookupEvents API: management events of 90 days, without a trail."
    package static var fields: [ConfigField<Self>] {
        [
            .init("feed", \.feed, "What the records are"),
            .init("regions", \.regions, "Regions to read, each with its own position; without it `region`"),
            .init("lookback", \.lookback, "How far back the first start goes; the API keeps 90 days") {
                $0 > .days(90) ? "must be at most 90d" : nil
            },
            .init("interval", \.interval, "How often to ask"),
            .init("overlap", \.overlap, "How far back each round asks again for late events"),
        ] + AWSConfig.fields.map { $0.lifted(\.aws) }
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        aws.check(at: position, by: &decoder)
        for region in regions where !AWSConfig.isRegion(region) {
            decoder.complain(at: position, "regions: “\(region)” is not a region's name")
        }
        if Set(regions).count < regions.count {
            decoder.complain(at: position, "regions: one is named twice")
        }
    }
}
