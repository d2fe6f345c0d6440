import Engine

/// One call as it is recorded, beyond what its operation always has.
struct Call: Sendable {
    struct Failure: Sendable {
        var code: String
        var message: String
    }

    var operation: Int
    var failure: Failure?
    var parameters: Template?
    var response: Template?
    var resources: Template?
    var additional: Template?
    var details: Template?
    var eventType = "AwsApiCall"
    var sharedEventID: String?
    var region: Int?

    init(_ operation: Int) { self.operation = operation }
}

extension SyntheticTrail {
    /// Writes one record and delivers it.
    mutating func emit(_ call: Call, by session: Session, at time: Timestamp) {
        let operation = catalogue.operations[call.operation]
        let region = operation.isGlobal ? 0 : call.region ?? session.region
        let scene = Scene(session: session, region: region, time: time)
        for index in drawn.indices { drawn[index] = -1 }
        record.removeAll(keepingCapacity: true)
        lastOperation = call.operation
        lastEntity = session.arn
        lastTime = time

        append(#"{"eventVersion":""#)
        append(operation.version)
        append(#"","userIdentity":"#)
        append(session.identity)
        if let service = session.invokedBy {
            append(session.identity.hasSuffix("{") ? #""invokedBy":""# : #","invokedBy":""#)
            append(service)
            append("\"")
        }
        append(#"},"eventTime":""#)
        time.wholeSeconds.appendISO8601(to: &record)
        record.append(contentsOf: operation.head)
        append(Organization.regions[region])
        append(#"","sourceIPAddress":""#)
        append(session.invokedBy ?? session.address)
        append(#"","userAgent":""#)
        append(session.invokedBy ?? session.agent)
        append("\"")
        if let failure = call.failure {
            if !failure.code.isEmpty {
                append(#","errorCode":""#)
                append(failure.code)
                append("\"")
            }
            append(#","errorMessage":""#)
            append(failure.message)
            append("\"")
        }
        append(#","requestParameters":"#)
        render(call.parameters ?? operation.parameters, scene)
        append(#","responseElements":"#)
        render(
            call.failure != nil && call.response == nil ? .null : call.response ?? operation.response, scene)
        appendAdditional(call, operation, scene)
        appendIdentifiers(call, operation, scene)
        appendTail(call, operation, scene)
        note(truth: session.human)
        deliver(account: session.account, region: region, at: time)
    }

    /// The id of the record written last.
    var lastEventID: String { String(decoding: record[eventIDStart..<eventIDStart + 36], as: UTF8.self) }

    private mutating func appendAdditional(_ call: Call, _ operation: Operation, _ scene: Scene) {
        if let additional = call.additional {
            append(#","additionalEventData":"#)
            render(additional, scene)
        } else if operation.service == "s3" {
            append(#","additionalEventData":"#)
            render(operation.isData ? Templates.s3Transfer : Templates.s3Settings, scene)
        }
        if let details = call.details {
            append(#","serviceEventDetails":"#)
            render(details, scene)
        }
    }

    private mutating func appendIdentifiers(_ call: Call, _ operation: Operation, _ scene: Scene) {
        append(#","requestID":""#)
        if operation.service == "s3" { append(dice.base32(16)) } else { dice.appendUUID(to: &record) }
        append(#"","eventID":""#)
        eventIDStart = record.count
        dice.appendUUID(to: &record)
        append(operation.isReadOnly ? #"","readOnly":true"# : #"","readOnly":false"#)
        if let resources = call.resources ?? operation.resources {
            append(#","resources":"#)
            render(resources, scene)
        }
        append(#","eventType":""#)
        append(call.eventType)
        append(operation.isData ? #"","managementEvent":false"# : #"","managementEvent":true"#)
        append(#","recipientAccountId":""#)
        append(organization.accounts[scene.session.account].id)
        if let shared = call.sharedEventID {
            append(#"","sharedEventID":""#)
            append(shared)
        }
        append(operation.isData ? #"","eventCategory":"Data""# : #"","eventCategory":"Management""#)
    }

    private mutating func appendTail(_ call: Call, _ operation: Operation, _ scene: Scene) {
        if scene.session.invokedBy == nil, call.eventType == "AwsApiCall" {
            append(#","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","#)
            append(#""clientProvidedHostHeader":""#)
            append(operation.service)
            if !operation.isGlobal {
                append(".")
                append(Organization.regions[scene.region])
            }
            append(#".amazonaws.com"}"#)
        }
        append(scene.session.isConsole ? #","sessionCredentialFromConsole":"true"}"# : "}")
    }

    mutating func append(_ text: String) { record.append(contentsOf: text.utf8) }
}
