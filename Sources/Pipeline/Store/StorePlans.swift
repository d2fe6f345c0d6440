import Codecs
package import Engine

/// The column plans that are in the binary.
package enum StorePlans {
    package static let tables = ["events", "findings"]

    private static let plans = Result { () throws(Problems) in
        var plans: [ColumnPlan] = []
        for table in tables {
            let lines = String(decoding: Assets.bytes(path(table)) ?? [], as: UTF8.self)
            plans.append(try ColumnPlan(table: table, lines: lines))
        }
        return plans
    }

    /// In the order of `tables`.
    package static func all() throws(Problems) -> [ColumnPlan] { try plans.get() }

    /// What a table's plan becomes: kept in the repository beside it, so that a start need not know OCSF.
    package static func path(_ table: String) -> String { "schemas/store/\(table).columns" }

    /// The plan as a person wrote it, checked against OCSF.
    package static func written(_ table: String) throws(Problems) -> ColumnPlan {
        let path = "schemas/store/\(table).yaml"
        let file = try YAMLReader.document(in: Assets.bytes(path) ?? [], file: path)
        let schema: OCSFSchema
        do { schema = try OCSFContent.schema(.canonical) } catch { throw Problems([error]) }
        return try ColumnPlan(table: table, file, schema: schema)
    }
}
