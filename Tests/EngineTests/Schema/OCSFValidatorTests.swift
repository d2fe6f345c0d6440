import Engine
import Foundation
import Testing

/// The shared reference data beside the package, where it is there.
enum SharedData {
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let root = package.appending(path: "../shared/data").standardized
    static var isThere: Bool { FileManager.default.fileExists(atPath: root.path) }

    static func bytes(_ path: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: root.appending(path: path)))
    }
}

extension OCSFValidator {
    mutating func errors(in text: String) -> [String] {
        findings(in: Array(text.utf8).span).filter(\.isError).map { "\($0.rule.rawValue) \($0.path)" }
    }
}

@Suite struct OCSFValidatorTests {
    static let valid = """
        {"activity_id":1,"activity_name":"Logon","actor":{"user":{"name":"ana","uid":"u1","type":"User","type_id":1}},\
        "category_name":"Identity & Access Management","category_uid":3,"class_name":"Authentication",\
        "class_uid":3002,"cloud":{"provider":"AWS","region":"eu-west-1"},\
        "metadata":{"product":{"name":"P","vendor_name":"V"},"profiles":["cloud","datetime"],"uid":"e1",\
        "version":"1.9.0"},"observables":[{"name":"src_endpoint.ip","type":"IP Address","type_id":2,\
        "value":"192.0.2.1"}],"service":{"name":"signin"},"severity":"Informational","severity_id":1,\
        "src_endpoint":{"ip":"192.0.2.1","port":443},"status":"Success","status_id":1,"time":1699633474000,\
        "time_dt":"2023-11-10T16:24:34Z","type_name":"Authentication: Logon","type_uid":300201,\
        "unmapped":{"a":[1,{"b":null}]},"user":{"name":"ana","uid":"u1"}}
        """

    @Test("A right event has no findings")
    func right() {
        var validator = OCSFValidator(OCSFTables[.v1_9_0])
        #expect(validator.findings(in: Array(Self.valid.utf8).span) == [])
    }

    @Test(
        "Each kind of fault is reported at its path",
        arguments: [
            (#""uid":"e1","#, #""uid":"e1","uidd":"x","#, "unknownAttribute metadata.uidd"),
            (#""severity_id":1,"#, "", "missingRequired severity_id"),
            (
                #""product":{"name":"P","vendor_name":"V"}"#, #""product":{"vendor_name":"V"}"#,
                "brokenConstraint metadata.product"
            ),
            (#""service":{"name":"signin"},"#, "", "brokenConstraint "),
            (#""provider":"AWS","#, "", "missingRequired cloud.provider"),
            (#""profiles":["cloud","datetime"]"#, #""profiles":["datetime"]"#, "profileNotApplied cloud"),
            (
                #""profiles":["cloud","datetime"]"#, #""profiles":["cloud","datetime","clod"]"#,
                "unknownProfile metadata.profiles"
            ),
            (#""time":1699633474000"#, #""time":"2023""#, "wrongType time"),
            (#""time_dt":"2023-11-10T16:24:34Z""#, #""time_dt":"10 Nov""#, "wrongFormat time_dt"),
            (#""ip":"192.0.2.1""#, #""ip":"AWS Internal""#, "wrongFormat src_endpoint.ip"),
            (#""port":443"#, #""port":70000"#, "wrongType src_endpoint.port"),
            (#""severity_id":1"#, #""severity_id":7"#, "unknownEnumValue severity_id"),
            (#""status":"Success""#, #""status":"Failure""#, "wrongSibling status"),
            (#""status":"Success","status_id":1"#, #""status_id":99"#, "missingSibling status"),
            (#""type_uid":300201"#, #""type_uid":300202"#, "wrongArithmetic type_uid"),
            (#""category_uid":3"#, #""category_uid":6"#, "wrongArithmetic category_uid"),
            (#""class_uid":3002"#, #""class_uid":3999"#, "unknownClass class_uid"),
            (#""version":"1.9.0""#, #""version":"1.1.0""#, "wrongVersion metadata.version"),
            (
                #""name":"src_endpoint.ip""#, #""name":"src_endpoint.ipp""#,
                "unknownObservable observables[0].name"
            ),
            (#""user":{"name":"ana","uid":"u1"}}"#, #""user":{"type":"x"}}"#, "brokenConstraint user"),
            (#""unmapped":{"a""#, #""time":1,"unmapped":{"a""#, "duplicateKey time"),
            (#""unmapped":{"a""#, #""resources":[],"unmapped":{"a""#, "unknownAttribute resources"),
        ])
    func faults(what: String, instead: String, expected: String) {
        var validator = OCSFValidator(OCSFTables[.v1_9_0])
        let event = Self.valid.replacing(what, with: instead, maxReplacements: 1)
        #expect(event != Self.valid)
        #expect(validator.errors(in: event).contains(expected))
    }

    @Test("Seeded mutations of a right event are each noticed")
    func mutations() throws {
        var validator = OCSFValidator(OCSFTables[.v1_9_0])
        let required = [
            "activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid", "user",
        ]
        for name in required {
            var tree = EventTree()
            let bytes = Array(Self.valid.utf8)
            try tree.read(bytes.span)
            for child in tree.children(of: 0) {
                let node = tree.nodes[child]
                guard String(decoding: bytes[node.keyRange], as: UTF8.self) == name else { continue }
                let renamed =
                    Array(bytes[..<node.keyRange.lowerBound]) + Array("zz".utf8)
                    + Array(bytes[node.keyRange.lowerBound...])
                let rules = validator.findings(in: renamed.span).map(\.rule)
                #expect(
                    rules.contains(name == "class_uid" ? .unknownClass : .missingRequired), "without \(name)")
                let typed =
                    Array(bytes[..<node.range.lowerBound]) + Array("true".utf8)
                    + Array(bytes[node.range.upperBound...])
                let errors = validator.findings(in: typed.span).filter(\.isError)
                #expect(!errors.isEmpty, "\(name) of the wrong type")
            }
        }
    }

    @Test("Text cut anywhere, and hostile text, is malformed or invalid and never a trap")
    func hostile() {
        var validator = OCSFValidator(OCSFTables[.v1_9_0])
        let bytes = Array(Self.valid.utf8)
        for end in 0..<bytes.count {
            let cut = Array(bytes[..<end])
            #expect(validator.findings(in: cut.span).map(\.rule) == [.malformed])
        }
        for text in [
            "", "[]", "1", "{}", #"{"class_uid":"3002"}"#, #"{"class_uid":3002,"metadata":[]}"#,
            #"{"class_uid":3002,"metadata":{"profiles":{}},"observables":[1,{"name":{}}]}"#,
            String(repeating: "[", count: 100_000), #"{"a":1}}"#, #"{"a":1,}"#, #"{"a" 1}"#,
            "{\"a\":\"\u{01}\"}",
        ] {
            #expect(!validator.findings(in: Array(text.utf8).span).isEmpty, "\(text.prefix(40))")
        }
    }

    @Test("A deprecated attribute is a warning, not an error")
    func deprecated() {
        var validator = OCSFValidator(OCSFTables[.v1_9_0])
        let event = Self.valid.replacing(#""actor":{"#, with: #""actor":{"invoked_by":"x","#)
        let findings = validator.findings(in: Array(event.utf8).span)
        #expect(findings.map(\.description) == ["deprecated actor.invoked_by: since 1.2.0"])
        #expect(!findings[0].isError)
    }

    @Test(
        "AWS's own example events are valid, but for the faults named here, which are theirs",
        .enabled(if: SharedData.isThere, "../shared/data is absent"),
        arguments: [
            ("v1.1.0/CloudTrail/Authentication/samples/authentication", []),
            ("v1.1.0/CloudTrail/Account_Change/samples/account_change", []),
            ("v1.1.0/CloudTrail/API_Activity/samples/generic_api_activity", []),
            // A comma before a closing brace is not JSON.
            ("v1.5.0/CloudTrail/Authentication/samples/authentication", ["malformed "]),
            ("v1.5.0/CloudTrail/Account_Change/samples/account_change", []),
            ("v1.5.0/CloudTrail/API_Activity/samples/generic_api_activity", ["malformed "]),
            // A space where the schema's own pattern wants a T, and no offset.
            ("v1.1.0/EKS_Audit_Logs/samples/eks", ["wrongFormat start_time_dt", "wrongFormat time_dt"]),
            ("v1.5.0/EKS_Audit_Logs/samples/eks", ["malformed "]),
        ] as [(String, [String])])
    func examples(path: String, faults: [String]) throws {
        let version = path.hasPrefix("v1.1.0") ? OCSFSchema.Version.v1_1_0 : .v1_5_0
        var validator = OCSFValidator(OCSFTables[version])
        let bytes = try SharedData.bytes("ocsf/examples/AWS/\(path).ocsf")
        let errors = validator.findings(in: bytes.span).filter(\.isError).map {
            "\($0.rule.rawValue) \($0.path)"
        }
        #expect(errors == faults)
        if errors == ["malformed "] {
            let mended = String(decoding: bytes, as: UTF8.self).replacing(/,(\s*[}\]])/) { $0.output.1 }
            let rest =
                path.contains("EKS")
                ? ["wrongFormat start_time_dt", "wrongFormat time_dt"]
                // This sign-in has neither the user who signs in nor what they sign in to: both are required.
                : path.contains("Authentication") ? ["missingRequired user", "brokenConstraint "] : []
            #expect(validator.errors(in: mended) == rest)
        }
    }
}
