import Codecs
import Engine
import Ports

extension ObjectStore {
    /// ListObjectsV2, or where the bucket lies.
    func list(_ bucket: String, _ target: RequestTarget) -> HTTPResponse {
        if target.has("location") {
            return .xml(
                "<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"></LocationConstraint>")
        }
        guard target["list-type"] == "2" else {
            return .xmlError(501, "NotImplemented", "Only list-type=2 is served here.")
        }
        let limit: Int
        switch target["max-keys"] {
        case nil: limit = ObjectStore.keysMax
        case let text?:
            guard let number = Int(text), number >= 0 else {
                return .xmlError(
                    400, "InvalidArgument", "Provided max-keys not an integer or within integer range")
            }
            limit = min(number, ObjectStore.keysMax)
        }
        var after = target["start-after"] ?? ""
        if let token = target["continuation-token"] {
            guard let bytes = Hex.decode(token) else {
                return .xmlError(400, "InvalidArgument", "The continuation token provided is incorrect")
            }
            after = String(decoding: bytes, as: UTF8.self)
        }
        let page = page(
            of: bucket, prefix: target["prefix"] ?? "", delimiter: target["delimiter"] ?? "", after: after,
            limit: limit)
        return .xml(text(of: page, bucket: bucket, target, limit: limit))
    }

    private struct ListPage {
        var contents: [(key: String, object: Object)] = []
        var prefixes: [String] = []
        var last: String?
        var isTruncated = false
    }

    private func page(of bucket: String, prefix: String, delimiter: String, after: String, limit: Int)
        -> ListPage
    {
        let (objects, order) = ordered(bucket)
        var page = ListPage()
        let floor = ObjectStore.precedes(after, prefix) ? prefix : after
        var index = order.firstIndex(notBefore: floor)
        while index < order.count {
            let key = order[index]
            guard key.utf8.starts(with: prefix.utf8) else { break }
            index += 1
            if !after.isEmpty, !ObjectStore.precedes(after, key) { continue }
            let common = commonPrefix(of: key, beyond: prefix, delimiter: delimiter)
            // A token that is a common prefix has been told already, with all that lies under it.
            if let common, common == page.prefixes.last || common == after { continue }
            if page.contents.count + page.prefixes.count == limit {
                page.isTruncated = true
                break
            }
            if let common {
                page.prefixes.append(common)
                page.last = common
            } else if let object = objects[key] {
                page.contents.append((key, object))
                page.last = key
            }
        }
        return page
    }

    private func commonPrefix(of key: String, beyond prefix: String, delimiter: String) -> String? {
        guard !delimiter.isEmpty else { return nil }
        let rest = Array(key.utf8.dropFirst(prefix.utf8.count))
        let mark = Array(delimiter.utf8)
        guard rest.count >= mark.count else { return nil }
        for start in 0...(rest.count - mark.count) where rest[start..<start + mark.count].elementsEqual(mark)
        {
            return prefix + String(decoding: rest[..<(start + mark.count)], as: UTF8.self)
        }
        return nil
    }

    private func text(of page: ListPage, bucket: String, _ target: RequestTarget, limit: Int) -> String {
        let isEncoded = target["encoding-type"] == "url"
        func name(_ key: String) -> String {
            isEncoded ? PercentEncoding.encode(key, keepingSlash: true) : XMLText.escaped(key)
        }
        var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        xml += "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
        xml += "<Name>\(bucket)</Name><Prefix>\(name(target["prefix"] ?? ""))</Prefix>"
        xml += "<KeyCount>\(page.contents.count + page.prefixes.count)</KeyCount><MaxKeys>\(limit)</MaxKeys>"
        if let delimiter = target["delimiter"] { xml += "<Delimiter>\(name(delimiter))</Delimiter>" }
        if isEncoded { xml += "<EncodingType>url</EncodingType>" }
        if let start = target["start-after"] { xml += "<StartAfter>\(name(start))</StartAfter>" }
        xml += "<IsTruncated>\(page.isTruncated)</IsTruncated>"
        if page.isTruncated, let last = page.last {
            xml += "<NextContinuationToken>\(Hex.encode(last.utf8))</NextContinuationToken>"
        }
        for (key, object) in page.contents {
            xml +=
                "<Contents><Key>\(name(key))</Key><LastModified>\(object.modified.withMilliseconds)</LastModified>"
            xml += "<ETag>&quot;\(object.etag)&quot;</ETag><Size>\(object.content.size)</Size>"
            xml += "<StorageClass>STANDARD</StorageClass></Contents>"
        }
        for prefix in page.prefixes {
            xml += "<CommonPrefixes><Prefix>\(name(prefix))</Prefix></CommonPrefixes>"
        }
        return xml + "</ListBucketResult>"
    }
}

extension [String] {
    /// Where in keys in byte order the first stands that does not precede `floor`.
    fileprivate func firstIndex(notBefore floor: String) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if ObjectStore.precedes(self[middle], floor) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
