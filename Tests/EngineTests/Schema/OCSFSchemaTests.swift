import Engine
import Pipeline
import Testing

/// The tables as they are in the binary, read once.
enum OCSFTables {
    static let all: [OCSFSchema.Version: OCSFSchema] = Dictionary(
        uniqueKeysWithValues: OCSFSchema.Version.allCases.map { version in
            guard let table = Assets.bytes(version.tablePath) else { fatalError("no table \(version)") }
            do {
                return (version, try OCSFSchema(table: table, path: version.tablePath))
            } catch {
                fatalError("\(error)")
            }
        })

    static subscript(_ version: OCSFSchema.Version) -> OCSFSchema { all[version]! }
}

@Suite struct OCSFSchemaTests {
    let schema = OCSFTables[.v1_9_0]

    @Test("Classes are found by name and by uid, with the version's activities")
    func classes() throws {
        let authentication = try schema.requireClass("authentication", at: nil)
        #expect(authentication.uid == 3002)
        #expect(authentication.categoryUID == 3)
        #expect(try authentication.requireActivity("logon", at: nil).id == 1)
        #expect(schema.eventClass(uid: 3007)?.name == "user_management")
        #expect(
            try schema.requireClass("user_management", at: nil).requireActivity("assign_roles", at: nil).id
                == 16)
        #expect(schema.baseEvent.uid == 0)
        #expect(OCSFTables[.v1_1_0].eventClass(named: "user_management") == nil)
        #expect(OCSFTables[.v1_8_0].eventClass(named: "account_change")?.deprecatedSince == nil)
        #expect(schema.eventClass(named: "account_change")?.deprecatedSince == "1.9.0")
        #expect(schema.categoryName(3) == "Identity & Access Management")
    }

    @Test("Every table names its own version and holds the classes that identity telemetry needs")
    func versions() {
        for version in OCSFSchema.Version.allCases {
            let schema = OCSFTables[version]
            #expect(schema.version == version.rawValue)
            for uid in [3001, 3002, 3003, 3004, 3005, 3006, 6003, 2004, 2003, 2005, 5001] {
                #expect(schema.eventClass(uid: uid) != nil, "\(uid) in \(version.rawValue)")
            }
        }
    }

    @Test("A path leads to its attribute's type, enum and observable")
    func paths() throws {
        let api = try schema.requireClass("api_activity", at: nil)
        let uid = try schema.resolve("actor.user.uid", in: api)
        #expect(uid.attribute.type == .scalar(.string))
        #expect(uid.observable == 31)
        #expect(try schema.resolve("src_endpoint.ip", in: api).observable == 2)
        #expect(
            try schema.resolve("actor.user.account.type_id", in: api).attribute.value(named: "aws_account")?
                .id == 10)
        let resource = try schema.resolve("resources[1].uid", in: api)
        #expect(resource.steps.map(\.element) == [1, nil])
        #expect(resource.steps[0].attribute.isArray)
        #expect(try schema.resolve("cloud.region", in: api).profiles == ["cloud"])
        #expect(try schema.resolve("metadata.logged_time_dt", in: api).profiles == ["datetime"])
        #expect(try schema.resolve("unmapped.a.b", in: api).rest == ["a", "b"])
        #expect(try schema.resolve("api.request.data.x", in: api).rest == ["x"])
        #expect(try schema.resolve("status_id", in: api).attribute.caption(of: "2") == "Failure")
    }

    @Test("A finding's status has the finding's captions, not the base event's")
    func overriddenEnum() throws {
        let finding = try schema.requireClass("detection_finding", at: nil)
        #expect(finding["status_id"]?.caption(of: "1") == "New")
        #expect(schema.baseEvent["status_id"]?.caption(of: "1") == "Success")
    }

    @Test("A wrong path, class or activity is answered with the nearest right one")
    func nearest() throws {
        let api = try schema.requireClass("api_activity", at: nil)
        let path = #expect(throws: Problem.self) { try schema.resolve("actor.user.uidd", in: api) }
        #expect(path?.hint == "did you mean actor.user.uid?")
        let inside = #expect(throws: Problem.self) { try schema.resolve("actor.user.uid.x", in: api) }
        #expect(inside?.message == "actor.user.uid is a value and has nothing inside")
        let name = #expect(throws: Problem.self) { try schema.requireClass("autentication", at: nil) }
        #expect(name?.hint == "did you mean authentication?")
        let activity = #expect(throws: Problem.self) { try api.requireActivity("craete", at: nil) }
        #expect(activity?.hint == "did you mean create?")
    }

    @Test("Captions become names as mappings write them")
    func names() {
        #expect(ocsfName(of: "Attach Policies") == "attach_policies")
        #expect(ocsfName(of: "OAUTH 2.0") == "oauth_2_0")
        #expect(ocsfName(of: "Learning (ML/DL)") == "learning_ml_dl")
    }

    @Test("Constraints and requirements are those of the class or object")
    func rules() throws {
        #expect(schema.eventClass(named: "authentication")?.atLeastOne == ["service", "dst_endpoint"])
        #expect(schema.object(named: "user")?.atLeastOne == ["account", "name", "uid"])
        #expect(schema.eventClass(named: "authentication")?["user"]?.requirement == .required)
        #expect(schema.object(named: "actor")?["invoked_by"]?.deprecatedSince == "1.2.0")
    }
}
