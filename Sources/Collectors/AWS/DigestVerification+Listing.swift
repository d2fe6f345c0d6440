import Engine
import Ports

/// What is in the bucket: accounts, regions, chains.
extension DigestVerification {
    /// What time it is where the bucket is, where its answer says it.
    func timeAtBucket() async throws(Fault) -> Timestamp? {
        VendorTime.stated(by: try await send(bucket.list(prefix: "\(prefix)AWSLogs/", delimiter: "/")))
    }

    func places() async throws(Fault) -> [Place] {
        var found: [Place] = []
        var accountFolders: [String] = []
        for folder in try await list("\(prefix)AWSLogs/", delimiter: "/").folders {
            let name = folder.split(separator: "/").last ?? ""
            if name.hasPrefix("o-") {
                accountFolders += try await list(folder, delimiter: "/").folders
            } else {
                accountFolders.append(folder)
            }
        }
        for folder in accountFolders {
            let account = String(folder.split(separator: "/").last ?? "")
            guard account.count == 12, accounts.isEmpty || accounts.contains(account) else { continue }
            for inner in try await list(folder + "CloudTrail-Digest/", delimiter: "/").folders {
                let region = String(inner.split(separator: "/").last ?? "")
                guard regions.isEmpty || regions.contains(region) else { continue }
                found.append(Place(account: account, region: region, folder: folder))
            }
        }
        return found
    }

    func list(
        _ prefix: String, delimiter: String? = nil, startAfter: String? = nil, through last: String? = nil
    ) async throws(Fault) -> S3Bucket.Listing {
        var whole = S3Bucket.Listing()
        var token: String?
        repeat {
            let page = try bucket.listing(
                in: try await send(
                    bucket.list(
                        prefix: prefix, delimiter: delimiter, startAfter: startAfter, continuation: token)))
            whole.folders += page.folders
            whole.objects += page.objects
            token = page.continuation
            if let last, let key = page.objects.last?.key, key > last { break }
        } while token != nil
        return whole
    }

    /// Digest keys of the time by chain (trail, home region, backfill or not), newest first.
    func keysOfDigests(
        in place: Place, from: Timestamp, to: Timestamp
    ) async throws(Fault) -> [String: [String]] {
        var chains: [String: [String]] = [:]
        let stream = place.stream("CloudTrail-Digest")
        let first = stream + Self.day(from)
        let listing = try await list(stream, startAfter: first, through: stream + Self.day(to + .days(1)))
        for object in listing.objects {
            let name = object.key.split(separator: "/").last ?? ""
            // <account>_CloudTrail-Digest_<region>_<trail>_<home region>_<time>Z[_backfill].json.gz; a trail's
            // name may hold underscores.
            let isBackfill = name.hasSuffix("_backfill.json.gz")
            let parts = name.dropLast(isBackfill ? 17 : 8).split(separator: "_")
            guard name.hasSuffix(".json.gz"), parts.count >= 6, let stamp = parts.last,
                let time = Self.time(ofStamp: stamp), time >= from, time <= to
            else { continue }
            let chain = parts.dropFirst(3).dropLast().joined(separator: "_") + (isBackfill ? "/backfill" : "")
            chains[chain, default: []].insert(object.key, at: 0)
        }
        return chains
    }

    static func day(_ time: Timestamp) -> String {
        String(time.iso8601.prefix(10)).replacing("-", with: "/")
    }

    /// `20261102T081533Z`.
    static func time(ofStamp stamp: Substring) -> Timestamp? {
        guard stamp.count == 16 else { return nil }
        func slice(_ start: Int, _ count: Int) -> Substring { stamp.dropFirst(start).prefix(count) }
        return Timestamp(
            iso8601:
                "\(slice(0, 4))-\(slice(4, 2))-\(slice(6, 2))T\(slice(9, 2)):\(slice(11, 2)):\(slice(13, 3))")
    }
}
