/// The view `grants`: what brokers said of elevated access, a row for each phase.
extension SQLQuery {
    static let grantsView = """
        CREATE VIEW grants AS SELECT time, time_dt, phase, provider, data->>'uid' AS uid,
        \(name("data->'requester'")) AS requester, \(names("data->'approvers'")) AS approvers,
        coalesce(\(name("data->'target'")), \(name("data->'requester'"))) AS target,
        \(names("data->'roles'")) AS roles, \(names("data->'resources'")) AS resources,
        \(name("data->'account'")) AS account,
        make_timestamp(TRY_CAST(data->>'start_time' AS BIGINT) * 1000) AS start_dt,
        make_timestamp(TRY_CAST(data->>'end_time' AS BIGINT) * 1000) AS end_dt,
        data->>'duration' AS duration, data->>'justification' AS justification,
        coalesce(data->'ticket'->>'uid', data->'ticket'->>'title') AS ticket,
        coalesce(data->>'is_emergency' = 'true', false) AS is_emergency, event_uid
        FROM (SELECT time, time_dt, e.value AS phase, e.provider AS provider, e.data::JSON AS data,
        metadata.uid AS event_uid FROM events, UNNEST(enrichments) AS t(e) WHERE e.name = 'grant');

        """

    /// What a person, role or resource is called: an address tells more than a name, a name more than an id.
    private static func name(_ object: String) -> String {
        "coalesce(\(object)->>'email_addr', \(object)->>'name', \(object)->>'uid')"
    }

    private static func names(_ list: String) -> String {
        "[\(name("x")) FOR x IN (\(list))::JSON[]]"
    }
}
