import Engine

/// What people do once they are in: the broker's grants, code, clusters, the other clouds and the data platform.
extension SyntheticFeeds {
    /// Production is asked for, reviewed by a colleague, used, and ends by itself.
    mutating func askForProduction(_ moment: Moment, _ who: Organization.Person) {
        let request = dice.uuid()
        let reviewer = organization.people[colleague(of: moment.person)]
        let asked = moment.time - .seconds(dice.within(400...900))
        let expires = milliseconds(asked + .hours(4))
        teleport(
            "user.login", "T1001I", at: asked - .seconds(20),
            #""method":"saml","success":true,"user":"\#(who.email)","addr.remote":"\#(moment.address):50000""#
        )
        let reason = dice.pick([
            "OPS-\(dice.within(1_000...1_400)) rotate certificates",
            "INC-\(dice.within(100...160)) restore checkout",
        ])
        teleport(
            "access_request.create", "T5000I", at: asked,
            #""id":"\#(request)","user":"\#(who.email)","roles":["prod-admin"],"state":"PENDING","#
                + #""reason":"\#(reason)","expires":"\#(expires)""#)
        let reviewed = asked + .seconds(dice.within(60...300))
        let isDenied = dice.chance(0.04)
        teleport(
            "access_request.review", "T5002I", at: reviewed,
            #""id":"\#(request)","state":"\#(isDenied ? "DENIED" : "APPROVED")","proposed_state":"#
                + #""\#(isDenied ? "DENIED" : "APPROVED")","reviewer":"\#(reviewer.email)","roles":["prod-admin"]"#
        )
        if isDenied { return }
        teleport(
            "access_request.update", "T5001I", at: reviewed + .seconds(1),
            #""id":"\#(request)","user":"\#(who.email)","roles":["prod-admin"],"state":"APPROVED","#
                + #""updated_by":"\#(reviewer.email)","expires":"\#(expires)""#)
        let began = reviewed + .seconds(dice.within(10...60))
        let session = dice.uuid()
        let server =
            #""server_hostname":"prod-bastion-\#(dice.within(1...3))","server_id":"\#(stableID("bastion"))""#
        let common =
            #""user":"\#(who.email)","login":"ops","sid":"\#(session)","addr.remote":"\#(moment.address):50100",\#(server)"#
        teleport("session.start", "T2000I", at: began, common + #","access_requests":["\#(request)"]"#)
        teleport("session.end", "T2004I", at: began + .seconds(dice.within(120...2_400)), common)
    }

    /// The event's uid.
    @discardableResult
    mutating func teleport(_ event: String, _ code: String, at time: Timestamp, _ members: String) -> String {
        let uid = dice.uuid()
        record(
            "teleport.audit", at: time,
            #"{"ei":0,"event":"\#(event)","uid":"\#(uid)","code":"\#(code)","time":"\#(milliseconds(time))","#
                + #""cluster_name":"teleport.example.com",\#(members)}"#)
        return uid
    }

    mutating func useGitHub(_ moment: Moment, _ who: Organization.Person) {
        let repository = "example-corp/\(dice.pick(Names.services))"
        for number in 0..<dice.within(1...8) {
            let time = moment.time + .seconds(number * dice.within(200...900) + dice.below(200))
            let action =
                number == 0
                ? "git.clone"
                : dice.pick(["git.push", "git.fetch", "pull_request.merge", "workflows.created_workflow_run"])
            gitHub(action, in: repository, Hand(moment, who), at: time)
        }
    }

    /// The event's uid.
    @discardableResult
    mutating func gitHub(
        _ action: String, in repository: String, _ hand: Hand, at time: Timestamp, _ more: String = ""
    ) -> String {
        let uid = String(dice.uuid().prefix(22))
        let milliseconds = time.milliseconds
        record(
            "github.audit", at: time,
            #"{"@timestamp":\#(milliseconds),"_document_id":"\#(uid)","action":"\#(action)","#
                + #""actor":"\#(hand.who.login.replacing(".", with: "-"))","#
                + #""actor_id":\#(identifier(hand.person, "github") % 90_000_000),"#
                + #""actor_ip":"\#(hand.address)","actor_is_bot":false,"business":"example","created_at":\#(milliseconds),"#
                + #""org":"example-corp","org_id":501,"repo":"\#(repository)","user_agent":"git/2.47.0","#
                + #""external_identity_nameid":"\#(hand.who.email)","operation_type":"access"\#(more)}"#)
        return uid
    }

    mutating func useCluster(_ moment: Moment, _ who: Organization.Person, isOperator: Bool) {
        let namespace = dice.pick(Names.services)
        var time = moment.time + .seconds(dice.within(60...1_200))
        for _ in 0..<dice.within(3...14) {
            time = time + .seconds(dice.within(1...40))
            let (verb, resource) =
                isOperator && dice.chance(0.06)
                ? ("create", "pods/exec")
                : dice.pick([
                    ("get", "pods"), ("list", "pods"), ("get", "deployments"), ("list", "events"),
                    ("watch", "pods"),
                ])
            let name = verb == "list" || verb == "watch" ? "" : "\(namespace)-\(dice.hex(5))"
            kubernetes(
                verb, resource, name, in: namespace, as: who.email, groups: [who.team.name],
                from: moment.address, at: time)
        }
    }

    /// The event's uid; an empty name for none.
    @discardableResult
    mutating func kubernetes(
        _ verb: String, _ resource: String, _ name: String, in namespace: String, as user: String,
        groups: [String], from address: String, at time: Timestamp
    ) -> String {
        let parts = resource.split(separator: "/")
        let subresource = parts.count > 1 ? #","subresource":"\#(parts[1])""# : ""
        let named = name.isEmpty ? "" : #","name":"\#(name)""#
        let group = resource == "clusterrolebindings" ? #","apiGroup":"rbac.authorization.k8s.io""# : ""
        let path = namespace.isEmpty ? "" : "namespaces/\(namespace)/"
        let space = namespace.isEmpty ? "" : #","namespace":"\#(namespace)""#
        let micros = String(milliseconds(time).dropLast()) + "000Z"
        let uid = dice.uuid()
        let names = (groups + ["system:authenticated"]).map { "\"\($0)\"" }.joined(separator: ",")
        record(
            "kubernetes.audit", at: time,
            #"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"\#(uid)","#
                + #""stage":"ResponseComplete","requestURI":"/api/v1/\#(path)\#(resource)","#
                + #""verb":"\#(verb)","user":{"username":"\#(user)","groups":[\#(names)]},"#
                + #""sourceIPs":["\#(address)"],"userAgent":"kubectl/v1.34.1 (linux/amd64)","#
                + #""objectRef":{"resource":"\#(parts[0])"\#(space),"apiVersion":"v1"\#(group)\#(named)\#(subresource)},"#
                + #""responseStatus":{"metadata":{},"code":200},"requestReceivedTimestamp":"\#(micros)","#
                + #""stageTimestamp":"\#(micros)","annotations":{"authorization.k8s.io/decision":"allow","#
                + #""authorization.k8s.io/reason":"RBAC: allowed by ClusterRoleBinding \"\#(groups.first ?? "ci")\""}}"#
        )
        return uid + "/ResponseComplete"
    }

    mutating func useSnowflake(_ moment: Moment, _ who: Organization.Person) {
        let time = moment.time + .seconds(dice.within(30...900))
        snowflake(
            who.email.uppercased(), person: moment.person, from: moment.address,
            factor: "SAML2_ASSERTION", client: "SNOWFLAKE_UI", isDenied: dice.chance(0.02), at: time)
    }

    /// The event's uid.
    @discardableResult
    mutating func snowflake(
        _ user: String, person: Int, from address: String, factor: String, client: String, isDenied: Bool,
        at time: Timestamp
    ) -> String {
        let uid =
            identifier(person, "snowflake/\(user)") % 1_000_000_000_000
            + UInt64(bitPattern: time.milliseconds) % 1_000_000_000_000
        record(
            "snowflake.login_history", at: time,
            #"{"EVENT_ID":"\#(uid)","#
                + #""EVENT_TIMESTAMP":"\#(milliseconds(time))","EVENT_TYPE":"LOGIN","USER_NAME":"\#(user)","#
                + #""CLIENT_IP":"\#(address)","REPORTED_CLIENT_TYPE":"\#(client)","REPORTED_CLIENT_VERSION":"8.41.0","#
                + #""FIRST_AUTHENTICATION_FACTOR":"\#(factor)","SECOND_AUTHENTICATION_FACTOR":null,"#
                + #""IS_SUCCESS":"\#(isDenied ? "NO" : "YES")","ERROR_CODE":\#(isDenied ? "390422" : "null"),"#
                + #""ERROR_MESSAGE":\#(isDenied ? #""INCOMING_IP_BLOCKED""# : "null"),"RELATED_EVENT_ID":"0","CONNECTION":null}"#
        )
        return String(uid)
    }

    mutating func useGoogleCloud(_ moment: Moment, _ who: Organization.Person) {
        let project = Self.project
        var time = moment.time + .seconds(dice.within(60...1_800))
        for _ in 0..<dice.within(1...6) {
            time = time + .seconds(dice.within(5...400))
            let call = dice.pick([
                GoogleCall(
                    method: "google.cloud.bigquery.v2.JobService.InsertJob", service: "bigquery",
                    permission: "bigquery.jobs.create",
                    resource: "projects/\(project)/jobs/job_\(dice.hex(10))"),
                GoogleCall(
                    method: "storage.objects.get", service: "storage", permission: "storage.objects.get",
                    resource: "projects/_/buckets/example-events/objects/day.parquet"),
                GoogleCall(
                    method: "google.cloud.bigquery.v2.TableService.GetTable", service: "bigquery",
                    permission: "bigquery.tables.get",
                    resource: "projects/\(project)/datasets/events/tables/orders"),
            ])
            googleCloud(call, as: who.email, from: moment.address, agent: who.browser, at: time)
        }
    }

    static let project = "example-analytics"

    /// One call of Google Cloud.
    struct GoogleCall: Sendable {
        var method: String
        /// Without `.googleapis.com`.
        var service: String
        var permission: String
        var resource: String
        /// Whether it is logged as administration rather than as access to data.
        var isAdministration = false
    }

    /// The event's uid. `delegate` is who stands behind a service account's call.
    @discardableResult
    mutating func googleCloud(
        _ call: GoogleCall, as principal: String, behind delegate: String? = nil, from address: String,
        agent: String, at time: Timestamp
    ) -> String {
        let stamp = milliseconds(time)
        let id = dice.hex(14)
        let log =
            "projects/\(Self.project)/logs/cloudaudit.googleapis.com%2F"
            + (call.isAdministration ? "activity" : "data_access")
        let delegation =
            delegate.map {
                #","serviceAccountDelegationInfo":[{"firstPartyPrincipal":{"principalEmail":"\#($0)"}}]"#
            } ?? ""
        record(
            "gcp.audit", at: time,
            #"{"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"\#(call.service)"#
                + #".googleapis.com","methodName":"\#(call.method)","authenticationInfo":{"principalEmail":"\#(principal)"\#(delegation)},"#
                + #""requestMetadata":{"callerIp":"\#(address)","callerSuppliedUserAgent":"\#(agent)"},"resourceName":"#
                + #""\#(call.resource)","authorizationInfo":[{"resource":"\#(call.resource)","permission":"\#(call.permission)","#
                + #""granted":true}],"status":{}},"insertId":"\#(id)","resource":{"type":"bigquery_project","#
                + #""labels":{"project_id":"\#(Self.project)"}},"timestamp":"\#(stamp)","severity":"INFO","logName":"#
                + #""\#(log)","receiveTimestamp":"\#(stamp)"}"#)
        return "\(id)/\(log)/\(stamp)"
    }

    mutating func changeAzure(_ moment: Moment, _ who: Organization.Person) {
        let time = moment.time + .seconds(dice.within(100...2_500))
        let subscription = "/subscriptions/\(stableID("subscription"))"
        let machine =
            "\(subscription)/resourceGroups/shared/providers/Microsoft.Compute/virtualMachines/build-\(dice.within(1...6))"
        let action =
            "Microsoft.Compute/virtualMachines/\(dice.pick(["restart", "start", "deallocate"]))/action"
        let correlation = dice.uuid()
        record(
            "azure.activity", at: time,
            #"{"authorization":{"action":"\#(action)","scope":"\#(machine)"},"caller":"\#(who.email)","channels":"Operation","#
                + #""claims":{"ipaddr":"\#(moment.address)","name":"\#(who.fullName)","#
                + #""http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn":"\#(who.email)"},"correlationId":"\#(correlation)","#
                + #""eventDataId":"\#(dice.uuid())","eventName":{"value":"EndRequest","localizedValue":"End request"},"#
                + #""category":{"value":"Administrative","localizedValue":"Administrative"},"httpRequest":{"clientRequestId":"#
                + #""\#(correlation)","clientIpAddress":"\#(moment.address)","method":"POST"},"level":"Informational","#
                + #""resourceGroupName":"shared","resourceProviderName":{"value":"Microsoft.Compute","localizedValue":"Microsoft.Compute"},"#
                + #""resourceId":"\#(machine)","resourceType":{"value":"Microsoft.Compute/virtualMachines"},"operationId":"\#(correlation)","#
                + #""operationName":{"value":"\#(action)","localizedValue":"\#(action)"},"status":{"value":"Succeeded"},"subStatus":"#
                + #"{"value":""},"eventTimestamp":"\#(milliseconds(time))","submissionTimestamp":"\#(milliseconds(time + .seconds(60)))","#
                + #""subscriptionId":"\#(stableID("subscription"))","tenantId":"\#(stableID("tenant"))"}"#)
    }
}
