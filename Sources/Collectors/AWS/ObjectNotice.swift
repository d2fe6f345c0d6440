import Codecs
import Credentials
import Engine

/// What a queue's message says about new objects, in whichever of its forms it came; or the record that it is.
package enum ObjectNotice: Hashable, Sendable {
    package struct Object: Hashable, Sendable {
        package var bucket: String
        package var key: String
        /// The bucket's region, where the message names it.
        package var region: String?
        /// Bytes, where the message tells.
        package var size: Int64?

        package init(bucket: String, key: String, region: String? = nil, size: Int64? = nil) {
            self.bucket = bucket
            self.key = key
            self.region = region
            self.size = size
        }
    }

    /// New objects; empty where the message is about something else that needs no work (a test, a deletion).
    case objects([Object])
    /// The message is a record itself: an event of EventBridge, or what a topic was sent.
    case record(String)
    /// Not a message of any known form, and why.
    case unreadable(String)

    /// Notices inside one another: SNS to SQS by way of EventBridge is three.
    static let depthMax = 4

    /// Reads S3's own notification (keys form-encoded), the same wrapped by SNS, CloudTrail's SNS notice and
    /// EventBridge's event (keys as they are).
    ///
    /// A bucket or region that could turn a signed request to another host is no notification.
    ///
    /// - Parameter mayBeRecord: whether any other JSON object is a record. An event of EventBridge always is.
    package init(_ body: String, mayBeRecord: Bool = false) {
        self = Self.read(body, depth: 0, mayBeRecord)
        guard case .objects(let objects) = self else { return }
        func isName(_ text: String, most: Int) -> Bool {
            (1...most).contains(text.utf8.count)
                && text.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                    default: false
                    }
                }
        }
        for object in objects {
            let region = object.region ?? "x"
            if !isName(object.bucket, most: 255) || !isName(region, most: 32) || region.contains(".") {
                self = .unreadable("the message names an impossible bucket or region")
            }
        }
    }

    private static func read(_ body: String, depth: Int, _ mayBeRecord: Bool) -> ObjectNotice {
        guard depth < depthMax, let json = JSONValue(json: body), json.object != nil else {
            return .unreadable("the message is not a JSON object")
        }
        if json["Type"]?.string == "Notification", let inner = json["Message"]?.string {
            return read(inner, depth: depth + 1, mayBeRecord)
        }
        if json["Event"]?.string == "s3:TestEvent" { return .objects([]) }
        if let records = json["Records"]?.array, records.first?["s3"] != nil || !mayBeRecord {
            return notification(records)
        }
        if let bucket = json["s3Bucket"]?.string, let keys = json["s3ObjectKey"]?.array {
            return .objects(keys.compactMap(\.string).map { Object(bucket: bucket, key: $0) })
        }
        if let detail = json["detail"], let bucket = detail["bucket"]?["name"]?.string,
            let key = detail["object"]?["key"]?.string
        {
            // Security Lake names its events otherwise; whatever is not a deletion brings an object.
            let kind = json["detail-type"]?.string ?? "Object Created"
            guard !kind.contains("Delet"), !kind.contains("Tags"), !kind.contains("ACL") else {
                return .objects([])
            }
            return .objects([
                Object(
                    bucket: bucket, key: key, region: json["region"]?.string,
                    size: detail["object"]?["size"]?.integer)
            ])
        }
        let isBusEvent = json["detail-type"]?.string != nil && json["detail"]?.object != nil
        if isBusEvent || mayBeRecord { return .record(body) }
        return .unreadable("the message is no S3, SNS, EventBridge or CloudTrail notification")
    }

    private static func notification(_ records: [JSONValue]) -> ObjectNotice {
        var objects: [Object] = []
        for record in records {
            guard let name = record["eventName"]?.string else {
                return .unreadable("a record of the notification has no eventName")
            }
            guard name.hasPrefix("ObjectCreated:") || name.hasPrefix("s3:ObjectCreated:") else { continue }
            guard let bucket = record["s3"]?["bucket"]?["name"]?.string,
                let encoded = record["s3"]?["object"]?["key"]?.string,
                let key = PercentEncoding.decode(encoded, plusIsSpace: true)
            else { return .unreadable("a record of the notification names no bucket and key") }
            objects.append(
                Object(
                    bucket: bucket, key: key, region: record["awsRegion"]?.string,
                    size: record["s3"]?["object"]?["size"]?.integer))
        }
        return .objects(objects)
    }
}
