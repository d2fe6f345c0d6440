import Codecs
package import Engine
package import Exporters

/// Every receiver that is declared by a file under `schemas/receivers/`.
package enum ReceiverCatalog {
    private static let root = "schemas/receivers/"

    /// By name; what is wrong with a file is for `problems` to say.
    package static let all: [ReceiverProtocol] = read().receivers
    package static var problems: [Problem] { read().problems }

    package static subscript(name: String) -> ReceiverProtocol? { all.first { $0.receiver == name } }

    private static func read() -> (receivers: [ReceiverProtocol], problems: [Problem]) {
        var receivers: [ReceiverProtocol] = []
        var problems: [Problem] = []
        for path in Assets.names(under: root) {
            do throws(Problems) {
                let document = try YAMLReader.document(in: Assets.bytes(path) ?? [], file: path)
                var decoder = ConfigDecoder(references: References(environment: [:]))
                let receiver = ReceiverProtocol.decode(document, by: &decoder)
                problems += decoder.problems
                guard let receiver, decoder.problems.isEmpty else { continue }
                if path != "\(root)\(receiver.receiver).yaml" {
                    problems.append(Problem(at: document.position, "\(path) declares \(receiver.receiver)"))
                }
                receivers.append(receiver)
            } catch {
                problems += error.list
            }
        }
        return (receivers, problems)
    }
}
