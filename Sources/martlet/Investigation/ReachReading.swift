import Engine
import Pipeline
import Ports
import Store

/// What each AWS principal that was used could do while it was used, as far as IAM events and snapshots tell.
///
/// Identity policies and boundaries are looked at; what resource policies grant and guardrails take away is not.
struct ReachReading {
    /// Actions with which somebody gets more, gets at data, or hides.
    static let grave = [
        "iam:CreateAccessKey", "iam:CreateUser", "iam:AttachRolePolicy", "iam:AttachUserPolicy",
        "iam:PutRolePolicy",
        "iam:PutUserPolicy", "iam:UpdateAssumeRolePolicy", "iam:PassRole", "sts:AssumeRole",
        "secretsmanager:GetSecretValue", "ssm:GetParameter", "ssm:StartSession", "kms:Decrypt",
        "s3:GetObject",
        "s3:PutBucketPolicy", "ec2:RunInstances", "ec2:ModifySnapshotAttribute",
        "rds:ModifyDBSnapshotAttribute",
        "lambda:UpdateFunctionCode", "cloudtrail:StopLogging", "guardduty:DeleteDetector",
        "organizations:LeaveOrganization",
    ]

    let state: AccessState

    /// Files with CloudTrail and snapshots, in any mix.
    static func read(_ names: [String], _ context: CommandContext) async throws -> ReachReading {
        let run = try await run(context)
        _ = try await InputSession("Reading access", names, context).walk(into: run) {
            ["changes": run.changes]
        }
        run.close()
        return ReachReading(state: run.state)
    }

    /// The records of IAM events that the store keeps.
    static func read(
        _ opened: StoreReading.Opened, until end: Timestamp?, and names: [String], _ context: CommandContext
    ) async throws -> ReachReading {
        let run = try await run(context)
        if let plan = opened.plans.first(where: { $0.table == "events" }) {
            var query = EventQuery(plan)
            query.times = .min..<(end.map { $0.milliseconds + 1 } ?? .max)
            query.conditions = [
                EventQuery.Condition(
                    leaves: [plan.leaf(at: "api.service.name")].compactMap { $0 },
                    patterns: [TextPattern(exactly: "iam.amazonaws.com")])
            ]
            run.begin("store")
            _ = try await opened.reader.run(query, leaves: [plan.raw, plan.time]) { rows, row in
                let raw = rows.entries[rows.entries(of: row)].first { Int($0.leaf) == plan.raw }
                guard let raw else { return true }
                run.feed((Array(rows.bytes[raw.range]) + [UInt8(ascii: "\n")]).span)
                return true
            }
            run.finish(fault: nil)
        }
        if !names.isEmpty {
            _ = try await InputSession("Reading access", names, context).walk(into: run) {
                ["changes": run.changes]
            }
        }
        run.close()
        return ReachReading(state: run.state)
    }

    private static func run(_ context: CommandContext) async throws -> AccessRun {
        AccessRun(
            snapshotTime: context.time.now,
            refused: try await InputRefusals(feed: "aws.cloudtrail", keptIn: nil))
    }

    /// Moments of one principal at which its access is told: the first act, and changes after it.
    private static let momentsMax = 50

    /// What each held and could do at its first act, and anew whenever that changed until its last. Principals of which
    /// nothing is known are left out.
    func reach(of principals: [CasePrincipal]) -> [CaseReach] {
        principals.flatMap { one in
            let changes = state.changes(ofHoldings: one.account, one.subject, in: one.first...one.last)
            var all: [CaseReach] = []
            for moment in [one.first] + changes where all.count < Self.momentsMax {
                let now = reach(of: one, at: moment)
                if let last = all.last {
                    if last.holds == now.holds, last.allowed == now.allowed { continue }
                } else if now.holds.isEmpty, now.isWhole {
                    continue
                }
                all.append(now)
            }
            return all
        }
    }

    private func reach(of one: CasePrincipal, at time: Timestamp) -> CaseReach {
        let groups = state.parts(one.account, one.subject, .membership, at: time).map { "group/\($0.name)" }
        var holds: [String] = []
        for holder in [one.subject] + groups {
            for kind in [AccessState.Kind.attachment, .inline] {
                holds += state.parts(one.account, holder, kind, at: time).map {
                    holder == one.subject ? $0.name : "\($0.name) by \(holder)"
                }
            }
        }
        let holdings = state.holdings(one.account, one.subject, at: time) { AccessRun.policy($0) }
        let missing = holdings.unknown + holdings.unreadable
        let principal = RequestPrincipal("arn:aws:iam::\(one.account):\(one.subject)")
        let allowed = Self.grave.filter { action in
            let request = PolicyRequest(
                action: action, resource: "*", resourceAccount: one.account, principal: principal)
            return PolicyEvaluator.verdict(request, under: holdings.layers).decision == .allow
        }
        return CaseReach(
            principal: one.subject, account: one.account, time: time, holds: holds, allowed: allowed,
            isWhole: missing.isEmpty)
    }
}
