import Engine

extension ParquetDecoder {
    /// The rows of a chunk of texts outside lists in which the needle stands, ascending; `bytes` are the file's at its
    /// `range`.
    ///
    /// A page is searched as it was unpacked, as one text, and taken apart only where there is something in it; pages of
    /// a dictionary without such a text are not even unpacked.
    package mutating func rows(
        containing needle: [UInt8], in bytes: [UInt8], of leaf: Int, in group: Int
    ) throws(ParquetFault) -> [Int] {
        try begin(leaf, in: group)
        var found: [Int] = []
        var fitting: [Bool] = []
        var (offset, first) = (0, 0)
        while offset < bytes.count {
            pageNumber += 1
            let header = try nextHeader(bytes, &offset, bytes.count)
            guard header.entryCount <= footer.limits.groupRows else {
                throw fault(.tooLarge, "has \(header.entryCount) values")
            }
            if header.isDictionary {
                try unpack(bytes, &offset, header)
                try keepDictionary(header)
                fitting = dictionary.texts(containing: needle)
                continue
            }
            let isCoded = header.encoding != ParquetEncoding.plain
            defer { first += header.entryCount }
            if isCoded, !fitting.contains(true) {
                offset += header.packedCount
                continue
            }
            try unpack(bytes, &offset, header)
            if !isCoded, unsafe ByteSearch.first(needle, in: page.view, from: 0) == nil { continue }
            try begin(header)
            let values = values.texts(containing: needle, fitting, page)
            if values.isEmpty { continue }
            let full = footer.schema.leaves[leaf].maxDefinition
            var (value, next) = (0, 0)
            for entry in 0..<entryCount where !hasNulls || definitions[entry] == full {
                if next < values.count, values[next] == value {
                    found.append(first + entry)
                    next += 1
                }
                value += 1
            }
        }
        guard first == footer.groups[group].rowCount else {
            throw fault(.corrupt, "has \(first) rows in its pages, and another number in the footer")
        }
        return found
    }
}
