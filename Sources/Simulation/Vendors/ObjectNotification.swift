import Codecs
package import Engine

/// How a store tells a queue of a new object.
package enum ObjectNotification: CaseIterable, Sendable {
    /// S3 to SQS. Keys are URL-encoded, with `+` for a space.
    case direct
    /// S3 to SNS to SQS, without raw delivery.
    case topic
    /// S3 to EventBridge to SQS. Keys are as they are.
    case bus
    /// CloudTrail's own notice through SNS, several keys at once.
    case trail

    package func body(bucket: String, key: String, size: Int, etag: String, at time: Timestamp) -> String {
        let moment = time.withMilliseconds
        switch self {
        case .direct:
            let encoded = PercentEncoding.encode(key, keepingSlash: true).split(separator: "%20").joined(
                separator: "+")
            return
                "{\"Records\":[{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"awsRegion\":\"us-east-1\","
                + "\"eventTime\":\"\(moment)\",\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"s3SchemaVersion\":\"1.0\","
                + "\"bucket\":{\"name\":\"\(bucket)\",\"arn\":\"arn:aws:s3:::\(bucket)\"},\"object\":{\"key\":"
                + "\(JSONText.quoted(encoded)),\"size\":\(size),\"eTag\":\"\(etag)\",\"sequencer\":\"0055AED6DCD9028\"}}}]}"
        case .topic:
            let message = Self.direct.body(bucket: bucket, key: key, size: size, etag: etag, at: time)
            return "{\"Type\":\"Notification\",\"MessageId\":\"\(etag)\",\"TopicArn\":"
                + "\"arn:aws:sns:us-east-1:111122223333:trail\",\"Subject\":\"Amazon S3 Notification\","
                + "\"Message\":\(JSONText.quoted(message)),\"Timestamp\":\"\(moment)\",\"SignatureVersion\":\"1\"}"
        case .bus:
            return
                "{\"version\":\"0\",\"id\":\"\(etag)\",\"detail-type\":\"Object Created\",\"source\":\"aws.s3\","
                + "\"account\":\"111122223333\",\"time\":\"\(moment)\",\"region\":\"us-east-1\",\"resources\":"
                + "[\"arn:aws:s3:::\(bucket)\"],\"detail\":{\"version\":\"0\",\"bucket\":{\"name\":\"\(bucket)\"},"
                + "\"object\":{\"key\":\(JSONText.quoted(key)),\"size\":\(size),\"etag\":\"\(etag)\"},"
                + "\"reason\":\"PutObject\"}}"
        case .trail:
            let message = "{\"s3Bucket\":\"\(bucket)\",\"s3ObjectKey\":[\(JSONText.quoted(key))]}"
            return "{\"Type\":\"Notification\",\"MessageId\":\"\(etag)\",\"TopicArn\":"
                + "\"arn:aws:sns:us-east-1:111122223333:trail\",\"Message\":\(JSONText.quoted(message)),"
                + "\"Timestamp\":\"\(moment)\"}"
        }
    }

    /// What S3 sends when notifications are set up; there is no object behind it.
    package static func test(bucket: String, at time: Timestamp) -> String {
        "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Time\":\"\(time.withMilliseconds)\","
            + "\"Bucket\":\"\(bucket)\",\"RequestId\":\"0A1B2C3D4E5F6071\",\"HostId\":\"host\"}"
    }
}
