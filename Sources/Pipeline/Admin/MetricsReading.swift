/// The samples of a metrics page, as Prometheus' text format 0.0.4 has them.
package struct MetricsReading: Sendable {
    package struct Sample: Hashable, Sendable {
        package var name: String
        package var labels: [String: String]
        package var value: Double
    }

    /// Samples read; a page of ours has some dozens for each collector.
    static let samplesMax = 100_000

    package private(set) var samples: [Sample] = []

    /// Lines that are no samples are passed over.
    package init(_ page: String) {
        for line in page.split(separator: "\n") where !line.hasPrefix("#") && samples.count < Self.samplesMax
        {
            if let sample = Self.sample(line) { samples.append(sample) }
        }
    }

    package func value(_ name: String, where labels: [String: String] = [:]) -> Double? {
        samples.first { sample in
            sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value }
        }?.value
    }

    /// The sets of labels under which a family has samples, in the page's order.
    package func labels(of name: String) -> [[String: String]] {
        samples.filter { $0.name == name }.map(\.labels)
    }

    private static func sample(_ line: Substring) -> Sample? {
        let name = line.prefix { $0 != "{" && $0 != " " }
        var rest = line[name.endIndex...]
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest = rest.dropFirst()
            while let first = rest.first, first != "}" {
                if first == "," { rest = rest.dropFirst() }
                let key = rest.prefix { $0 != "=" }
                rest = rest[key.endIndex...].dropFirst()
                guard rest.first == "\"" else { return nil }
                rest = rest.dropFirst()
                var value = ""
                while let character = rest.first, character != "\"" {
                    rest = rest.dropFirst()
                    guard character == "\\", let escaped = rest.first else {
                        value.append(character)
                        continue
                    }
                    value.append(escaped == "n" ? "\n" : escaped)
                    rest = rest.dropFirst()
                }
                guard rest.first == "\"" else { return nil }
                rest = rest.dropFirst()
                labels[String(key)] = value
            }
            rest = rest.dropFirst()
        }
        guard !name.isEmpty, let value = Double(rest.drop { $0 == " " }) else { return nil }
        return Sample(name: String(name), labels: labels, value: value)
    }
}
