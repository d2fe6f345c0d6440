import Credentials
import Engine
import Ports

/// The log files that a digest names, and those that none does.
extension DigestVerification {
    func check(
        _ digest: CloudTrailDigest, _ covered: inout Set<String>, _ report: inout DigestReport
    ) async throws(Fault) {
        var rest = digest.logs[...]
        while !rest.isEmpty {
            let batch = rest.prefix(Self.getsInFlight)
            rest = rest.dropFirst(batch.count)
            let results = await withTaskGroup(of: (CloudTrailDigest.LogFile, Result<Verdict, Fault>).self) {
                group in
                for log in batch { group.addTask { (log, await verdict(on: log)) } }
                var results: [(CloudTrailDigest.LogFile, Result<Verdict, Fault>)] = []
                for await result in group { results.append(result) }
                return results.sorted { $0.0.key < $1.0.key }
            }
            for (log, result) in results {
                covered.insert(log.key)
                switch try result.get() {
                case .valid: report.validLogs += 1
                case .missing:
                    add(.missingLog, bucket.uri(of: log.key), "its digest names it, and it is gone", &report)
                case .invalid(let reason): add(.invalidLog, bucket.uri(of: log.key), reason, &report)
                }
            }
        }
    }

    private enum Verdict: Sendable { case valid, missing, invalid(String) }

    private func verdict(on log: CloudTrailDigest.LogFile) async -> Result<Verdict, Fault> {
        var content = CloudTrailDigest.LogContent()
        var offset: Int64 = 0
        var etag: String?
        do throws(Fault) {
            while true {
                let range = offset..<offset + Int64(ObjectRest.pieceBytes)
                let response = try await send(bucket.get(log.key, range, etag: etag))
                let piece = try bucket.piece(of: log.key, isFirst: offset == 0, in: response)
                etag = piece.etag
                offset += Int64(piece.bytes.count)
                let isLast = piece.bytes.isEmpty || piece.total.map { offset >= $0 } ?? false
                if let fault = content.take(piece.bytes, isLast: isLast) { return .success(.invalid(fault)) }
                if isLast { break }
            }
        } catch {
            if case .rejected = error.kind { return .success(.missing) }
            return .failure(error)
        }
        return .success(content.hash == log.hash ? .valid : .invalid("its content was changed"))
    }

    /// Log files of the time that no digest names: newer than the last digest, or not CloudTrail's doing.
    func lookForUnlisted(
        in place: Place, from: Timestamp, to: Timestamp, newest: Timestamp, _ covered: Set<String>,
        _ report: inout DigestReport
    ) async throws(Fault) {
        let stream = place.stream("CloudTrail")
        func start(_ time: Timestamp) -> String {
            CloudTrailKey.start(
                of: stream, account: place.account, region: place.region,
                minute: CloudTrailKey.minute(of: time))
        }
        let listing = try await list(stream, startAfter: start(from), through: start(to))
        for object in listing.objects where !covered.contains(object.key) {
            guard let key = CloudTrailKey(object.key), let time = CloudTrailKey.time(ofMinute: key.minute),
                time <= to
            else { continue }
            if time + .minutes(10) >= newest {
                report.notYetCovered += 1
            } else if time >= from + .hours(1) {
                // In the first hour the digest that names it may lie before `from`.
                add(.unlistedLog, bucket.uri(of: object.key), "no valid digest names it", &report)
            }
        }
    }
}
