import Engine
import Pipeline
import Ports

extension Command {
    static let access = Command(
        name: "access",
        summary: "Says what access a principal had at a time, or who could do something",
        discussion: """
            INPUT is audit logs of any feed, snapshots that collectors took, and answers of
            get-account-authorization-details, in any mix and order; without it the store's events are read. The state of
            access is rebuilt from them: for each thing the last change before --at counts, however late it arrived. A
            snapshot fills in what is older than the logs; where it shows something that no event told, that is said, with
            the time since which it must have happened.

            --of: the principal's groups, policies, boundary, trust, keys, devices and assignments, each with since when and
            by whom; of a person of IAM Identity Center what the permission sets give as well.

            --who-can: every user and role, and every person through Identity Center, who may do it, and by which statement:
            by policies of their own, their groups' and permission sets', within boundaries and the organization's service
            and resource control policies, and by the resource's own policy: of buckets, keys and their grants, queues,
            topics, secrets, repositories, and of a role the trust. For Google, an action such as storage.objects.get: every
            member whose role permits it, where the roles' permissions were told (gcp.roles). For Azure, an action such as
            Microsoft.Compute/virtualMachines/delete (data: before it for a data action): every principal that is assigned
            a role which permits it, where the roles were told (azure.roles), groups by their members (entra.groups). For
            Entra, an action such as microsoft.directory/users/password/update, by directory roles (entra.roles). For
            Snowflake a privilege on an object (snowflake.grants). role:NAME: whoever has a role; group:NAME: whoever is in
            a group, of Okta (okta.groups) and others.

            What nobody told and could make it otherwise is said on standard error; so is what the last snapshots do not
            tell, with the call that was denied to them.
            """,
        arguments: [
            Argument(
                "INPUT", "Audit logs and snapshots: files, folders or - (default: the store)", kind: .path,
                isRequired: false, isRepeated: true)
        ],
        options: [
            Option("of", .text, "PRINCIPAL", "An ARN, user/NAME, role/NAME, group/NAME or a name"),
            Option(
                "who-can", .text, "ACTION",
                "An action, such as iam:PassRole; a privilege, such as SELECT; role:NAME or group:NAME"),
            Option(
                "on", .text, "RESOURCE",
                "The ARN, Google's name, Azure's path or object that it is asked on (default: *)"),
            Option(
                "context", .text, "KEY=VALUE", "What conditions ask of the request: aws:SourceIp=203.0.113.7",
                isRepeated: true),
            Option("feed", .text, "FEED", "Whose records INPUT are (default: auto)"),
            Option("at", .time, "TIME", "As of this time (default: now)"),
            Option(
                "snapshot-at", .time, "TIME",
                "When answers of get-account-authorization-details were taken (default: now)"),
            .format(["table", "json"], "How it is printed (default: table)"),
            .rejects, StoreReading.lake, StoreReading.cache, StoreReading.pipelines, StoreReading.store,
            .state,
        ],
        examples: [
            "martlet access --of user/ada --at 2026-05-01T12:00:00Z cloudtrail/ account.json",
            "martlet access --who-can iam:PassRole --on arn:aws:iam::111122223333:role/admin account.json",
            "martlet access --of ada@example.com --at 2026-05-01",
            "martlet access --who-can kms:Decrypt --on arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-example",
            "martlet access --who-can storage.objects.get --on //storage.googleapis.com/acme-reports",
            "martlet access --who-can 'role:Global Administrator'",
            "martlet access --who-can SELECT --on SALES.PUBLIC.ORDERS",
        ]
    ) { invocation, context in
        let command = try await AccessCommand(invocation, context)
        return try await command.run()
    }
}

/// One run of `access`.
private struct AccessCommand {
    private let invocation: Invocation
    private let context: CommandContext
    private let time: Timestamp
    private let refused: InputRefusals
    private let reading: DriftRun

    init(_ invocation: Invocation, _ context: CommandContext) async throws {
        self.invocation = invocation
        self.context = context
        let now = context.time.now
        time = invocation.time("at", now: now) ?? now
        guard (invocation.text("of") == nil) != (invocation.text("who-can") == nil) else {
            throw CommandFailure("one of --of PRINCIPAL and --who-can ACTION is needed", status: .usage)
        }
        if let action = invocation.text("who-can"), action.isEmpty || action.contains(where: "*?".contains) {
            throw CommandFailure(
                "--who-can \(action): one action is needed, without wildcards, as in iam:PassRole",
                status: .usage)
        }
        let feed = invocation.text("feed") ?? MappingCatalog.auto
        let catalog = try MappingCatalog.builtIn()
        _ = try catalog.normalizer(for: feed)
        refused = try await InputRefusals.make(feed: feed, invocation, context)
        reading = try DriftRun(
            feed: feed, catalog, DriftSettings(), nil, attributor: nil,
            snapshotTime: invocation.time("snapshot-at", now: now) ?? now, refused: refused)
    }

    private var isJSON: Bool { invocation.text("format") == "json" }
    private var state: AccessState { reading.drift.state }

    func run() async throws -> ExitStatus {
        let request = try context(of: invocation.texts("context"))
        let isWhole = try await read()
        reading.close()
        try await refused.finish()
        refused.tell(context)
        var isFound = true
        if let name = invocation.text("of") {
            isFound = tell(of: name)
        } else if let action = invocation.text("who-can") {
            tell(
                AccessInquiry.Question(
                    action: action, resource: invocation.text("on") ?? "*", context: request))
        }
        let gaps = reading.unseen == 0 ? "" : ", \(reading.unseen) changes that no event told"
        context.say(
            "\(isWhole ? "" : InputSession.interruption)\(reading.events) records, "
                + "\(reading.drift.notes.changes) changes, \(reading.snapshots) snapshots\(gaps)")
        if !isWhole { return .interrupted }
        return !refused.isEmpty ? .refused : isFound ? .done : .notHeld
    }

    private func read() async throws -> Bool {
        guard invocation.arguments.isEmpty else {
            return try await InputSession("Reading", invocation, context).walk(into: reading) {
                ["records": reading.events, "changes": reading.drift.notes.changes]
            }
        }
        // Changes that a snapshot later shows the lack of count, too: all of it is read.
        let opened = try await StoreReading.open(invocation, context)
        for problem in try await DriftCommand.read(opened, to: nil, into: reading) {
            refused.add("store", reason: problem)
        }
        return true
    }

    private func context(of texts: [String]) throws -> PolicyContext {
        var values: [String: [String]] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1).map { String($0) }
            guard parts.count == 2 else {
                throw CommandFailure(
                    "--context \(text): a key and a value are needed, as in aws:SourceIp=203.0.113.7",
                    status: .usage)
            }
            values[parts[0], default: []].append(parts[1])
        }
        var context = PolicyContext()
        for (key, list) in values { context[key] = list.count == 1 ? .single(list[0]) : .list(list) }
        return context
    }

    private func tell(of name: String) -> Bool {
        let found = state.named(name)
        for (account, subject) in found {
            let told = AccessTold(reading.drift, account, subject, at: time)
            for line in isJSON ? [told.json] : told.lines { context.output.writeLine(line) }
        }
        if found.isEmpty {
            context.messages.writeLine("martlet: no principal \(printable(name)) was seen")
        }
        return !found.isEmpty
    }

    private func tell(_ question: AccessInquiry.Question) {
        let inquiry = AccessInquiry(state, at: time, shortfalls: reading.drift.shortfalls(at: time))
        for answer in inquiry.answers(to: question) {
            let told = AccessAnswerText(answer)
            if isJSON {
                context.output.writeLine(told.json)
                continue
            }
            if let line = told.line { context.output.writeLine(line) }
            if let doubt = told.doubt { context.say(doubt) }
        }
    }
}
