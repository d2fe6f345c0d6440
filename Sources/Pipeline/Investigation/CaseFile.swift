import Codecs
package import Engine

/// An investigation as one file that can be checked: a page with its evidence's digests, and a digest of itself.
///
/// The digest stands in the page's head, before anything that comes from a log, and is taken over the page with zeros in
/// its place. It shows accidents and careless changes; against a forger only a digest that was noted elsewhere helps.
package struct CaseFile: Sendable {
    package static let format = "martlet-case/1"
    /// A larger file is none: bytes.
    package static let bytesMax = 256 << 20
    private static let mark = "sha256:"
    private static let opening = "<meta name=\"martlet-case\" content=\"\(mark)"
    private static let zeros = String(repeating: "0", count: 64)

    package let bytes: [UInt8]
    /// SHA-256 of the whole, in hexadecimal.
    package let digest: String

    package init(_ found: Investigation, madeBy version: String) {
        var page = CasePage(found).page
        page.facts = ["martlet-case": Self.mark + Self.zeros]
        page.body.data(id: "case", json: Self.manifest(found, version))
        var bytes = page.bytes
        digest = Digest.sha256Hex(bytes)
        if let place = Self.place(in: bytes) {
            bytes.replaceSubrange(place..<place + Self.zeros.utf8.count, with: digest.utf8)
        }
        self.bytes = bytes
    }

    private static func manifest(_ found: Investigation, _ version: String) -> [UInt8] {
        var json = Array("{\"format\":".utf8) + JSONText.quoted(format)
        json += Array(",\"made_by\":".utf8) + JSONText.quoted(version)
        json += Array(",\"investigation\":".utf8) + found.json.dropLast()
        return json + [UInt8(ascii: "}")]
    }

    /// Where the digest stands: behind the first of its openings, which comes before everything else.
    private static func place(in bytes: [UInt8]) -> Int? {
        let opening = Array(opening.utf8)
        let head = bytes.prefix(64 << 10)
        guard let found = head.firstRange(of: opening) else { return nil }
        return found.upperBound + zeros.utf8.count <= bytes.count ? found.upperBound : nil
    }

    // MARK: Reading

    /// What a file that somebody brings holds.
    package struct Read: Sendable {
        /// The digest that it has, and the one that it says it has.
        package var digest: String
        package var stated: String
        package var subject: String
        package var evidence: [CaseEvidence]

        package var isIntact: Bool { digest == stated }
    }

    /// Reads a case file, intact or not.
    ///
    /// - Throws: where it is none, or its manifest cannot be read any more.
    package static func read(_ bytes: [UInt8], name: String) throws(Problem) -> Read {
        guard let place = place(in: bytes) else {
            throw Problem(at: nil, "\(name) is no case file", hint: "martlet investigate --html writes one")
        }
        let end = place + zeros.utf8.count
        let stated = String(decoding: bytes[place..<end], as: UTF8.self)
        var blank = bytes
        blank.replaceSubrange(place..<end, with: zeros.utf8)
        var read = Read(digest: Digest.sha256Hex(blank), stated: stated, subject: "", evidence: [])
        let opening = Array("<script type=\"application/json\" id=\"case\">".utf8)
        // Texts are escaped, so these stand only where the page itself has them.
        guard let start = bytes.firstRange(of: opening)?.upperBound,
            let length = bytes[start...].firstRange(of: Array("</script>".utf8))?.lowerBound,
            let manifest = try? JSONReader.document(in: Array(bytes[start..<length]), file: name),
            manifest["format"]?.string == format
        else {
            if read.isIntact { throw Problem(at: nil, "\(name): its manifest cannot be read") }
            return read
        }
        read.subject = manifest["investigation"]?["subject"]?.string ?? ""
        for one in manifest["investigation"]?["evidence"]?.list ?? [] {
            read.evidence.append(
                CaseEvidence(
                    uid: one["uid"]?.string ?? "",
                    time: one["time"]?.string.flatMap { Timestamp(iso8601: $0) } ?? .epoch,
                    digest: one["sha256"]?.string ?? "", isOfRecord: one["of"]?.string == "record"))
        }
        return read
    }
}

/// Holds what events there are against a case file's evidence.
package struct EvidenceCheck: Sendable {
    package struct Result: Sendable, Equatable {
        package var intact = 0
        package var missing: [String] = []
        package var changed: [String] = []
        /// Their digests are of stored events, which are not to be had from records.
        package var unchecked = 0
    }

    private let evidence: [CaseEvidence]
    private var digests: [String: Set<String>] = [:]

    package init(_ evidence: [CaseEvidence]) {
        self.evidence = evidence
        for one in evidence { digests[one.uid] = [] }
    }

    package var uids: [String] { evidence.map(\.uid).sorted() }

    /// One event of that uid; of several versions one has to be the evidence.
    package mutating func take(_ uid: String, digest: @autoclosure () -> String) {
        if digests[uid] != nil { digests[uid]?.insert(digest()) }
    }

    /// - Parameter ofRecords: whether the digests that were taken are of vendors' records.
    package func result(ofRecords: Bool) -> Result {
        var result = Result()
        for one in evidence {
            let found = digests[one.uid] ?? []
            if found.contains(one.digest) {
                result.intact += 1
            } else if found.isEmpty {
                result.missing.append(one.uid)
            } else if one.isOfRecord != ofRecords {
                result.unchecked += 1
            } else {
                result.changed.append(one.uid)
            }
        }
        return result
    }
}
