/// What people, programs and AWS itself call, and how often beside one another.
struct Catalogue: Sendable {
    /// A mix of operations: the n-th is as likely as its share of the weights.
    struct Mix: Sendable {
        fileprivate(set) var operations: [Int]
        fileprivate(set) var weights: [Int]
        fileprivate(set) var sum: Int
    }

    let operations: [Operation]
    private let indexes: [String: Int]
    private let mixes: [String: Mix]

    init() {
        let operations = Catalogue.lines.split(separator: "\n").map { Operation(line: $0) }
        var indexes: [String: Int] = [:]
        for (index, operation) in operations.enumerated() {
            indexes["\(operation.service):\(operation.name)"] = index
        }
        var mixes: [String: Mix] = [:]
        for line in Catalogue.mixLines.split(separator: "\n") {
            let words = line.split(separator: " ")
            var mix = Mix(operations: [], weights: [], sum: 0)
            for word in words.dropFirst() {
                let parts = word.split(separator: "*")
                guard let index = indexes[String(parts[0])] else {
                    preconditionFailure("no operation is called \(parts[0])")
                }
                let weight = parts.count > 1 ? Int(parts[1]) ?? 1 : 1
                mix.operations.append(index)
                mix.weights.append(weight)
                mix.sum += weight
            }
            mixes[String(words[0])] = mix
        }
        self.operations = operations
        self.indexes = indexes
        self.mixes = mixes
    }

    /// The operation `service:Name`; a wrong name is a mistake in this folder and traps.
    func index(_ name: String) -> Int {
        guard let index = indexes[name] else { preconditionFailure("no operation is called \(name)") }
        return index
    }

    func mix(_ name: String) -> Mix {
        guard let mix = mixes[name] else { preconditionFailure("no mix is called \(name)") }
        return mix
    }

    func draw(from mix: Mix, _ dice: inout Dice) -> Int {
        var left = dice.below(mix.sum)
        for (index, weight) in mix.weights.enumerated() {
            left -= weight
            if left < 0 { return mix.operations[index] }
        }
        return mix.operations[0]
    }
}
