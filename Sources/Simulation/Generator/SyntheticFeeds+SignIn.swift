import Engine

/// The identity providers: Okta for everybody, Entra and Google beside it for some.
extension SyntheticFeeds {
    mutating func signIn(_ moment: Moment, _ who: Organization.Person) {
        let hand = Hand(moment, who)
        let time = moment.time - .seconds(dice.within(5...20))
        if moment.isFirst {
            if dice.chance(0.03) {
                okta(
                    "user.session.start", "User login to Okta", hand, at: time - .seconds(40),
                    outcome: #"{"result":"FAILURE","reason":"INVALID_CREDENTIALS"}"#, severity: "WARN")
            }
            okta("user.session.start", "User login to Okta", hand, at: time - .seconds(12))
            okta(
                "user.authentication.auth_via_mfa", "Authentication of user via MFA", hand,
                at: time - .seconds(6))
            if ["finance", "support", "security"].contains(who.team.name) || moment.person % 4 == 0 {
                entra(hand, at: time + .seconds(dice.within(60...2_000)))
            }
            if who.team.name == "data" { workspace(hand, at: time + .seconds(30)) }
        }
        okta(
            "user.authentication.sso", "User single sign on to app", hand, at: time,
            target: Self.application("AWS IAM Identity Center"))
    }

    /// An application as Okta names it as a target.
    static func application(_ name: String) -> String {
        let id = name.lowercased().filter(\.isLetter).prefix(9)
        return
            #"[{"id":"0oa1\#(id)","type":"AppInstance","alternateId":"\#(name)","displayName":"\#(name)"}]"#
    }

    /// A person as Okta names them as a target, without the bracket that ends the list.
    func account(of person: Int) -> String {
        let who = organization.people[person]
        return #"[{"id":"00u\#(hexadecimal(identifier(person, "okta")))","type":"User","#
            + #""alternateId":"\#(who.email)","displayName":"\#(who.fullName)"}"#
    }

    mutating func administerOkta(_ moment: Moment, _ who: Organization.Person) {
        let hand = Hand(moment, who)
        let target = account(of: colleague(of: moment.person))
        let time = moment.time + .seconds(dice.within(60...3_000))
        if who.team.name == "support" {
            okta(
                "user.account.reset_password", "Fired when the user's Okta password is reset", hand,
                at: time, target: target + "]")
        } else {
            let group =
                #",{"id":"00g1example","type":"UserGroup","alternateId":"unknown","displayName":"Contractors"}]"#
            okta(
                "group.user_membership.add", "Add user to group membership", hand, at: time,
                target: target + group)
        }
    }

    /// The event's uid.
    @discardableResult
    mutating func okta(
        _ type: String, _ message: String, _ hand: Hand, at time: Timestamp,
        outcome: String = #"{"result":"SUCCESS","reason":null}"#, severity: String = "INFO",
        target: String = "null"
    ) -> String {
        let id = hexadecimal(identifier(hand.person, "okta"))
        let session = "102\(hexadecimal(identifier(hand.person, "session/\(hand.session)")))"
        let uuid = dice.uuid()
        let line =
            #"{"actor":{"id":"00u\#(id)","type":"User","alternateId":"\#(hand.who.email)","#
            + #""displayName":"\#(hand.who.fullName)","detailEntry":null},"client":{"userAgent":{"rawUserAgent":"#
            + #""\#(hand.browser)","os":"Unknown","browser":"UNKNOWN"},"zone":"null","device":"Computer","id":null,"#
            + #""ipAddress":"\#(hand.address)","geographicalContext":null},"device":null,"authenticationContext":"#
            + #"{"authenticationProvider":null,"credentialProvider":null,"credentialType":null,"issuer":null,"#
            + #""interface":null,"authenticationStep":0,"rootSessionId":"\#(session)","externalSessionId":"\#(session)"},"#
            + #""displayMessage":"\#(message)","eventType":"\#(type)","outcome":\#(outcome),"published":"#
            + #""\#(milliseconds(time))","securityContext":{"asNumber":64496,"asOrg":"example networks","#
            + #""isp":"example isp","domain":"example.net","isProxy":false},"severity":"\#(severity)","debugContext":"#
            + #"{"debugData":{"requestUri":"/idp/idx/identify"}},"legacyEventType":null,"transaction":{"type":"WEB","#
            + #""id":"\#(uuid.prefix(18))","detail":{}},"uuid":"\#(uuid)","version":"0","request":{"ipChain":[{"ip":"#
            + #""\#(hand.address)","geographicalContext":null,"version":"V4","source":null}]},"target":\#(target)}"#
        record("okta.system_log", at: time, line)
        return uuid
    }

    private mutating func entra(_ hand: Hand, at time: Timestamp) {
        let who = hand.who
        let app = dice.pick(["Office 365 Exchange Online", "Microsoft Teams", "Azure Portal"])
        let line =
            #"{"id":"\#(dice.uuid())","createdDateTime":"\#(milliseconds(time))","userDisplayName":"\#(who.fullName)","#
            + #""userPrincipalName":"\#(who.email)","userId":"\#(who.storeID)","appId":"\#(stableID(app))","#
            + #""appDisplayName":"\#(app)","ipAddress":"\#(hand.address)","clientAppUsed":"Browser","#
            + #""correlationId":"\#(dice.uuid())","conditionalAccessStatus":"success","isInteractive":true,"#
            + #""riskDetail":"none","riskLevelAggregated":"none","riskLevelDuringSignIn":"none","riskState":"none","#
            + #""riskEventTypes_v2":[],"resourceDisplayName":"\#(app)","resourceId":"\#(stableID("resource " + app))","#
            + #""status":{"errorCode":0,"failureReason":"Other.","additionalDetails":null},"deviceDetail":{"deviceId":"","#
            + #""displayName":"","operatingSystem":"","browser":"","isCompliant":true,"isManaged":true,"trustType":""},"#
            + #""appliedConditionalAccessPolicies":[]}"#
        record("entra.signin", at: time, line)
    }

    private mutating func workspace(_ hand: Hand, at time: Timestamp) {
        let line =
            #"{"kind":"admin#reports#activity","id":{"time":"\#(milliseconds(time))","uniqueQualifier":"#
            + #""\#(Int64(bitPattern: dice.next()))","applicationName":"login","customerId":"C0example"},"actor":"#
            + #"{"callerType":"USER","email":"\#(hand.who.email)","profileId":"\#(identifier(hand.person, "google"))"},"#
            + #""ownerDomain":"example.com","ipAddress":"\#(hand.address)","events":[{"type":"login","#
            + #""name":"login_success","parameters":[{"name":"login_type","value":"saml"},"#
            + #"{"name":"is_suspicious","boolValue":false}]}]}"#
        record("google_workspace.activity", at: time, line)
    }

    // MARK: Forms

    func hexadecimal(_ number: UInt64) -> String { String(number, radix: 16) }

    /// To the millisecond, as most vendors tell it.
    func milliseconds(_ time: Timestamp) -> String {
        let rest = time.milliseconds - time.seconds * 1_000
        let digits = String(1_000 + rest).dropFirst()
        return String(time.wholeSeconds.iso8601.dropLast()) + ".\(digits)Z"
    }

    /// The same UUID for the same name.
    func stableID(_ name: String) -> String {
        var dice = Dice(seed: Dice.seed(0, for: name))
        return dice.uuid()
    }
}
