/// The long texts of `martlet query`.
enum QueryHelp {
    static let discussion = """
        Options that are given together must all hold. Times are UTC; --from and --to are event time. On a terminal the
        rows come as a table, elsewhere as OCSF events, one JSON object a line. Events that are in no segment yet are read
        from the spool, so nothing is missed while a pipeline runs.

        SQL is answered by DuckDB over the same Parquet files: `events`, `findings` and `ledger` are tables, OCSF objects
        nested (actor.user.uid), lists lists (resources[1].uid), `time` milliseconds and `time_dt` a timestamp,
        `raw_data` the vendor's record, `rest` what has no column. `sessions` has whose each
        credential was. `grants` has what privilege brokers granted, a row for
        each phase. Only SELECT is possible.
        """

    static let examples = [
        "martlet query --entity alice@example.com --from -24h",
        "martlet query --ip 192.0.2.7 --newest --limit 100",
        "martlet query --action iam:CreateAccessKey --from 30d --status success",
        "martlet query --entity AKIAIOSFODNN7EXAMPLE --format csv --columns time,api.operation,src_endpoint.ip",
        "martlet query --entity AKIAIOSFODNN7EXAMPLE --limit 1   # where a key was first seen",
        "martlet query --action 'Delete*' --account 111122223333 --from yesterday",
        "martlet query --action GetSecretValue --resource '*prod*'",
        "martlet query --class 3002 --status failure --from -2h   # failed sign-ins",
        "martlet query --findings --newest --limit 20",
        "martlet query --entity alice@example.com --from 7d --top api.operation   # what did they enumerate",
        "martlet query --ip 192.0.2.7 --top principal,api.operation --limit 20",
        "martlet query --lake s3://example-lake/martlet --entity alice@example.com --from 90d",
        "martlet query --uid 11111111-2222-3333-4444-555555555555 --raw --format json",
        "martlet query --contains AdministratorAccess --from 7d",
        "martlet query --from 2026-11-01 --to 2026-11-02 --format parquet > day.parquet",
        "martlet query \"SELECT api.operation, count(*) AS n FROM events WHERE principal LIKE '%alice%' GROUP BY 1 ORDER BY n DESC\"",
        "martlet query \"SELECT src_endpoint.ip, min(time_dt), max(time_dt), count(*) FROM events GROUP BY 1 ORDER BY 4 DESC LIMIT 20\"",
        "martlet query \"SELECT principal, count(DISTINCT api.operation) AS kinds FROM events WHERE status_id = 2 GROUP BY 1 HAVING kinds > 10\"",
        "martlet query \"SELECT time_dt, principal, r.uid FROM events, UNNEST(resources) AS t(r) WHERE api.operation = 'PutBucketPolicy'\"",
        "martlet query \"SELECT finding_info.title, count(*) FROM findings GROUP BY 1 ORDER BY 2 DESC\"",
        "martlet query \"SELECT time_dt, requester, approvers, roles, end_dt FROM grants WHERE phase = 'approved' ORDER BY time\"",
        "martlet query \"SELECT f.finding_info.title, e.time_dt, e.principal FROM findings f, UNNEST(f.finding_info.related_events) AS t(r) JOIN events e ON e.metadata.uid = r.uid\"",
        "martlet query \"SELECT principal, api.operation, api.request.data FROM events WHERE api.operation IN ('CreateUser', 'CreateRole', 'CreateAccessKey', 'CreateFunction') ORDER BY time\"",
    ]
}
