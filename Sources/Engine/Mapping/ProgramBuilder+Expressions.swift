/// What attributes are written from: expressions, conditions and functions in flat tables.
extension ProgramBuilder {
    mutating func lower(
        _ list: [(expression: MappingDocument.Expression, conditions: [MappingDocument.Condition])],
        attribute: OCSFSchema.Attribute?, scope: Int
    ) -> Run32 {
        var lowered: [MappingProgram.Expression] = []
        for (expression, outer) in list {
            var out = MappingProgram.Expression(kind: .paths)
            out.readAs = expression.readAs.code
            switch expression.source {
            case .paths(let paths): out.references = lower(paths, scope: scope)
            case .constant(let document):
                out.kind = .constant
                guard let value = constant(document, attribute) else {
                    unfit.append(constantProblem(document, attribute))
                    continue
                }
                fitted.insert(document.position)
                out.text = text(
                    attribute?.isArray == true && document.list == nil ? "[\(value.json)]" : value.json)
                out.caption = value.caption.map { text(quoted($0)) } ?? .none
                out.id = value.id
            case .join(let paths, let between):
                out.kind = .join
                out.references = lower(paths, scope: scope)
                out.text = escapedText(between)
            case .nothing: out.kind = .nothing
            case .each(let reference, _, let rules, let members):
                out.references = lower([reference], scope: scope)
                out.members = Run32(start: Int32(texts.count), count: Int32(members.count))
                for key in members { texts.append(bytes(key)) }
                if rules != nil || attribute?.isArray != true {
                    problems.append(
                        Problem(
                            at: expression.position, "\(attribute?.name ?? "this") is no array of objects"))
                    continue
                }
            case .items:
                problems.append(
                    Problem(at: expression.position, "\(attribute?.name ?? "this") is no array of objects"))
                continue
            }
            out.conditions = lower(outer + expression.conditions, scope: scope)
            out.functions = lower(expression.functions)
            if let test = expression.test {
                out.test = lower(test.0).code
                out.isTestNegated = test.isNegated
            }
            lowerCases(expression, attribute, into: &out)
            lowered.append(out)
        }
        let start = expressions.count
        expressions += lowered
        return Run32(start: Int32(start), count: Int32(lowered.count))
    }

    mutating func lowerCases(
        _ expression: MappingDocument.Expression, _ attribute: OCSFSchema.Attribute?,
        into out: inout MappingProgram.Expression
    ) {
        var list: [MappingProgram.Case] = []
        func append(_ text: String, _ isPrefix: Bool, _ result: Document, _ builder: inout ProgramBuilder) {
            guard let value = builder.constant(result, attribute) else {
                let problem = builder.constantProblem(result, attribute)
                builder.unfit.append(problem)
                return
            }
            builder.fitted.insert(result.position)
            let caption = value.caption.map { builder.text(builder.quoted($0)) } ?? .none
            list.append(
                .init(
                    text: builder.text(text), isPrefix: isPrefix, output: builder.text(value.json),
                    caption: caption, id: value.id))
        }
        for item in expression.cases { append(item.text, item.isPrefix, item.result, &self) }
        let start = cases.count
        if let otherwise = expression.otherwise {
            let before = list.count
            append("", true, otherwise, &self)
            if list.count > before {
                out.otherwise = Int32(start + before)
            }
        }
        cases += list
        let count = out.otherwise >= 0 ? list.count - 1 : list.count
        out.cases = Run32(start: Int32(start), count: Int32(count))
    }

    mutating func lower(_ list: [MappingDocument.Reference], scope: Int) -> Run32 {
        let start = references.count
        for reference in list {
            let trie = reference.isRoot ? 0 : scope
            let slot = reference.path.steps.isEmpty ? 0 : slots[trie][reference.path] ?? 0
            references.append(Int32(clamping: slotOffsets[trie] + slot))
        }
        return Run32(start: Int32(start), count: Int32(list.count))
    }

    mutating func lower(_ list: [MappingDocument.Condition], scope: Int) -> Run32 {
        let lowered = list.map { condition -> MappingProgram.Condition in
            let run = lower([condition.reference], scope: scope)
            let test = lower(condition.test)
            return .init(
                reference: references[Int(run.start)], test: test.code, isNegated: condition.isNegated,
                texts: test.texts)
        }
        let start = conditions.count
        conditions += lowered
        return Run32(start: Int32(start), count: Int32(lowered.count))
    }

    mutating func lower(_ test: MappingDocument.Test) -> (code: MappingProgram.TestCode, texts: Run32) {
        func run(_ list: [String], _ builder: inout ProgramBuilder) -> Run32 {
            let start = builder.texts.count
            for item in list {
                let text = builder.text(item)
                builder.texts.append(text)
            }
            return Run32(start: Int32(start), count: Int32(list.count))
        }
        switch test {
        case .equals(let list): return (.equals, run(list, &self))
        case .startsWith(let list): return (.startsWith, run(list, &self))
        case .endsWith(let list): return (.endsWith, run(list, &self))
        case .contains(let list): return (.contains, run(list, &self))
        case .present: return (.present, .none)
        case .ip: return (.ip, .none)
        case .arn: return (.arn, .none)
        case .email: return (.email, .none)
        case .number: return (.number, .none)
        case .text: return (.text, .none)
        case .object: return (.object, .none)
        case .array: return (.array, .none)
        }
    }

    mutating func lower(_ list: [MappingDocument.Function]) -> Run32 {
        let start = functions.count
        for function in list { functions.append(lower(function)) }
        return Run32(start: Int32(start), count: Int32(list.count))
    }

    mutating func lower(_ function: MappingDocument.Function) -> MappingProgram.Function {
        switch function {
        case .arnPartition: .init(code: .arnPart, part: 1)
        case .arnService: .init(code: .arnPart, part: 2)
        case .arnRegion: .init(code: .arnPart, part: 3)
        case .arnAccount: .init(code: .arnPart, part: 4)
        case .arnResource: .init(code: .arnResource)
        case .arnName: .init(code: .arnName)
        case .lower: .init(code: .lower)
        case .upper: .init(code: .upper)
        case .json: .init(code: .json)
        case .parsedJSON: .init(code: .parsedJSON)
        case .before(let mark): .init(code: .before, text: text(mark))
        case .after(let mark): .init(code: .after, text: text(mark))
        case .beforeLast(let mark): .init(code: .beforeLast, text: text(mark))
        case .afterLast(let mark): .init(code: .afterLast, text: text(mark))
        case .split(let mark, let part):
            .init(code: .split, text: text(mark), part: Int32(clamping: part))
        case .inJSON(let path): .init(code: .inJSON, text: bytes(JSONSteps.encoded(path)))
        case .stripPrefix(let mark): .init(code: .stripPrefix, text: text(mark))
        case .stripSuffix(let mark): .init(code: .stripSuffix, text: text(mark))
        }
    }
}
