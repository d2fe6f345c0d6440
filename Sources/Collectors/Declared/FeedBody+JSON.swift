import Credentials
import Ports

extension FeedBody {
    /// The body with its values; `nil` where a text has a name without one.
    func json(_ values: FeedValues) -> JSONValue? {
        switch self {
        case .text(let template): template.filled(values.plain).map { .string($0) }
        case .number(let text): .number(text)
        case .bool(let flag): .bool(flag)
        case .null: .null
        case .list(let items): .array(items.compactMap { $0.json(values) })
        case .object(let members):
            .object(
                Dictionary(
                    members.compactMap { member in member.value.json(values).map { (member.name, $0) } },
                    uniquingKeysWith: { _, last in last }))
        }
    }
}
