/// Reads the structs of a footer. Offsets and counts are checked against the file as they come.
struct ParquetFooterParser {
    private var reader: ThriftReader
    private let bytes: [UInt8]
    /// Where the footer begins in the file: all else is before.
    private let dataEnd: Int
    private let limits: ParquetFooter.Limits

    private(set) var schema = ParquetSchema([])
    private(set) var rowCount = 0
    private(set) var groups: [ParquetFooter.RowGroup] = []
    private(set) var metadata: [(key: String, value: String)] = []
    private(set) var createdBy = ""
    /// Where in the footer its check sum stands.
    private(set) var checkSum: Range<Int>?
    private var hasSchema = false

    init(_ bytes: [UInt8], dataEnd: Int, limits: ParquetFooter.Limits) {
        self.bytes = bytes
        self.dataEnd = dataEnd
        self.limits = limits
        reader = ThriftReader(bytes)
    }

    mutating func parse() throws {
        try reader.begin()
        while let (field, type) = try reader.nextField() {
            switch field {
            case 2: try parseSchema(type)
            case 3: rowCount = try reader.integer(type)
            case 4:
                guard hasSchema else { throw ParquetFault(.footer, .corrupt, "has no schema") }
                let count = try reader.list(type, of: ThriftType.structure)
                groups.reserveCapacity(min(count, 1_000))
                for _ in 0..<count { groups.append(try parseGroup()) }
            case 5: try parseMetadata(type)
            case 6: createdBy = try reader.string(type)
            default: try reader.skip(type)
            }
        }
        guard hasSchema, rowCount >= 0, groups.reduce(0, { $0 + $1.rowCount }) == rowCount else {
            throw ParquetFault(.footer, .corrupt, "has row groups with another number of rows than it says")
        }
    }

    private mutating func parseMetadata(_ type: UInt8) throws {
        for _ in 0..<(try reader.list(type, of: ThriftType.structure)) {
            var key = ""
            var value = ""
            try reader.begin()
            while let (field, type) = try reader.nextField() {
                switch field {
                case 1: key = try reader.string(type)
                case 2: value = try reader.string(type)
                default: try reader.skip(type)
                }
                if field == 2, key == ParquetFooter.checkSumKey {
                    checkSum = reader.offset - value.utf8.count..<reader.offset
                }
            }
            if key != ParquetFooter.checkSumKey { metadata.append((key, value)) }
        }
    }

    // MARK: The schema

    private struct Element {
        var physical: Int?
        var repetition = ParquetSchema.Repetition.required
        var name = ""
        var children = 0
        var converted: Int?
        /// The number of the field of the union, and whether a timestamp is in milliseconds of UTC.
        var logical = 0
        var isMillisecondsUTC = false

        var isList: Bool { logical == 3 || converted == 3 }

        var type: ParquetType {
            switch physical {
            case 0: .boolean
            case 1: .int32
            case 2: isMillisecondsUTC || logical == 0 && converted == 9 ? .timestamp : .int64
            case 5: .double
            case 6:
                logical == 1 || converted == 0 || converted == 4
                    ? .string : logical == 12 || converted == 19 ? .json : .binary
            default: .foreign
            }
        }
    }

    private mutating func parseSchema(_ type: UInt8) throws {
        let count = try reader.list(type, of: ThriftType.structure)
        guard count > 0, count <= ParquetSchema.fieldsMax else {
            throw ParquetFault(.footer, .tooLarge, "has \(count) fields")
        }
        var elements: [Element] = []
        for _ in 0..<count { elements.append(try parseElement()) }
        var next = 1
        var fields: [ParquetSchema.Field] = []
        for _ in 0..<max(0, elements[0].children) {
            fields.append(try field(elements, &next, depth: 1))
        }
        guard next == elements.count, !fields.isEmpty else {
            throw ParquetFault(.footer, .corrupt, "has a schema that is no tree")
        }
        schema = ParquetSchema(fields)
        hasSchema = true
    }

    private func field(
        _ elements: [Element], _ next: inout Int, depth: Int
    ) throws(ParquetFault) -> ParquetSchema.Field {
        guard next < elements.count, depth < ParquetSchema.depthMax else {
            throw ParquetFault(.footer, .corrupt, "has a schema that is no tree")
        }
        let element = elements[next]
        next += 1
        if element.physical != nil {
            return ParquetSchema.Field(element.name, element.repetition, .leaf(element.type))
        }
        guard element.children > 0, element.children <= elements.count else {
            throw ParquetFault(.footer, .corrupt, "has a group without fields")
        }
        var fields: [ParquetSchema.Field] = []
        for _ in 0..<element.children { fields.append(try field(elements, &next, depth: depth + 1)) }
        let isList = element.isList && fields.count == 1 && fields[0].repetition == .repeated
        return ParquetSchema.Field(
            element.name, element.repetition, isList ? .list(fields) : .group(fields))
    }

    private mutating func parseElement() throws -> Element {
        var element = Element()
        try reader.begin()
        while let (field, type) = try reader.nextField() {
            switch field {
            case 1: element.physical = try reader.integer(type)
            case 3:
                guard let repetition = ParquetSchema.Repetition(rawValue: try reader.integer(type)) else {
                    throw ParquetFault(.footer, .corrupt, "has a field of no known repetition")
                }
                element.repetition = repetition
            case 4: element.name = try reader.string(type)
            case 5: element.children = try reader.integer(type)
            case 6: element.converted = try reader.integer(type)
            case 10: try parseLogicalType(type, &element)
            default: try reader.skip(type)
            }
        }
        return element
    }

    private mutating func parseLogicalType(_ type: UInt8, _ element: inout Element) throws {
        guard type == ThriftType.structure else { return try reader.skip(type) }
        try reader.begin()
        while let (field, type) = try reader.nextField() {
            element.logical = field
            guard field == 8, type == ThriftType.structure else {
                try reader.skip(type)
                continue
            }
            var isUTC = false
            var unit = 0
            try reader.begin()
            while let (field, type) = try reader.nextField() {
                if field == 1 {
                    isUTC = try reader.bool(type)
                } else if field == 2, type == ThriftType.structure {
                    try reader.begin()
                    while let (field, type) = try reader.nextField() {
                        unit = field
                        try reader.skip(type)
                    }
                } else {
                    try reader.skip(type)
                }
            }
            element.isMillisecondsUTC = isUTC && unit == 1
        }
    }

    // MARK: Row groups

    private mutating func parseGroup() throws -> ParquetFooter.RowGroup {
        let number = groups.count
        var group = ParquetFooter.RowGroup()
        try reader.begin()
        while let (field, type) = try reader.nextField() {
            switch field {
            case 1:
                guard try reader.list(type, of: ThriftType.structure) == schema.leaves.count else {
                    throw ParquetFault(.rowGroup(number), .corrupt, "has another number of columns")
                }
                group.chunks.reserveCapacity(schema.leaves.count)
                for leaf in schema.leaves.indices { group.chunks.append(try parseChunk(number, leaf)) }
            case 3: group.rowCount = try reader.integer(type)
            case 4:
                for _ in 0..<(try reader.list(type, of: ThriftType.structure)) {
                    group.sortedBy.append(try parseSorting())
                }
            default: try reader.skip(type)
            }
        }
        guard group.rowCount >= 0, group.rowCount <= limits.groupRows else {
            throw ParquetFault(.rowGroup(number), .tooLarge, "has \(group.rowCount) rows")
        }
        guard group.chunks.count == schema.leaves.count else {
            throw ParquetFault(.rowGroup(number), .corrupt, "has no columns")
        }
        group.byteCount = group.chunks.reduce(0) { $0 + $1.byteCount }
        return group
    }

    private mutating func parseSorting() throws -> ParquetWriter.Sorting {
        var sorting = ParquetWriter.Sorting(leaf: 0)
        try reader.begin()
        while let (field, type) = try reader.nextField() {
            switch field {
            case 1: sorting.leaf = try reader.integer(type)
            case 2: sorting.isDescending = try reader.bool(type)
            case 3: sorting.hasNullsFirst = try reader.bool(type)
            default: try reader.skip(type)
            }
        }
        return sorting
    }

    private mutating func parseChunk(_ group: Int, _ leaf: Int) throws -> ParquetColumnChunk {
        let part = ParquetFault.Part.column(rowGroup: group, leaf: leaf)
        var chunk = ParquetColumnChunk()
        var offsets = InlineArray<4, Int>(repeating: 0)
        try reader.begin()
        while let (field, type) = try reader.nextField() {
            switch field {
            case 1: throw ParquetFault(part, .unsupported, "is in another file")
            case 3 where type == ThriftType.structure: try parseChunkMetadata(&chunk, part)
            case 4...7: offsets[field - 4] = try reader.integer(type)
            default: try reader.skip(type)
            }
        }
        chunk.offsetIndex = try range(offsets[0], offsets[1], part)
        chunk.columnIndex = try range(offsets[2], offsets[3], part)
        let start = chunk.dictionaryOffset ?? chunk.dataOffset
        guard chunk.entryCount >= 0, start >= 4, chunk.byteCount >= 0, start <= dataEnd,
            chunk.byteCount <= dataEnd - start
        else { throw ParquetFault(part, .corrupt, "is said to be outside the file") }
        return chunk
    }

    /// `nil` where there is none.
    private func range(_ offset: Int, _ count: Int, _ part: ParquetFault.Part) throws(ParquetFault) -> Range<
        Int
    >? {
        guard count != 0 else { return nil }
        guard offset >= 4, count > 0, offset <= dataEnd, count <= dataEnd - offset else {
            throw ParquetFault(part, .corrupt, "has an index that is said to be outside the file")
        }
        return offset..<offset + count
    }

    private mutating func parseChunkMetadata(
        _ chunk: inout ParquetColumnChunk, _ part: ParquetFault.Part
    ) throws {
        var bloom = (offset: 0, count: 0)
        try reader.begin()
        while let (field, type) = try reader.nextField() {
            switch field {
            case 4: chunk.codec = ParquetCodec(code: try reader.integer(type))
            case 5: chunk.entryCount = try reader.integer(type)
            case 6: chunk.unpackedByteCount = try reader.integer(type)
            case 7: chunk.byteCount = try reader.integer(type)
            case 9: chunk.dataOffset = try reader.integer(type)
            case 11:
                // Some writers put 0 where there is none.
                let offset = try reader.integer(type)
                chunk.dictionaryOffset = offset > 0 ? offset : nil
            case 12 where type == ThriftType.structure: try parseStatistics(&chunk)
            case 14: bloom.offset = try reader.integer(type)
            case 15: bloom.count = try reader.integer(type)
            default: try reader.skip(type)
            }
        }
        chunk.bloomFilter = try range(bloom.offset, bloom.count, part)
    }

    private mutating func parseStatistics(_ chunk: inout ParquetColumnChunk) throws {
        var low: [UInt8]?
        var high: [UInt8]?
        var isMinExact = true
        var isMaxExact = true
        try reader.begin()
        while let (field, type) = try reader.nextField() {
            switch field {
            case 3: chunk.nullCount = try reader.integer(type)
            case 5: high = try reader.binary(type)
            case 6: low = try reader.binary(type)
            case 7: isMaxExact = try reader.bool(type)
            case 8: isMinExact = try reader.bool(type)
            default: try reader.skip(type)
            }
        }
        if let low, let high {
            chunk.bounds = ParquetBounds(low, high, isMinExact: isMinExact, isMaxExact: isMaxExact)
        }
    }
}
