package import Engine

/// Writes small databases in MaxMind's form: networks, and what is said of each.
///
/// For tests and made-up worlds; the networks that are added may lie in one another, the later one wins.
package struct GeoDatabaseWriter {
    /// A value as the form has it.
    package indirect enum Value {
        case text(String)
        case double(Double)
        case integer(UInt64)
        case flag(Bool)
        case list([Value])
        case map([(String, Value)])
    }

    private enum Branch {
        case nothing
        case node(Int)
        case data(Int)
    }

    private var nodes: [(Branch, Branch)] = [(.nothing, .nothing)]
    private var data: [UInt8] = []
    private let type: String
    private let built: Timestamp

    package init(type: String, built: Timestamp) {
        self.type = type
        self.built = built
    }

    /// A city's entry, as GeoLite2-City has it.
    package static func city(
        _ city: String, _ country: String, continent: String = "Europe", latitude: Double, longitude: Double,
        accuracy: UInt64 = 20, isAnycast: Bool = false
    ) -> Value {
        .map([
            ("city", .map([("names", .map([("en", .text(city))]))])),
            ("continent", .map([("names", .map([("en", .text(continent))]))])),
            ("country", .map([("iso_code", .text(country))])),
            (
                "location",
                .map([
                    ("accuracy_radius", .integer(accuracy)), ("latitude", .double(latitude)),
                    ("longitude", .double(longitude)),
                ])
            ),
            ("traits", .map(isAnycast ? [("is_anycast", .flag(true))] : [])),
        ])
    }

    /// A network's entry, as GeoLite2-ASN has it.
    package static func network(_ number: UInt64, _ name: String) -> Value {
        .map([
            ("autonomous_system_number", .integer(number)), ("autonomous_system_organization", .text(name)),
        ])
    }

    /// Adds `198.51.100.0/24`; the same for IPv6 in its long form, eight groups.
    package mutating func add(_ network: String, _ value: Value) {
        let parts = network.split(separator: "/")
        let isV6 = parts[0].contains(":")
        let groups = parts[0].split(separator: isV6 ? ":" : ".").compactMap {
            UInt16($0, radix: isV6 ? 16 : 10)
        }
        precondition(parts.count == 2 && groups.count == (isV6 ? 8 : 4), "\(network) is no network")
        let bits =
            isV6
            ? groups.flatMap { group in (0..<16).map { group >> (15 - $0) & 1 } }
            : [UInt16](repeating: 0, count: 96)
                + groups.flatMap { group in (0..<8).map { group >> (7 - $0) & 1 } }
        let length = (Int(parts[1]) ?? 0) + (isV6 ? 0 : 96)
        let place = data.count
        Self.append(value, to: &data)
        var node = 0
        for depth in 0..<length {
            let isRight = bits[depth] == 1
            let branch = isRight ? nodes[node].1 : nodes[node].0
            if depth == length - 1 {
                set(node, isRight, .data(place))
                return
            }
            if case .node(let next) = branch {
                node = next
                continue
            }
            // What was said of the wider network holds for both halves of it.
            nodes.append((branch, branch))
            set(node, isRight, .node(nodes.count - 1))
            node = nodes.count - 1
        }
    }

    private mutating func set(_ node: Int, _ isRight: Bool, _ branch: Branch) {
        if isRight { nodes[node].1 = branch } else { nodes[node].0 = branch }
    }

    /// The whole file.
    package var bytes: [UInt8] {
        var out: [UInt8] = []
        func append(_ branch: Branch) {
            let value =
                switch branch {
                case .nothing: nodes.count
                case .node(let node): node
                case .data(let place): nodes.count + 16 + place
                }
            for shift in [24, 16, 8, 0] { out.append(UInt8(truncatingIfNeeded: value >> shift)) }
        }
        for (left, right) in nodes {
            append(left)
            append(right)
        }
        out += [UInt8](repeating: 0, count: 16) + data + [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8)
        let metadata: Value = .map([
            ("binary_format_major_version", .integer(2)), ("binary_format_minor_version", .integer(0)),
            ("build_epoch", .integer(UInt64(max(0, built.milliseconds / 1_000)))),
            ("database_type", .text(type)),
            ("description", .map([("en", .text("made up"))])), ("ip_version", .integer(6)),
            ("languages", .list([.text("en")])), ("node_count", .integer(UInt64(nodes.count))),
            ("record_size", .integer(32)),
        ])
        Self.append(metadata, to: &out)
        return out
    }

    // MARK: The data's form

    private static let integers: [String: (kind: Int, bytes: Int)] = [
        "binary_format_major_version": (5, 2), "binary_format_minor_version": (5, 2), "ip_version": (5, 2),
        "record_size": (5, 2), "accuracy_radius": (5, 2), "build_epoch": (9, 8),
    ]

    private static func append(_ value: Value, as key: String = "", to out: inout [UInt8]) {
        switch value {
        case .text(let text):
            head(2, text.utf8.count, to: &out)
            out += text.utf8
        case .double(let double):
            head(3, 8, to: &out)
            for shift in stride(from: 56, through: 0, by: -8) {
                out.append(UInt8(truncatingIfNeeded: double.bitPattern >> UInt64(shift)))
            }
        case .integer(let integer):
            // Of which width a number is, is part of the form.
            let (kind, count) = integers[key] ?? (6, 4)
            head(kind, count, to: &out)
            for place in (0..<count).reversed() {
                out.append(UInt8(truncatingIfNeeded: integer >> UInt64(8 * place)))
            }
        case .flag(let flag): head(14, flag ? 1 : 0, to: &out)
        case .list(let list):
            head(11, list.count, to: &out)
            for element in list { append(element, to: &out) }
        case .map(let map):
            head(7, map.count, to: &out)
            for (key, value) in map {
                append(.text(key), to: &out)
                append(value, as: key, to: &out)
            }
        }
    }

    private static func head(_ kind: Int, _ count: Int, to out: inout [UInt8]) {
        let size = min(count, count < 29 ? 28 : 29)
        out.append(UInt8(truncatingIfNeeded: (kind <= 7 ? kind << 5 : 0) | size))
        if kind > 7 { out.append(UInt8(kind - 7)) }
        precondition(count < 285, "a longer text is not written here")
        if count >= 29 { out.append(UInt8(count - 29)) }
    }
}
