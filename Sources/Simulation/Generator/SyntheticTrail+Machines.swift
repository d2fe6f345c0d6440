import Engine

/// A program that calls AWS day and night, by a role it is given or by a key it has always had.
struct Machine: Sendable {
    enum Kind: Sendable {
        case instance, task, function, cluster, glue, vendor(external: String), key
    }

    var kind: Kind
    var name: String
    var account: Int
    var role: String
    var mix: Catalogue.Mix
    /// Seconds between bursts when everybody is as busy as usual.
    var gap: Int
    /// Whether it follows the customers' day rather than the clock.
    var followsDay: Bool
    var agent: String
    var session: Session?
}

extension SyntheticTrail {
    mutating func makeMachines() -> [Machine] {
        var machines: [Machine] = []
        let accounts = ["prod": 3, "data": 2, "staging": 1, "dev": 1]
        func add(
            _ kind: Machine.Kind, _ name: String, in account: String, role: String, mix: String, gap: Int,
            followsDay: Bool = false, agent: String
        ) {
            machines.append(
                Machine(
                    kind: kind, name: name, account: organization.account(account), role: role,
                    mix: catalogue.mix(mix), gap: gap * 3 / 2, followsDay: followsDay, agent: agent))
        }
        for account in accounts.keys.sorted() {
            let size = accounts[account] ?? 1
            for (place, service) in Names.services.enumerated() {
                let isCluster = place % 3 == 0
                add(
                    isCluster ? .cluster : .task, service, in: account, role: "\(service)-task",
                    mix: "webservice",
                    gap: 1_800 / size, followsDay: true, agent: isCluster ? Agents.go : Agents.java)
            }
            for (place, function) in Names.functions.enumerated() where place < size * 2 {
                add(
                    .function, "\(account)-\(function)", in: account, role: "\(function)-role",
                    mix: "function",
                    gap: 2_400 / size, followsDay: true, agent: Agents.node)
            }
            for number in 0..<size * 3 {
                let isBatch = number % 3 == 2
                add(
                    .instance, "i-" + dice.hex(17), in: account,
                    role: isBatch ? "batch-worker" : "node-agent",
                    mix: isBatch ? "batch" : "agent", gap: 2_000, agent: isBatch ? Agents.python : Agents.ssm)
            }
            add(
                .vendor(external: "999988887777"), "northwind-metrics", in: account, role: "NorthwindMetrics",
                mix: "vendor", gap: 1_500, agent: Agents.go)
        }
        for job in ["orders-etl", "customer-360", "clickstream"] {
            add(.glue, job, in: "data", role: "glue-etl", mix: "etl", gap: 900, agent: Agents.java)
        }
        for account in organization.accounts.map(\.name) {
            add(
                .vendor(external: "888877776666"), "tailwind-posture", in: account, role: "TailwindPosture",
                mix: "posture", gap: 5_400, agent: Agents.python)
        }
        add(.key, "svc-reporting", in: "data", role: "", mix: "batch", gap: 3_000, agent: Agents.python)
        add(.key, "backup-agent", in: "prod", role: "", mix: "batch", gap: 5_000, agent: Agents.java)
        add(.key, "build-bot", in: "dev", role: "", mix: "shipping", gap: 4_000, agent: Agents.python)
        return machines
    }

    mutating func work(_ index: Int, at time: Timestamp) {
        let machine = machines[index]
        var session: Session
        if let known = machine.session, time < known.expires {
            session = known
        } else {
            session = startSession(of: machine, at: time)
            machines[index].session = session
        }
        let hour = (time.seconds / 3_600 + 20) % 24
        let isBusy = !machine.followsDay || (hour >= 8 && hour < 20)
        let calls = isBusy ? 1 + dice.below(6) : 1 + dice.below(2)
        var moment = time + .seconds(1)
        for _ in 0..<calls {
            var call = Call(catalogue.draw(from: machine.mix, &dice))
            call.failure = failure(of: call.operation, by: session, denied: 0.004, other: 0.012)
            call.parameters = ownConfiguration(of: machine, call.operation)
            var caller = session
            if catalogue.operations[call.operation].service == "kms" {
                caller.invokedBy = "AWS Internal"
            }
            emit(call, by: caller, at: min(moment, session.expires))
            moment = moment + .seconds(dice.below(2))
        }
        let gap = max(1, Int(Double(dice.waiting(mean: machine.gap)) / max(0.02, intensity)))
        let next = max(moment, time + .seconds(gap))
        agenda.push(.machine(index), at: next)
    }

    /// A program reads its own secret and its own parameter, always the same; `nil` for any other call.
    private func ownConfiguration(of machine: Machine, _ operation: Int) -> Template? {
        let place = "\(organization.accounts[machine.account].name)/\(machine.name)"
        let called = catalogue.operations[operation]
        return switch (called.service, called.name) {
        case ("secretsmanager", "GetSecretValue"): Template(fields: "secretId=\(place)/database")
        case ("ssm", "GetParameter"): Template(fields: "name=/\(place)/config withDecryption:=true")
        case ("ssm", "GetParameters"):
            Template(fields: #"names:=["/\#(place)/config","/\#(place)/flags"] withDecryption:=true"#)
        default: nil
        }
    }

    private mutating func startSession(of machine: Machine, at time: Timestamp) -> Session {
        let address = organization.accounts[machine.account].egress
        let human = "workload:\(machine.name)"
        let role = organization.role(machine.role, in: machine.account)
        func session(_ given: (identity: String, key: String), _ name: String, _ address: String) -> Session {
            Session(
                identity: given.identity, account: machine.account, arn: role.sessionARN(name), name: name,
                principalID: role.id, keyID: given.key, address: address, agent: machine.agent, region: 0,
                human: human, expires: time + .hours(6))
        }
        switch machine.kind {
        case .key:
            return user(
                machine.name, in: machine.account, from: "192.0.2.4\(machine.account % 10)",
                agent: machine.agent,
                human: human)
        case .instance:
            let inside = "10.20.\(dice.below(32)).\(dice.within(4...250))"
            let given = assume(role, as: machine.name, handedOutBy: "ec2", at: time, isInstance: true)
            return session(given, machine.name, dice.chance(0.5) ? inside : address)
        case .task:
            let name = dice.hex(32)
            return session(assume(role, as: name, handedOutBy: "ecs-tasks", at: time), name, address)
        case .function:
            let given = assume(role, as: machine.name, handedOutBy: "lambda", at: time)
            return session(given, machine.name, address)
        case .glue:
            return session(
                assume(role, as: "GlueJobRunnerSession", handedOutBy: "glue", at: time),
                "GlueJobRunnerSession",
                address)
        case .cluster:
            let account = organization.accounts[machine.account]
            return assumeWithWebIdentity(
                role, as: "eks-\(account.name)-\(machine.name)-\(dice.hex(10))",
                provider: "oidc.eks.us-east-1.amazonaws.com/id/\(account.keyStem)EXAMPLE",
                subject: "system:serviceaccount:\(machine.name):\(machine.name)",
                audience: "sts.amazonaws.com",
                from: address, agent: machine.agent, human: human, at: time)
        case .vendor(let external):
            return assumeFromOutside(
                role, vendor: external, as: machine.name, agent: machine.agent, human: human, at: time)
        }
    }

    /// A vendor's account takes the role that was made for it. Only this side of the call is in the log.
    private mutating func assumeFromOutside(
        _ role: Role, vendor: String, as name: String, agent: String, human: String, at time: Timestamp
    ) -> Session {
        let address = "192.0.2.\(vendor.hasPrefix("9") ? 60 : 61)"
        var dice = Dice(seed: Dice.seed(options.seed, for: vendor))
        let id = "AROA\(dice.base32(17))"
        let visitor = Session(
            identity: #"{"type":"AWSAccount","principalId":"\#(id):\#(name)","accountId":"\#(vendor)""#,
            account: role.account, arn: "arn:aws:iam::\(vendor):root", name: name, principalID: id, keyID: "",
            address: address, agent: agent, region: 0, human: human)
        var session = assume(role, as: name, by: visitor, at: time, externalID: dice.hex(24))
        session.human = human
        return session
    }

    /// What AWS does by itself in an account: configuration snapshots, log delivery, key rotation, scaling.
    mutating func upkeep(of account: Int, at time: Timestamp) {
        let config = organization.serviceRole("config", called: "Config", in: account)
        let share = organization.accounts[account].share
        var moment = time
        let isScaling = dice.chance(0.3)
        let service = isScaling ? "autoscaling" : "config"
        let role =
            isScaling ? organization.serviceRole("autoscaling", called: "AutoScaling", in: account) : config
        var session = Session(
            identity: role.identity(
                session: isScaling ? "AutoScaling" : "ConfigSnapshot", key: nil, created: time),
            account: account, arn: role.sessionARN("AutoScaling"), name: service, principalID: role.id,
            keyID: "",
            address: "", agent: "", region: dice.below(20) == 0 ? 1 : 0, human: service)
        session.invokedBy = "\(service).amazonaws.com"
        let mix = catalogue.mix(isScaling ? "operator" : "configuration")
        for _ in 0..<(2 + dice.below(3 + share / 3)) {
            emit(Call(catalogue.draw(from: mix, &dice)), by: session, at: moment)
            moment = moment + .seconds(dice.below(2))
        }
        var trail = serviceSession("cloudtrail", in: account)
        trail.region = session.region
        emit(
            Call(catalogue.index(dice.chance(0.5) ? "s3:GetBucketAcl" : "kms:GenerateDataKey")), by: trail,
            at: moment)
        if dice.chance(0.02) {
            var call = Call(catalogue.index("kms:DescribeKey"))
            call.eventType = "AwsServiceEvent"
            emit(call, by: serviceSession("kms", in: account), at: moment)
        }
        let gap = Int(Double(dice.waiting(mean: 2_400)) / max(0.05, min(4, intensity)))
        agenda.push(.upkeep(account: account), at: moment + .seconds(30 + gap))
    }
}

/// What programs call themselves.
enum Agents {
    static let java =
        "aws-sdk-java/2.32.19 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1.147 lang/java#21.0.8 "
        + "md/OpenJDK_64-Bit_Server_VM#21.0.8+9-LTS exec-env/AWS_ECS_FARGATE cfg/retry-mode#standard"
    static let go =
        "aws-sdk-go-v2/1.38.3 ua/2.1 os/linux lang/go#1.25.0 md/GOOS#linux md/GOARCH#arm64 api/s3#1.87.1"
    static let node =
        "aws-sdk-js/3.883.0 ua/2.1 os/linux#5.10.240 lang/js md/nodejs#22.18.0 exec-env/AWS_Lambda_nodejs22.x"
    static let python =
        "Boto3/1.40.21 md/Botocore#1.40.21 ua/2.1 os/linux#6.1.147 md/arch#x86_64 lang/python#3.12.11 "
        + "md/pyimpl#CPython Botocore/1.40.21"
    static let ssm = "aws-sdk-go/1.55.7 (go1.24.6; linux; amd64) amazon-ssm-agent/3.3.2746.0"
    static let terraform =
        "APN/1.0 HashiCorp/1.0 Terraform/1.13.1 (+https://www.terraform.io) terraform-provider-aws/6.11.0 "
        + "(+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.38.3 os/linux lang/go#1.24.6"
    static let action =
        "configure-aws-credentials-for-github-actions aws-sdk-js/3.883.0 os/linux lang/js md/nodejs#20.19.4"
}
