import Engine

/// Steps of attacks on the other systems, each recorded as that system records what is allowed.
extension SyntheticFeeds {
    /// What somebody does on a system other than AWS.
    enum Deed: Sendable {
        /// An event type of Okta's, its display message, and what it is done to.
        case okta(String, String, to: Target = .nothing, failure: String? = nil)
        /// The same, with the account of somebody else.
        case oktaAs(Int, String, String, to: Target = .nothing)
        /// An event and its code, with the members that this kind has.
        case teleport(String, String, String)
        case gitHub(String, repository: String)
        /// With the account of somebody else.
        case gitHubAs(Int, String, repository: String)
        /// Verb, resource, name and namespace, by a service account of the cluster.
        case kubernetes(String, String, String = "", in: String = "", as: String)
        /// By the person, or by a service account that they speak for.
        case googleCloud(GoogleCall, as: String? = nil)
        case snowflake(user: String, isDenied: Bool = false)

        enum Target: Sendable {
            case nothing
            case application(String)
            case person(Int)
            case group(Int, String)
        }
    }

    /// Records a step, and the truth about it where it is part of the attack itself.
    mutating func play(_ deed: Deed, _ moment: Moment) {
        let (uid, name, entity) = perform(deed, moment)
        guard let attack = moment.attack else { return }
        labels.append(
            Label(
                storyline: attack.storyline, step: attack.step, technique: attack.technique, eventID: uid,
                eventName: name, time: moment.time, entity: entity, human: attack.human))
    }

    private mutating func perform(
        _ deed: Deed, _ moment: Moment
    ) -> (uid: String, name: String, entity: String) {
        let hand = hand(of: moment.person, moment)
        let time = moment.time
        switch deed {
        case .okta(let type, let message, let target, let failure):
            let outcome =
                failure.map { #"{"result":"FAILURE","reason":"\#($0)"}"# }
                ?? #"{"result":"SUCCESS","reason":null}"#
            let uid = okta(
                type, message, hand, at: time, outcome: outcome, severity: failure == nil ? "INFO" : "WARN",
                target: text(of: target))
            return (uid, type, hand.who.email)
        case .oktaAs(let person, let type, let message, let target):
            let hand = self.hand(of: person, moment)
            return (okta(type, message, hand, at: time, target: text(of: target)), type, hand.who.email)
        case .teleport(let event, let code, let members):
            return (teleport(event, code, at: time, members), event, hand.who.email)
        case .gitHub(let action, let repository):
            return (gitHub(action, in: repository, hand, at: time), action, hand.who.login)
        case .gitHubAs(let person, let action, let repository):
            let hand = self.hand(of: person, moment)
            return (gitHub(action, in: repository, hand, at: time), action, hand.who.login)
        case .kubernetes(let verb, let resource, let name, let namespace, let account):
            let uid = kubernetes(
                verb, resource, name, in: namespace, as: account, groups: ["system:serviceaccounts"],
                from: moment.address, at: time)
            return (uid, "\(verb) \(resource)", account)
        case .googleCloud(let call, let account):
            let principal = account ?? hand.who.email
            let uid = googleCloud(
                call, as: principal, behind: account == nil ? nil : hand.who.email, from: moment.address,
                agent: "google-cloud-sdk gcloud/540.0.0", at: time)
            return (uid, call.method, principal)
        case .snowflake(let user, let isDenied):
            let uid = snowflake(
                user, person: moment.person, from: moment.address, factor: "PASSWORD",
                client: "PYTHON_DRIVER", isDenied: isDenied, at: time)
            return (uid, "LOGIN", user)
        }
    }

    /// Somebody's account in the attacker's hands: from the attacker's address, in a session of its own.
    private func hand(of person: Int, _ moment: Moment) -> Hand {
        var own = moment
        own.person = person
        var hand = Hand(own, organization.people[person])
        hand.browser = Names.browsers[1]
        hand.session = "\(moment.address)/\(moment.time.seconds / 86_400)"
        return hand
    }

    private func text(of target: Deed.Target) -> String {
        switch target {
        case .nothing: "null"
        case .application(let name): Self.application(name)
        case .person(let person): account(of: person) + "]"
        case .group(let person, let name):
            account(of: person)
                + #",{"id":"00g9example","type":"UserGroup","alternateId":"unknown","displayName":"\#(name)"}]"#
        }
    }
}
