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

    private mutating func teleport(_ event: String, _ code: String, at time: Timestamp, _ members: String) {
        record(
            "teleport.audit", at: time,
            #"{"ei":0,"event":"\#(event)","uid":"\#(dice.uuid())","code":"\#(code)","time":"\#(milliseconds(time))","#
                + #""cluster_name":"teleport.example.com",\#(members)}"#)
    }

    mutating func useGitHub(_ moment: Moment, _ who: Organization.Person) {
        let login = who.login.replacing(".", with: "-")
        let repository = "example-corp/\(dice.pick(Names.services))"
        for number in 0..<dice.within(1...8) {
            let time = moment.time + .seconds(number * dice.within(200...900) + dice.below(200))
            let action =
                number == 0
                ? "git.clone"
                : dice.pick(["git.push", "git.fetch", "pull_request.merge", "workflows.created_workflow_run"])
            let milliseconds = time.milliseconds
            record(
                "github.audit", at: time,
                #"{"@timestamp":\#(milliseconds),"_document_id":"\#(dice.uuid().prefix(22))","action":"\#(action)","#
                    + #""actor":"\#(login)","actor_id":\#(identifier(moment.person, "github") % 90_000_000),"#
                    + #""actor_ip":"\#(moment.address)","actor_is_bot":false,"business":"example","created_at":\#(milliseconds),"#
                    + #""org":"example-corp","org_id":501,"repo":"\#(repository)","user_agent":"git/2.47.0","#
                    + #""external_identity_nameid":"\#(who.email)","operation_type":"access"}"#)
        }
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
            let parts = resource.split(separator: "/")
            let subresource = parts.count > 1 ? #","subresource":"\#(parts[1])""# : ""
            let name = verb == "list" || verb == "watch" ? "" : #","name":"\#(namespace)-\#(dice.hex(5))""#
            let micros = String(milliseconds(time).dropLast()) + "000Z"
            record(
                "kubernetes.audit", at: time,
                #"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"\#(dice.uuid())","#
                    + #""stage":"ResponseComplete","requestURI":"/api/v1/namespaces/\#(namespace)/\#(resource)","#
                    + #""verb":"\#(verb)","user":{"username":"\#(who.email)","groups":["\#(who.team.name)","#
                    + #""system:authenticated"]},"sourceIPs":["\#(moment.address)"],"userAgent":"kubectl/v1.34.1 (linux/amd64)","#
                    + #""objectRef":{"resource":"\#(parts[0])","namespace":"\#(namespace)","apiVersion":"v1"\#(name)\#(subresource)},"#
                    + #""responseStatus":{"metadata":{},"code":200},"requestReceivedTimestamp":"\#(micros)","#
                    + #""stageTimestamp":"\#(micros)","annotations":{"authorization.k8s.io/decision":"allow","#
                    + #""authorization.k8s.io/reason":"RBAC: allowed by ClusterRoleBinding \"\#(who.team.name)\""}}"#
            )
        }
    }

    mutating func useSnowflake(_ moment: Moment, _ who: Organization.Person) {
        let time = moment.time + .seconds(dice.within(30...900))
        let isDenied = dice.chance(0.02)
        record(
            "snowflake.login_history", at: time,
            #"{"EVENT_ID":"\#(identifier(moment.person, "snowflake") % 1_000_000_000 + UInt64(bitPattern: moment.time.seconds))","#
                + #""EVENT_TIMESTAMP":"\#(milliseconds(time))","EVENT_TYPE":"LOGIN","USER_NAME":"\#(who.email.uppercased())","#
                + #""CLIENT_IP":"\#(moment.address)","REPORTED_CLIENT_TYPE":"SNOWFLAKE_UI","REPORTED_CLIENT_VERSION":"8.41.0","#
                + #""FIRST_AUTHENTICATION_FACTOR":"SAML2_ASSERTION","SECOND_AUTHENTICATION_FACTOR":null,"#
                + #""IS_SUCCESS":"\#(isDenied ? "NO" : "YES")","ERROR_CODE":\#(isDenied ? "390422" : "null"),"#
                + #""ERROR_MESSAGE":\#(isDenied ? #""INCOMING_IP_BLOCKED""# : "null"),"RELATED_EVENT_ID":"0","CONNECTION":null}"#
        )
    }

    mutating func useGoogleCloud(_ moment: Moment, _ who: Organization.Person) {
        var time = moment.time + .seconds(dice.within(60...1_800))
        for _ in 0..<dice.within(1...6) {
            time = time + .seconds(dice.within(5...400))
            let project = "example-analytics"
            let (method, service, permission, resource) = dice.pick([
                (
                    "google.cloud.bigquery.v2.JobService.InsertJob", "bigquery.googleapis.com",
                    "bigquery.jobs.create", "projects/\(project)/jobs/job_\(dice.hex(10))"
                ),
                (
                    "storage.objects.get", "storage.googleapis.com", "storage.objects.get",
                    "projects/_/buckets/example-events/objects/day.parquet"
                ),
                (
                    "google.cloud.bigquery.v2.TableService.GetTable", "bigquery.googleapis.com",
                    "bigquery.tables.get", "projects/\(project)/datasets/events/tables/orders"
                ),
            ])
            let stamp = milliseconds(time)
            record(
                "gcp.audit", at: time,
                #"{"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"\#(service)","#
                    + #""methodName":"\#(method)","authenticationInfo":{"principalEmail":"\#(who.email)"},"requestMetadata":"#
                    + #"{"callerIp":"\#(moment.address)","callerSuppliedUserAgent":"\#(who.browser)"},"resourceName":"#
                    + #""\#(resource)","authorizationInfo":[{"resource":"\#(resource)","permission":"\#(permission)","#
                    + #""granted":true}],"status":{}},"insertId":"\#(dice.hex(14))","resource":{"type":"bigquery_project","#
                    + #""labels":{"project_id":"\#(project)"}},"timestamp":"\#(stamp)","severity":"INFO","logName":"#
                    + #""projects/\#(project)/logs/cloudaudit.googleapis.com%2Fdata_access","receiveTimestamp":"\#(stamp)"}"#
            )
        }
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
