import Codecs
package import Engine

/// The column plans that are in the binary.
package enum StorePlans {
    package static let tables = ["events", "findings"]

    private static let plans = Result { () throws(Problems) in
        var plans: [ColumnPlan] = []
        for table in tables { plans.append(try read(table)) }
        return plans
    }

    /// In the order of `tables`.
    package static func all() throws(Problems) -> [ColumnPlan] { try plans.get() }

    private static func read(_ table: String) throws(Problems) -> ColumnPlan {
        let path = "schemas/store/\(table).yaml"
        let file = try YAMLReader.document(in: Assets.bytes(path) ?? [], file: path)
        let schema: OCSFSchema
        do { schema = try OCSFContent.schema(.canonical) } catch { throw Problems([error]) }
        return try ColumnPlan(table: table, file, schema: schema)
    }
}
