/// The view `sessions`: whose each credential was, and how much was done with it.
extension SQLQuery {
    static let sessionsView = """
        CREATE VIEW sessions AS SELECT who, kind, certainty, any_value(confidence) AS confidence, credential, root,
        any_value(gap) AS gap, count(*) AS events, min(time_dt) AS first_dt, max(time_dt) AS last_dt,
        list_sort(list_distinct(list(address))) AS addresses, list_sort(list_distinct(list(account))) AS accounts
        FROM (SELECT time_dt, e.value AS who, data->>'kind' AS kind, data->>'certainty' AS certainty,
        TRY_CAST(data->>'confidence' AS DOUBLE) AS confidence, data->'root'->>'uid' AS root, data->>'gap' AS gap,
        coalesce(data->'chain'->0->>'uid', data->'root'->>'uid') AS credential, address, account
        FROM (SELECT time_dt, e, e.data::JSON AS data, src_endpoint.ip AS address, cloud.account.uid AS account
        FROM events, UNNEST(enrichments) AS t(e) WHERE e.name = 'attribution'))
        GROUP BY who, kind, certainty, credential, root;

        """
}
