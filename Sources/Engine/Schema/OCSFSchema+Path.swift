extension OCSFSchema {
    /// Where a dotted attribute path leads.
    package struct Destination: Sendable {
        package struct Step: Sendable {
            package var attribute: Attribute
            /// The element asked for in `resources[2]`; `nil` for `resources`, `resources[]` and plain attributes.
            package var element: Int?
        }

        /// Every attribute from the class down; free-form rest of a path below `unmapped` or a JSON value is in `rest`.
        package var steps: [Step]
        package var rest: [String]
        package var attribute: Attribute { steps[steps.count - 1].attribute }
        /// Profiles that must be applied for the path to exist, in path order.
        package var profiles: [String] { steps.compactMap(\.attribute.profile) }
        /// The observable type of the value: the last attribute's, or one the class names for the path.
        package var observable: Int?
    }

    /// Resolves `actor.user.uid`, `resources[].uid` or `unmapped.anything` within a class.
    ///
    /// - Parameter hints: whether the nearest path is looked for, which takes its time.
    /// - Throws: a problem naming the nearest valid path.
    package func resolve(
        _ path: String, in structure: Structure, at position: SourcePosition? = nil, hints: Bool = true
    ) throws(Problem) -> Destination {
        var steps: [Destination.Step] = []
        var current: Structure? = structure
        let segments = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        for (index, segment) in segments.enumerated() {
            let (name, element) = Self.split(segment)
            guard let here = current else {
                throw Problem(
                    at: position,
                    "\(segments[..<index].joined(separator: ".")) is a value and has nothing inside",
                    hint: "end the path there")
            }
            guard let attribute = here[name] else {
                throw unknown(
                    name, in: here, after: segments[..<index], of: structure, at: position, hints: hints)
            }
            steps.append(.init(attribute: attribute, element: element))
            switch attribute.type {
            case .object(let number): current = objects[number]
            case .scalar(.json), .anyObject:
                return Destination(steps: steps, rest: Array(segments[(index + 1)...]))
            case .scalar: current = nil
            }
        }
        guard let last = steps.last else { throw Problem(at: position, "an attribute path is missing") }
        let observable = structure.observablePaths[path] ?? last.attribute.observable
        return Destination(steps: steps, rest: [], observable: observable)
    }

    /// `resources[2]` into name and element.
    private static func split(_ segment: String) -> (name: String, element: Int?) {
        guard segment.hasSuffix("]"), let open = segment.firstIndex(of: "[") else { return (segment, nil) }
        return (String(segment[..<open]), Int(segment[segment.index(after: open)...].dropLast()))
    }

    private func unknown(
        _ name: String, in here: Structure, after parents: ArraySlice<String>, of structure: Structure,
        at position: SourcePosition?, hints: Bool
    ) -> Problem {
        let parent = parents.joined(separator: ".")
        let prefix = parent.isEmpty ? "" : parent + "."
        let near = hints ? nearestName(to: name, among: here.attributes.map(\.name)).map { prefix + $0 } : nil
        let owner = parent.isEmpty ? "class \(structure.name)" : "\(parent) (\(here.name))"
        return Problem(
            at: position, "OCSF \(version) has no attribute \(name) in \(owner)",
            hint: near.map { "did you mean \($0)?" } ?? "what has no attribute goes to unmapped")
    }
}
