import Engine

extension SyntheticTrail {
    /// A temporary key id never given before: a counter, scattered over the 40 bits that an account's ids leave.
    mutating func issueKey(in account: Int) -> String {
        keysIssued += 1
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        var word = (keysIssued &* 0x5D_5884_7F4B &+ options.seed) & 0xFF_FFFF_FFFF
        var bytes = Array("ASIA\(organization.accounts[account].keyStem)".utf8)
        for _ in 0..<8 {
            bytes.append(letters[Int(word & 31)])
            word >>= 5
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What STS answers, with a session token as long as they are.
    private mutating func answer(
        role: Role, session: String, key: String, at time: Timestamp, lasting: Duration, more: String = ""
    ) -> Template {
        let token = "IQoJb3JpZ2luX2Vj" + dice.base62(340) + "=="
        return Template(
            #"{"credentials":{"accessKeyId":"\#(key)","sessionToken":"\#(token)","#
                + #""expiration":"\#((time + lasting).inWords)"},"assumedRoleUser":{"assumedRoleId":"#
                + #""\#(role.id):\#(session)","arn":"\#(role.sessionARN(session))"}\#(more)}"#)
    }

    private func resource(_ role: Role) -> Template {
        Template(#"[{"accountId":"\#(role.accountID)","type":"AWS::IAM::Role","ARN":"\#(role.arn)"}]"#)
    }

    /// A person comes in through the identity provider into a role: by Identity Center, or by the older federation.
    mutating func signIn(
        _ person: Int, account: Int, permissionSet: String, from address: String, agent: String,
        console: Bool,
        at time: Timestamp
    ) -> Session {
        let who = organization.people[person]
        let isDirect = who.usesDirectFederation
        let role =
            isDirect
            ? organization.role("ExampleIdP-\(permissionSet)", in: account)
            : organization.reservedRole(permissionSet, in: account)
        let key = issueKey(in: account)
        let provider = isDirect ? "ExampleIdP" : "AWSSSO_5f2ba9example_DO_NOT_DELETE"
        let providerARN = "arn:aws:iam::\(role.accountID):saml-provider/\(provider)"
        if !isDirect {
            emitPortalEvents(of: person, into: role, from: address, agent, console: console, at: time)
        }

        var call = Call(catalogue.index("sts:AssumeRoleWithSAML"))
        call.parameters = Template(
            #"{"sAMLAssertionID":"_@uuid@","roleSessionName":"\#(who.email)","durationSeconds":3600,"#
                + #""roleArn":"\#(role.arn)","principalArn":"\#(providerARN)"}"#)
        let issuer =
            isDirect ? "https://idp.example.com/saml" : "https://portal.sso.us-east-1.amazonaws.com/saml"
        call.response = answer(
            role: role, session: who.email, key: key, at: time, lasting: .hours(1),
            more: #","subject":"\#(who.email)","subjectType":"persistent","issuer":"\#(issuer)","#
                + #""audience":"https://signin.aws.amazon.com/saml""#)
        call.resources = Template(
            #"[{"accountId":"\#(role.accountID)","type":"AWS::IAM::Role","ARN":"\#(role.arn)"},"#
                + #"{"accountId":"\#(role.accountID)","type":"AWS::IAM::SAMLProvider","ARN":"\#(providerARN)"}]"#
        )
        let qualifier = dice.base62(27)
        var federated = Session(
            identity: #"{"type":"SAMLUser","principalId":"\#(qualifier)=:\#(who.email)","#
                + #""userName":"\#(who.email)","identityProvider":"\#(qualifier)=""#,
            account: account, arn: providerARN, name: who.email, principalID: qualifier, keyID: "",
            address: address, agent: agent, region: who.region, human: who.email)
        if !isDirect { federated.agent = "aws-sdk-java/2.32.4 Linux/5.10 OpenJDK_64-Bit_Server_VM/17.0.16" }
        emit(call, by: federated, at: time)

        var session = Session(
            identity: role.identity(session: who.email, key: key, created: time, mfa: false),
            account: account,
            arn: role.sessionARN(who.email), name: who.email, principalID: role.id, keyID: key,
            address: address,
            agent: agent, region: who.region, human: who.email, expires: time + .hours(1))
        if console {
            emitConsoleLogin(by: session, mfa: false, at: time + .seconds(1), provider: providerARN)
            session.isConsole = true
        }
        return session
    }

    private mutating func emitPortalEvents(
        of person: Int, into role: Role, from address: String, _ agent: String, console: Bool,
        at time: Timestamp
    ) {
        var call = Call(catalogue.index(console ? "sso:Federate" : "sso:GetRoleCredentials"))
        call.details = Template(
            #"{"role_name":"\#(role.name)","account_id":"\#(role.accountID)"}"#)
        call.eventType = "AwsServiceEvent"
        emit(call, by: portalSession(of: person, from: address, agent: agent), at: time)
    }

    func portalSession(of person: Int, from address: String, agent: String) -> Session {
        let who = organization.people[person]
        let management = organization.account("management")
        let owner = organization.accounts[management].id
        let store = "arn:aws:identitystore::\(owner):identitystore/\(Organization.identityStore)"
        return Session(
            identity: #"{"type":"IdentityCenterUser","accountId":"\#(owner)","onBehalfOf":{"userId":"#
                + #""\#(who.storeID)","identityStoreArn":"\#(store)"},"credentialId":"\#(who.storeID)""#,
            account: management, arn: store, name: who.email, principalID: who.storeID, keyID: "",
            address: address, agent: agent, region: 0, human: who.email)
    }

    /// The first sign-in of a day, at the identity provider.
    mutating func emitUserAuthentication(
        _ person: Int, from address: String, agent: String, at time: Timestamp
    ) {
        var call = Call(catalogue.index("signin:UserAuthentication"))
        call.additional = Template(
            #"{"AuthWorkflowID":"@uuid@","LoginTo":"https://d-9067example.awsapps.com/start","#
                + #""CredentialType":"EXTERNAL_IDP"}"#)
        call.details = Template(#"{"UserAuthentication":"Success"}"#)
        call.eventType = "AwsServiceEvent"
        emit(call, by: portalSession(of: person, from: address, agent: agent), at: time)
    }

    /// A console sign-in as it is recorded; `failure` is what the sign-in page answered, where it refused.
    mutating func emitConsoleLogin(
        by session: Session, mfa: Bool, at time: Timestamp, provider: String? = nil, failure: String? = nil
    ) {
        var call = Call(catalogue.index("signin:ConsoleLogin"))
        call.eventType = "AwsConsoleSignIn"
        call.parameters = .null
        call.response = Template(#"{"ConsoleLogin":"\#(failure == nil ? "Success" : "Failure")"}"#)
        var more = #"{"LoginTo":"https://console.aws.amazon.com/console/home?region=us-east-1","#
        more += #""MobileVersion":"No","MFAUsed":"\#(mfa ? "Yes" : "No")""#
        if mfa {
            let owner = organization.accounts[session.account].id
            more += #","MFAIdentifier":"arn:aws:iam::\#(owner):mfa/\#(session.name)""#
        }
        if let provider { more += #","SamlProviderArn":"\#(provider)""# }
        call.additional = Template((more + "}"))
        if let failure {
            call.failure = Call.Failure(code: "", message: failure)
        }
        emit(call, by: session, at: time)
    }

    /// One session takes a role, perhaps in another account, where the call is recorded a second time.
    mutating func assume(
        _ role: Role, as name: String, by session: Session, at time: Timestamp, sourceIdentity: String? = nil,
        lasting: Duration = .hours(1), externalID: String? = nil
    ) -> Session {
        let key = issueKey(in: role.account)
        let carried = sourceIdentity ?? session.sourceIdentity
        var call = Call(catalogue.index("sts:AssumeRole"))
        var parameters = #"{"roleArn":"\#(role.arn)","roleSessionName":"\#(name)""#
        if let sourceIdentity { parameters += #","sourceIdentity":"\#(sourceIdentity)""# }
        if let externalID { parameters += #","externalId":"\#(externalID)""# }
        call.parameters = Template((parameters + #","durationSeconds":3600}"#))
        call.response = answer(
            role: role, session: name, key: key, at: time, lasting: lasting,
            more: carried.map { #","sourceIdentity":"\#($0)""# } ?? "")
        call.resources = resource(role)
        let isCross = role.account != session.account
        if isCross { call.sharedEventID = dice.uuid() }
        emit(call, by: session, at: time)
        if isCross {
            // The other account sees who came only as an account and an id.
            let firstID = eventIDStart
            let firstRecord = record
            var visitor = session
            visitor.identity =
                #"{"type":"AWSAccount","principalId":"\#(session.principalID):\#(session.name)","#
                + #""accountId":"\#(organization.accounts[session.account].id)""#
            visitor.account = role.account
            emit(call, by: visitor, at: time)
            record = firstRecord
            eventIDStart = firstID
            lastEntity = session.arn
        }
        return Session(
            identity: role.identity(session: name, key: key, created: time, sourceIdentity: carried),
            account: role.account, arn: role.sessionARN(name), name: name, principalID: role.id, keyID: key,
            address: session.address, agent: session.agent, region: session.region, sourceIdentity: carried,
            isConsole: session.isConsole, human: session.human, expires: time + lasting)
    }

    /// An AWS service hands a role's credentials to a workload.
    mutating func assume(
        _ role: Role, as name: String, handedOutBy service: String, at time: Timestamp,
        isInstance: Bool = false
    ) -> (identity: String, key: String) {
        let key = issueKey(in: role.account)
        var call = Call(catalogue.index("sts:AssumeRole"))
        call.parameters = Template(#"{"roleArn":"\#(role.arn)","roleSessionName":"\#(name)"}"#)
        call.response = answer(role: role, session: name, key: key, at: time, lasting: .hours(6))
        call.resources = resource(role)
        call.sharedEventID = dice.uuid()
        emit(call, by: serviceSession(service, in: role.account), at: time)
        return (role.identity(session: name, key: key, created: time, isInstance: isInstance), key)
    }

    func serviceSession(_ service: String, in account: Int) -> Session {
        Session(
            identity: #"{"type":"AWSService""#, account: account, arn: "\(service).amazonaws.com",
            name: service, principalID: service, keyID: "", address: "", agent: "", region: 0,
            invokedBy: "\(service).amazonaws.com", human: service)
    }

    /// A token from outside (a cluster's service account, a build) becomes a role session.
    mutating func assumeWithWebIdentity(
        _ role: Role, as name: String, provider: String, subject: String, audience: String,
        from address: String,
        agent: String, human: String, at time: Timestamp
    ) -> Session {
        let key = issueKey(in: role.account)
        let providerARN = "arn:aws:iam::\(role.accountID):oidc-provider/\(provider)"
        var call = Call(catalogue.index("sts:AssumeRoleWithWebIdentity"))
        call.parameters = Template(
            #"{"roleArn":"\#(role.arn)","roleSessionName":"\#(name)","durationSeconds":3600}"#)
        call.response = answer(
            role: role, session: name, key: key, at: time, lasting: .hours(1),
            more: #","subjectFromWebIdentityToken":"\#(subject)","provider":"\#(providerARN)","#
                + #""audience":"\#(audience)""#)
        call.resources = resource(role)
        let visitor = Session(
            identity: #"{"type":"WebIdentityUser","principalId":"\#(providerARN):\#(audience):\#(subject)","#
                + #""userName":"\#(subject)","identityProvider":"\#(providerARN)""#,
            account: role.account, arn: providerARN, name: subject, principalID: subject, keyID: "",
            address: address, agent: agent, region: 0, human: human)
        emit(call, by: visitor, at: time)
        return Session(
            identity: role.identity(session: name, key: key, created: time, provider: providerARN),
            account: role.account, arn: role.sessionARN(name), name: name, principalID: role.id, keyID: key,
            address: address, agent: agent, region: 0, human: human, expires: time + .hours(1))
    }

    /// A user with a long-lived key.
    func user(
        _ name: String, in account: Int, key: String? = nil, from address: String, agent: String,
        human: String
    ) -> Session {
        let owner = organization.accounts[account].id
        let id = organization.userID(name, in: account)
        let key = key ?? organization.longLivedKey(of: name, in: account)
        let arn = "arn:aws:iam::\(owner):user/\(name)"
        var identity = #"{"type":"IAMUser","principalId":"\#(id)","arn":"\#(arn)","accountId":"\#(owner)","#
        if !key.isEmpty { identity += #""accessKeyId":"\#(key)","# }
        identity += #""userName":"\#(name)""#
        return Session(
            identity: identity, account: account, arn: arn, name: name, principalID: id, keyID: key,
            address: address, agent: agent, region: 0, human: human)
    }

    /// The same user in the console, whose calls carry a temporary key and say whether a second factor was shown.
    mutating func consoleUser(
        _ name: String, in account: Int, from address: String, agent: String, mfa: Bool, human: String,
        at time: Timestamp
    ) -> Session {
        let key = issueKey(in: account)
        var session = user(name, in: account, key: key, from: address, agent: agent, human: human)
        session.identity +=
            #","sessionContext":{"attributes":{"creationDate":"\#(time.wholeSeconds.iso8601)","#
            + #""mfaAuthenticated":"\#(mfa)"}}"#
        session.isConsole = true
        return session
    }
}
