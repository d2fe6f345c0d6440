import Testing

@testable import Engine

@Suite("What a Sigma detection means")
struct RuleSemanticsTests {
    private func matches(_ detection: String, _ record: String, location: SourceLocation = #_sourceLocation)
        throws -> Bool
    {
        try RuleMaterial.matches(detection, record, sourceLocation: location)
    }

    private func one(_ item: String, _ record: String, location: SourceLocation = #_sourceLocation) throws
        -> Bool
    {
        try matches("selection:\n  \(item)\ncondition: selection", record, location: location)
    }

    @Test("Text compares whole and without regard to case; a number and its text are the same")
    func equality() throws {
        #expect(try one("eventName: consolelogin", #"{"eventName":"ConsoleLogin"}"#))
        #expect(try !one("eventName: Console", #"{"eventName":"ConsoleLogin"}"#))
        #expect(try one("a: 50057", #"{"a":"50057"}"#))
        #expect(try one("a: '50057'", #"{"a":50057}"#))
        #expect(try one("a: 1.5", #"{"a":1.50}"#))
        #expect(try one("a: true", #"{"a":true}"#))
        #expect(try one("a: 'true'", #"{"a":true}"#))
        #expect(try !one("a: true", #"{"a":false}"#))
        #expect(try one("a: ''", #"{"a":""}"#))
        #expect(try !one("a: ''", #"{"a":null}"#))
        #expect(try !one("a: ''", #"{"b":1}"#))
        #expect(try one("a: GRÜSSE", #"{"a":"grüsse"}"#))
        #expect(try one("a: GRÜSSE", #"{"a":"gr\u00fcsse"}"#))
        #expect(try one("a: 😀", #"{"a":"\ud83d\ude00"}"#))
    }

    @Test("null is a missing field or a null; exists asks for presence alone")
    func absence() throws {
        #expect(try one("a: null", #"{"b":1}"#))
        #expect(try one("a:", #"{"a":null}"#))
        #expect(try !one("a: null", #"{"a":""}"#))
        #expect(try one("a|exists: true", #"{"a":null}"#))
        #expect(try !one("a|exists: true", #"{"b":null}"#))
        #expect(try one("a|exists: false", #"{"b":null}"#))
    }

    @Test(
        "Wildcards and their escapes are Sigma's",
        arguments: [
            (#"C:\Windows\*"#, #"C:\\Windows\\System32"#, false),
            (#"C:\Windows\\*"#, #"C:\\Windows\\System32"#, true),
            (#"a\*b"#, "a*b", true), (#"a\*b"#, "axb", false), ("a*b", "axxb", true), ("a?b", "axb", true),
            ("a?b", "axxb", false), ("a?b", "a😀b", true), (#"a\\*"#, #"a\\bc"#, true),
            (#"\\\\host"#, #"\\\\host"#, true),
            ("*middle*", "in the middle of", true), ("*end", "the end", true), ("*end", "the ends", false),
            ("*", "", true), ("a*b*c*d", "a1b2c3d", true), ("a*b*c*d", "a1b2d3c", false),
            ("*a*a*a*b", "aaaaaaaaaa", false),
        ])
    func wildcards(value: String, text: String, expected: Bool) throws {
        let quoted = "'" + value + "'"
        #expect(try one("a: \(quoted)", #"{"a":""# + text + #""}"#) == expected)
    }

    @Test("A wildcard alone needs the field to be there")
    func anything() throws {
        #expect(try one("a: '*'", #"{"a":0}"#))
        #expect(try !one("a: '*'", #"{"b":0}"#))
        #expect(try !one("a: '*'", #"{"a":null}"#))
    }

    @Test("Lists are OR, all makes them AND, maps are AND, lists of maps are OR")
    func linking() throws {
        #expect(try one("a: [x, y]", #"{"a":"y"}"#))
        #expect(try one("a|contains|all: [x, y]", #"{"a":"yx"}"#))
        #expect(try !one("a|contains|all: [x, y]", #"{"a":"y"}"#))
        let detection = "selection:\n  - a: 1\n    b: 2\n  - c: 3\ncondition: selection"
        #expect(try matches(detection, #"{"a":1,"b":2}"#))
        #expect(try !matches(detection, #"{"a":1,"b":3}"#))
        #expect(try matches(detection, #"{"c":3}"#))
    }

    @Test(
        "Many substrings are found in one pass as one by one",
        arguments: [
            ("xxKALIxx", true), ("p", false), ("z", true), ("az", true), ("kal", false), ("pari", false),
            ("parrot", true), ("", false), ("kapali", false), ("pakali", true), ("ü", true), ("y", false),
        ])
    func manySubstrings(text: String, expected: Bool) throws {
        #expect(try one("a|contains: [kali, parrot, pacu, z, Ü]", #"{"a":""# + text + #""}"#) == expected)
    }

    @Test("Arrays match by any element, objects by their compact text, dots go into both")
    func nesting() throws {
        #expect(try one("a.b: 2", #"{"a":[{"b":1},{"b":2}]}"#))
        #expect(try one("a: x", #"{"a":[["y"],["x"]]}"#))
        #expect(try one(#"a|contains: '"b":1'"#, #"{ "a" : { "b" : 1 } }"#))
        #expect(try one("a.b: 1", #"{"a.b":1}"#))
        #expect(try one("a.b.c: 1", #"{"a":{"b.c":1}}"#))
        #expect(try one("a: '[]'", #"{"a":[]}"#))
        #expect(try one("a.b: 1", #"{"\u0061":{"b":1}}"#))
        #expect(try !one("a: 1", #"{"b":{"a":1}}"#))
    }

    @Test("AWS field names may be written in any case; the members of open objects may not")
    func spelling() throws {
        #expect(
            try one(
                "useridentity.SESSIONCONTEXT.sessionissuer.type: Role",
                #"{"userIdentity":{"sessionContext":{"sessionIssuer":{"type":"Role"}}}}"#))
        #expect(try !one("requestParameters.username: a", #"{"requestParameters":{"userName":"a"}}"#))
        #expect(
            try RuleMaterial.matches(
                "selection:\n  resultType: 0\ncondition: selection", #"{"ResultType":"0"}"#,
                feed: "entra.signin",
                logsource: "{product: azure, service: signinlogs}"))
    }

    @Test("Keywords are searched in the whole record, as written and with escapes undone")
    func keywords() throws {
        let detection = "keywords:\n  - 'needle one'\n  - 'C:\\Temp'\ncondition: keywords"
        #expect(try matches(detection, #"{"a":{"b":["a NEEDLE one b"]}}"#))
        #expect(try matches(detection, #"{"a":"C:\\Temp\\x"}"#))
        #expect(try matches(detection, #"{"a":"needle\u0020one"}"#))
        #expect(try !matches(detection, #"{"a":"needle","b":"one"}"#))
        let both = "keywords:\n  '|all':\n    - red\n    - blue\ncondition: keywords"
        #expect(try matches(both, #"{"a":"red","b":"blue"}"#))
        #expect(try !matches(both, #"{"a":"red","b":"green"}"#))
    }

    @Test("Regular expressions search and mind the case, unless told otherwise")
    func patterns() throws {
        #expect(try one("a|re: 'b.d'", #"{"a":"abcde"}"#))
        #expect(try !one("a|re: 'B.D'", #"{"a":"abcde"}"#))
        #expect(try one("a|re|i: 'B.D'", #"{"a":"abcde"}"#))
        #expect(try one("a|re: '^ab'", #"{"a":"abcde"}"#))
        #expect(try !one("a|re: '^b'", #"{"a":"abcde"}"#))
        #expect(try one("a|re: '.*bc.*'", #"{"a":"abcde"}"#))
        #expect(try one("a|re: 'de$'", #"{"a":"abcde"}"#))
        #expect(try one("a|re: '^(a|x)b?c+'", #"{"a":"acc"}"#))
        #expect(try one("a|re|m: '^b'", #"{"a":"a\nb"}"#))
        #expect(try !one("a|re: 'a.b'", #"{"a":"a\nb"}"#))
        #expect(try one("a|re|s: 'a.b'", #"{"a":"a\nb"}"#))
        // RE2 has no look-ahead: PCRE2 runs it.
        #expect(try one("a|re: 'ab(?!x)c'", #"{"a":"abc"}"#))
    }

    @Test("Networks hold addresses of both families")
    func networks() throws {
        #expect(try one("a|cidr: 10.1.0.0/16", #"{"a":"10.1.2.3"}"#))
        #expect(try !one("a|cidr: 10.1.0.0/16", #"{"a":"10.2.2.3"}"#))
        #expect(try one("a|cidr: 10.1.0.0/16", #"{"a":"::ffff:10.1.0.9"}"#))
        #expect(try one("a|cidr: 2001:db8::/33", #"{"a":"2001:db8:0:1::1"}"#))
        #expect(try !one("a|cidr: 2001:db8::/33", #"{"a":"2001:db8:8000::1"}"#))
        #expect(try one("a|cidr: 0.0.0.0/0", #"{"a":"1.2.3.4"}"#))
        #expect(try !one("a|cidr: 0.0.0.0/0", #"{"a":"cloudtrail.amazonaws.com"}"#))
        #expect(try one("a|cidr: [192.0.2.1, '::1']", #"{"a":["x","::1"]}"#))
    }

    @Test("Encodings, dashes, comparisons and parts of dates")
    func modifiers() throws {
        #expect(try one("a|base64: foobar", #"{"a":"Zm9vYmFy"}"#))
        #expect(try one("a|base64offset|contains: /bin/bash", #"{"a":"ZWNobyAvYmluL2Jhc2gK"}"#))
        #expect(try one("a|wide|base64offset|contains: ping", #"{"a":"cABpAG4AZwAg"}"#))
        #expect(try one("a|utf16le|base64: xy", #"{"a":"eAB5AA=="}"#))
        #expect(try one("a|utf16be|base64: xy", #"{"a":"AHgAeQ=="}"#))
        // With the mark FF FE before it.
        #expect(try one("a|utf16|base64: xy", #"{"a":"//54AHkA"}"#))
        #expect(try !one("a|utf16|base64: xy", #"{"a":"eAB5AA=="}"#))
        #expect(try one("a|windash|contains: ' -enc'", #"{"a":"x /enc y"}"#))
        #expect(try one("a|windash|contains: ' -enc'", #"{"a":"x —enc y"}"#))
        #expect(try !one("a|windash|contains: ' -enc'", #"{"a":"x +enc y"}"#))
        #expect(try one("a|gte: 10", #"{"a":10}"#))
        #expect(try !one("a|gt: 10", #"{"a":"10"}"#))
        #expect(try one("a|lt: 10.5", #"{"a":-3e2}"#))
        #expect(try !one("a|lt: 10", #"{"a":"few"}"#))
        #expect(try one("a|neq: x", #"{"a":"y"}"#))
        #expect(try !one("a|neq: x", #"{"a":"X"}"#))
        #expect(try one("eventTime|hour: 23", #"{"eventTime":"2026-11-23T23:10:00Z"}"#))
        #expect(try one("eventTime|week: 48", #"{"eventTime":"2026-11-23T23:10:00Z"}"#))
        #expect(try one("eventTime|hour|gte: 22", #"{"eventTime":"2026-11-23T23:10:00Z"}"#))
        #expect(try one("a|cased: Root", #"{"a":"Root"}"#))
        #expect(try !one("a|cased: Root", #"{"a":"root"}"#))
        #expect(try !one("a|contains|cased: OO", #"{"a":"Root"}"#))
        #expect(try one("a|fieldref: b", #"{"a":"Same","b":["other","same"]}"#))
        #expect(try !one("a|fieldref: b", #"{"a":"Same"}"#))
        #expect(try one("a|fieldref|endswith: b", #"{"a":"a role","b":"ROLE"}"#))
    }

    @Test(
        "Conditions: or binds loosest, then and, then not, then x of",
        arguments: [
            ("a or b and c", "a", true), ("(a or b) and c", "a", false), ("not a or b", "b", true),
            ("not a and not b", "c", true),
            ("not (a and b)", "ab", false), ("1 of s_*", "y", true), ("all of s_*", "y", false),
            ("all of s_*", "xy", true),
            ("all of them", "abcxy", true), ("1 of them", "_", false), ("any of s_*", "x", true),
            ("not 1 of s_*", "a", true),
            ("a AND NOT b", "a", true),
        ])
    func conditions(condition: String, present: String, expected: Bool) throws {
        let names = [("a", "a"), ("b", "b"), ("c", "c"), ("s_x", "x"), ("s_y", "y"), ("_hidden", "_")]
        let detection = names.map { "\($0.0):\n  v|contains: '\($0.1)'" }.joined(separator: "\n")
        #expect(
            try matches("\(detection)\ncondition: \(condition)", #"{"v":""# + present + #""}"#) == expected)
    }

    @Test("A list of conditions is an OR of them")
    func conditionList() throws {
        let detection = "a:\n  v: 1\nb:\n  v: 2\ncondition:\n  - a\n  - b"
        #expect(try matches(detection, #"{"v":2}"#))
        #expect(try !matches(detection, #"{"v":3}"#))
    }

    @Test("Placeholders come from configuration, and a rule with an unknown one is refused by name")
    func placeholders() throws {
        let text = """
            title: t
            logsource: {product: aws, service: cloudtrail}
            detection:
              selection:
                a|expand: '%people%@example.com'
              condition: selection
            """
        let documents = try RuleMaterial.parsed(text)
        let refused = RuleSet(reading: documents, placeholders: ["peoples": ["x"]])
        #expect(
            refused.problems.map(\.description) == [
                "rule.yml:5:15: no values are configured for the placeholder %people% (did you mean %peoples%?)"
            ])
        let rules = RuleSet(reading: documents, placeholders: ["people": ["ann", "b*"]])
        var matcher = RuleMatcher(RuleCompiler.compile(rules.rules, feed: "aws.cloudtrail"))
        var hits: [Bool] = []
        let records = #"{"a":"ann@example.com"}{"a":"bob@example.com"}{"a":"cy@example.com"}"#
        RuleMaterial.forEachRecord(Array(records.utf8)) { tape, record in
            matcher.match(tape, record)
            hits.append(!matcher.hits.isEmpty)
        }
        #expect(hits == [true, true, false])
    }

    @Test(
        "Fields that public rules call otherwise are found where the vendor has them",
        arguments: [
            ("{product: aws, service: cloudtrail}", "src_ip: 192.0.2.7", #"{"sourceIPAddress":"192.0.2.7"}"#),
            (
                "{product: azure, service: auditlogs}", "ActivityType: Password reset",
                #"{"activityDisplayName":"Password reset"}"#
            ),
            (
                "{product: azure, service: auditlogs}", "properties.message: Add user",
                #"{"properties":{"activityDisplayName":"Add user"}}"#
            ),
            (
                "{product: azure, service: activitylogs}", "OperationNameValue|endswith: /delete",
                #"{"operationName":{"value":"Microsoft.X/y/DELETE","localizedValue":"Delete"}}"#
            ),
            (
                "{product: gcp, service: gcp.audit}", "gcp.audit.method_name: SetIamPolicy",
                #"{"protoPayload":{"methodName":"SetIamPolicy"}}"#
            ),
            (
                "{product: gcp, service: gcp.audit}", "data.protoPayload.resource.type: k8s_cluster",
                #"{"resource":{"type":"k8s_cluster"}}"#
            ),
            (
                "{product: gcp, service: google_workspace.admin}", "new_value: 'false'",
                #"{"id":{"applicationName":"admin"},"events":[{"name":"X","parameters":[{"name":"NEW_VALUE","value":"false"}]}]}"#
            ),
            (
                "{product: gcp, service: google_workspace.login}",
                "protoPayload.metadata.event.eventName: suspicious_login",
                #"{"id":{"applicationName":"login"},"events":[{"name":"suspicious_login"}]}"#
            ),
            (
                "{product: kubernetes, service: audit}", "apiGroup: apps",
                #"{"objectRef":{"resource":"deployments","apiGroup":"apps"}}"#
            ),
            (
                "{product: m365, service: audit}", "RequestType: Cmsi:Cmsi",
                #"{"ExtendedProperties":[{"Name":"RequestType","Value":"Cmsi:Cmsi"}]}"#
            ),
        ])
    func otherNames(logsource: String, item: String, record: String) throws {
        let feed = "generic.json"
        #expect(
            try RuleMaterial.matches("s:\n  \(item)\ncondition: s", record, feed: feed, logsource: logsource))
        #expect(
            try !RuleMaterial.matches(
                "s:\n  \(item)\ncondition: s", "{\"x\":1}", feed: feed, logsource: logsource))
    }

    @Test("Rules apply to the feeds of their logsource, and all to generic.json")
    func feeds() {
        let cloudTrail = Logsource(product: "aws", service: "cloudtrail")
        #expect(cloudTrail.applies(to: "aws.cloudtrail"))
        #expect(!cloudTrail.applies(to: "okta.system_log"))
        #expect(cloudTrail.applies(to: "generic.json"))
        #expect(Logsource(product: "azure", service: "signinlogs").applies(to: "entra.signin"))
        #expect(Logsource(product: "azure", service: "m365").applies(to: "m365.audit"))
        #expect(Logsource(product: "aws").applies(to: "aws.cloudtrail"))
        #expect(!Logsource(category: "process_creation", product: "windows").applies(to: "aws.cloudtrail"))
        #expect(
            Logsource(category: "application", product: "kubernetes", service: "audit").applies(
                to: "kubernetes.audit"))
    }
}
