import Engine
import Ports
import Testing

@testable import Credentials

@Suite struct AWSEndpointsTests {
    /// What botocore 1.44.5's endpoint rules give.
    static let expected: [(service: String, region: String, fips: Bool, dual: Bool, url: String)] = [
        ("sqs", "eu-west-1", false, false, "https://sqs.eu-west-1.amazonaws.com"),
        ("sqs", "eu-west-1", false, true, "https://sqs.eu-west-1.api.aws"),
        ("sts", "us-east-1", true, false, "https://sts-fips.us-east-1.amazonaws.com"),
        ("cloudtrail", "us-east-1", true, true, "https://cloudtrail-fips.us-east-1.api.aws"),
        ("cloudtrail", "us-gov-west-1", true, false, "https://cloudtrail.us-gov-west-1.amazonaws.com"),
        ("sqs", "us-gov-west-1", true, true, "https://sqs-fips.us-gov-west-1.api.aws"),
        ("sts", "cn-north-1", false, false, "https://sts.cn-north-1.amazonaws.com.cn"),
        ("sqs", "cn-north-1", false, true, "https://sqs.cn-north-1.api.amazonwebservices.com.cn"),
        ("sso", "eu-west-1", false, false, "https://portal.sso.eu-west-1.amazonaws.com"),
        ("sqs", "us-iso-east-1", true, false, "https://sqs-fips.us-iso-east-1.c2s.ic.gov"),
        ("sts", "eusc-de-east-1", false, true, "https://sts.eusc-de-east-1.api.amazonwebservices.eu"),
    ]

    @Test(
        "Each partition, FIPS and dual-stack endpoint is where botocore looks for it",
        arguments: expected.indices)
    func endpoints(index: Int) {
        let row = Self.expected[index]
        let endpoints = AWSEndpoints(region: row.region, usesFIPS: row.fips, usesDualStack: row.dual)
        #expect(endpoints.url(of: row.service) == row.url)
    }

    @Test("A bucket stands in the host's name, in the path where it has a dot or the endpoint is overridden")
    func buckets() {
        var endpoints = AWSEndpoints(region: "eu-west-1", usesFIPS: true, usesDualStack: true)
        #expect(endpoints.url(ofBucket: "logs") == "https://logs.s3-fips.dualstack.eu-west-1.amazonaws.com")
        endpoints = AWSEndpoints(region: "cn-north-1")
        #expect(endpoints.url(ofBucket: "a.logs") == "https://s3.cn-north-1.amazonaws.com.cn/a.logs")
        endpoints.overrides = ["s3": "http://127.0.0.1:9000/"]
        #expect(endpoints.url(ofBucket: "logs") == "http://127.0.0.1:9000/logs")
        #expect(endpoints.url(of: "sqs") == "https://sqs.cn-north-1.amazonaws.com.cn")
    }

    @Test("An error is read from JSON, XML and headers alike")
    func errors() {
        func error(_ status: Int, _ body: String, headers: HTTPHeaders = [:]) -> AWSError? {
            AWSError(HTTPResponse(status: status, headers: headers, body: Array(body.utf8)))
        }
        #expect(
            error(400, #"{"__type":"com.x#ThrottlingException","Message":"m"}"#)?.text
                == "ThrottlingException: m")
        #expect(
            error(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>")?.text
                == "AccessDenied: no")
        #expect(
            error(400, "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>")?.isThrottle
                == true)
        #expect(
            error(
                400, "{}", headers: ["x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender"])?
                .code
                == "AWS.SimpleQueueService.NonExistentQueue")
        #expect(error(404, "")?.code == "HTTP 404")
        #expect(error(200, "") == nil)
    }
}
