/// The structs of a Parquet footer and page index, written.
enum ParquetFooterWriter {
    static func footer(
        _ schema: ParquetSchema, rows: Int, groups: [UInt8], groupCount: Int,
        metadata: [(key: String, value: String)], createdBy: String
    ) -> [UInt8] {
        var footer = ThriftWriter()
        footer.put(1, int32: 2)
        let elements = elements(schema)
        footer.begin(2, listOf: ThriftType.structure, count: elements.count)
        footer.append(elements.bytes)
        footer.put(3, int64: rows)
        footer.begin(4, listOf: ThriftType.structure, count: groupCount)
        footer.append(groups)
        // The format has no check sum for footers: ours is metadata, computed with zeros in its place.
        let metadata = metadata + [(ParquetFooter.checkSumKey, ParquetFooter.checkSumPlace)]
        var place = 0
        footer.begin(5, listOf: ThriftType.structure, count: metadata.count)
        for (key, value) in metadata {
            footer.beginElement()
            footer.put(1, key)
            footer.put(2, value)
            place = footer.bytes.count
            footer.end()
        }
        footer.put(6, createdBy)
        // Bounds count only where the order that they are in is named: the type's own.
        footer.begin(7, listOf: ThriftType.structure, count: schema.leaves.count)
        for _ in schema.leaves {
            footer.beginElement()
            footer.putEmpty(1)
            footer.end()
        }
        footer.end()
        var bytes = footer.bytes
        let digits = ParquetFooter.digits(CRC32.of(bytes)).utf8
        bytes.replaceSubrange(place - digits.count..<place, with: digits)
        return bytes
    }

    /// The check sum that stands behind each index and bloom filter of ours, where no other reader looks.
    static func withCheckSum(_ bytes: [UInt8]) -> [UInt8] {
        let sum = CRC32.of(bytes)
        var checked: [UInt8] = []
        checked.reserveCapacity(bytes.count + 4)
        checked.append(contentsOf: bytes)
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            checked.append(UInt8(truncatingIfNeeded: sum >> shift))
        }
        return checked
    }

    // MARK: The schema

    private static func elements(_ schema: ParquetSchema) -> (bytes: [UInt8], count: Int) {
        var writer = ThriftWriter()
        var count = 1
        writer.beginElement()
        writer.put(4, "schema")
        writer.put(5, int32: schema.fields.count)
        writer.end()
        for field in schema.fields { put(field, into: &writer, &count) }
        return (writer.bytes, count)
    }

    private static func put(
        _ field: ParquetSchema.Field, into writer: inout ThriftWriter, _ count: inout Int
    ) {
        count += 1
        writer.beginElement()
        switch field.content {
        case .leaf(let type):
            writer.put(1, int32: physical(type))
            writer.put(3, int32: field.repetition.rawValue)
            writer.put(4, field.name)
            putMeaning(type, into: &writer)
            writer.end()
        case .group(let fields):
            putGroup(field, fields, isList: false, into: &writer, &count)
        case .list(let fields):
            putGroup(field, fields, isList: true, into: &writer, &count)
        }
    }

    private static func putGroup(
        _ field: ParquetSchema.Field, _ fields: [ParquetSchema.Field], isList: Bool,
        into writer: inout ThriftWriter, _ count: inout Int
    ) {
        writer.put(3, int32: field.repetition.rawValue)
        writer.put(4, field.name)
        writer.put(5, int32: fields.count)
        if isList {
            writer.put(6, int32: 3)
            writer.begin(10)
            writer.putEmpty(3)
            writer.end()
        }
        writer.end()
        for field in fields { put(field, into: &writer, &count) }
    }

    static func physical(_ type: ParquetType) -> Int {
        switch type {
        case .boolean: 0
        case .int32: 1
        case .int64, .timestamp: 2
        case .double: 5
        case .string, .json, .binary, .foreign: 6
        }
    }

    /// What the physical type stands for, in the old annotation and in the new one.
    private static func putMeaning(_ type: ParquetType, into writer: inout ThriftWriter) {
        switch type {
        case .boolean, .int32, .int64, .double, .binary, .foreign: break
        case .string:
            writer.put(6, int32: 0)
            writer.begin(10)
            writer.putEmpty(1)
            writer.end()
        case .json:
            writer.put(6, int32: 19)
            writer.begin(10)
            writer.putEmpty(12)
            writer.end()
        case .timestamp:
            writer.put(6, int32: 9)
            writer.begin(10)
            writer.begin(8)
            writer.put(1, true)
            writer.begin(2)
            writer.putEmpty(1)
            writer.end()
            writer.end()
            writer.end()
        }
    }

    // MARK: Column chunks

    static func put(_ chunk: ParquetColumnChunk, _ leaf: ParquetSchema.Leaf, into writer: inout ThriftWriter)
    {
        writer.beginElement()
        writer.put(2, int64: 0)
        writer.begin(3)
        writer.put(1, int32: physical(leaf.type))
        writer.begin(2, listOf: ThriftType.int32, count: chunk.encodings.count)
        for encoding in chunk.encodings { writer.put(element: encoding) }
        writer.begin(3, listOf: ThriftType.binary, count: leaf.path.count)
        for name in leaf.path { writer.put(element: name) }
        writer.put(4, int32: chunk.codec.code)
        writer.put(5, int64: chunk.entryCount)
        writer.put(6, int64: chunk.unpackedByteCount)
        writer.put(7, int64: chunk.byteCount)
        writer.put(9, int64: chunk.dataOffset)
        if let offset = chunk.dictionaryOffset { writer.put(11, int64: offset) }
        writer.begin(12)
        if let count = chunk.nullCount { writer.put(3, int64: count) }
        if let bounds = chunk.bounds {
            writer.put(5, bounds.max)
            writer.put(6, bounds.min)
            writer.put(7, bounds.isMaxExact)
            writer.put(8, bounds.isMinExact)
        }
        writer.end()
        if let filter = chunk.bloomFilter {
            writer.put(14, int64: filter.lowerBound)
            writer.put(15, int32: filter.count)
        }
        writer.end()
        if let index = chunk.offsetIndex {
            writer.put(4, int64: index.lowerBound)
            writer.put(5, int32: index.count)
        }
        if let index = chunk.columnIndex {
            writer.put(6, int64: index.lowerBound)
            writer.put(7, int32: index.count)
        }
        writer.end()
    }

    // MARK: The page index

    static func offsetIndex(_ pages: [ParquetPage]) -> [UInt8] {
        var writer = ThriftWriter()
        writer.begin(1, listOf: ThriftType.structure, count: pages.count)
        for page in pages {
            writer.beginElement()
            writer.put(1, int64: page.offset)
            writer.put(2, int32: page.byteCount)
            writer.put(3, int64: page.firstRow)
            writer.end()
        }
        writer.end()
        return writer.bytes
    }

    static func columnIndex(_ pages: [ParquetPage], _ type: ParquetType) -> [UInt8] {
        var writer = ThriftWriter()
        writer.begin(1, listOf: ThriftType.yes, count: pages.count)
        for page in pages { writer.put(element: page.isAllNull) }
        writer.begin(2, listOf: ThriftType.binary, count: pages.count)
        for page in pages { writer.put(element: page.bounds?.min ?? []) }
        writer.begin(3, listOf: ThriftType.binary, count: pages.count)
        for page in pages { writer.put(element: page.bounds?.max ?? []) }
        writer.put(4, int32: boundaryOrder(pages, type))
        writer.begin(5, listOf: ThriftType.int64, count: pages.count)
        for page in pages { writer.put(element: page.nullCount ?? 0) }
        writer.end()
        return writer.bytes
    }

    /// 1 where both bounds only go up from page to page, 2 where they only go down, else 0.
    private static func boundaryOrder(_ pages: [ParquetPage], _ type: ParquetType) -> Int {
        let bounds = pages.compactMap(\.bounds)
        var isAscending = true
        var isDescending = true
        for (left, right) in zip(bounds, bounds.dropFirst()) {
            if ParquetBounds.isLess(right.min, left.min, as: type)
                || ParquetBounds.isLess(right.max, left.max, as: type)
            {
                isAscending = false
            }
            if ParquetBounds.isLess(left.min, right.min, as: type)
                || ParquetBounds.isLess(left.max, right.max, as: type)
            {
                isDescending = false
            }
        }
        return isAscending ? 1 : isDescending ? 2 : 0
    }
}
