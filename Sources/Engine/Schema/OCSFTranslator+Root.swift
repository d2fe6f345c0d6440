extension OCSFTranslator {
    /// Writes a root attribute that follows from the class and activity the event now has.
    mutating func write(
        _ apart: OCSFTranslation.Apart, _ table: OCSFTranslation.Table, _ frame: Int, _ start: Int,
        _ out: inout [UInt8]
    ) {
        guard let target, apart != .omitted, apart != .last else { return }
        separate(start, &out)
        switch apart {
        case .activity:
            out += Array("\"activity_id\":\(target.targetActivity),\"activity_name\":\"".utf8)
            writeActivityName(table, frame, &out)
            out.append(UInt8(ascii: "\""))
        case .category: out += Array("\"category_uid\":\(target.categoryUID)".utf8)
        case .classUID: out += Array("\"class_uid\":\(target.classUID)".utf8)
        case .typeUID:
            let (hundreds, _) = Int64(target.classUID).multipliedReportingOverflow(by: 100)
            out += Array("\"type_uid\":\(hundreds &+ target.targetActivity)".utf8)
        case .categoryName:
            out += Array("\"category_name\":\"".utf8) + target.categoryName + [UInt8(ascii: "\"")]
        case .className: out += Array("\"class_name\":\"".utf8) + target.className + [UInt8(ascii: "\"")]
        case .typeName:
            out += Array("\"type_name\":\"".utf8) + target.className + Array(": ".utf8) + target.activityName
            out.append(UInt8(ascii: "\""))
        case .omitted, .last: break
        }
    }

    /// The older version's caption; for 99 the source's word, or what the activity was called.
    func writeActivityName(_ table: OCSFTranslation.Table, _ frame: Int, _ out: inout [UInt8]) {
        guard let target else { return }
        guard target.targetActivity == 99 else {
            out += target.activityName
            return
        }
        if let place = table.apart.firstIndex(of: .omitted), frames[frame + place] >= 0 {
            append(tree.nodes[Int(frames[frame + place])].text, &out)
        } else {
            out += target.sourceActivityName
        }
    }

    /// Writes what depends on all the rest: observables point to where things went, `unmapped` takes what was lost.
    mutating func writeLast(
        _ table: OCSFTranslation.Table, _ frame: Int, _ start: Int, _ event: borrowing Span<UInt8>,
        _ out: inout [UInt8]
    ) {
        path = Array("observables".utf8)
        if let node = child("observables", of: 0, event) {
            let place = place(of: node, table.source, event)
            if let place, let move = table.own[place] {
                if !write(node, move, start, event, &out) { lose(node) }
            } else {
                lose(node)
            }
        }
        path.removeAll(keepingCapacity: true)
        let unmapped = child("unmapped", of: 0, event)
        guard unmapped != nil || !lost.isEmpty else { return }
        separate(start, &out)
        out += Array("\"unmapped\":".utf8)
        guard let unmapped, tree.nodes[unmapped].kind == .object else {
            out.append(UInt8(ascii: "{"))
            let inner = out.count
            if let unmapped {
                out += Array("\"unmapped\":".utf8)
                append(tree.nodes[unmapped].range, &out)
            }
            writeLost(beside: nil, inner, event, &out)
            out.append(UInt8(ascii: "}"))
            return
        }
        append(Int(tree.nodes[unmapped].start)..<Int(tree.nodes[unmapped].end) - 1, &out)
        let inner = Int(tree.nodes[unmapped].next) > unmapped + 1 ? 0 : out.count
        writeLost(beside: unmapped, inner, event, &out)
        out.append(UInt8(ascii: "}"))
    }

    private func writeLost(
        beside unmapped: Int?, _ inner: Int, _ event: borrowing Span<UInt8>, _ out: inout [UInt8]
    ) {
        for loss in lost {
            separate(inner, &out)
            out.append(UInt8(ascii: "\""))
            // The vendor has a field of that very name.
            if let unmapped, hasChild(lostPaths[loss.path], of: unmapped) { out += Array("ocsf.".utf8) }
            out += lostPaths[loss.path]
            out += Array("\":".utf8)
            append(tree.nodes[loss.node].range, &out)
        }
    }

    private func hasChild(_ name: ArraySlice<UInt8>, of node: Int) -> Bool {
        var at = node + 1
        while at < Int(tree.nodes[node].next) {
            let key = tree.nodes[at].keyRange
            if key.count == name.count,
                bytes[base + key.lowerBound..<base + key.upperBound].elementsEqual(name)
            {
                return true
            }
            at = Int(tree.nodes[at].next)
        }
        return false
    }
}
