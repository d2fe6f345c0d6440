import Engine
import Ports

/// A round is framed by the vendor's clock: where it begins, where it ends, and what the vendor no longer has.
extension DeclaredStream {
    /// Learns from an answer what time it is at the vendor; `true` where the round has to be framed anew, since its first
    /// answer shows that it was framed by a wrong clock. Then nothing of the answer is used.
    mutating func isFramedAnew(by response: HTTPResponse, at now: Timestamp) -> Bool {
        let theirs = VendorTime.stated(by: response)
        if let theirs {
            vendorTime.learn(from: theirs, at: now)
            if let note = vendorTime.takeNote() { notes.append((.warning, "clock-off", note)) }
        }
        let isPassing = declaration.throttle.stated(by: response, at: now) != nil
        let isRedirect = (300..<400).contains(response.status)
        guard let round, round.stage != .before, !isPassing, !isRedirect else { return false }
        if let theirs { self.round?.answeredAt = round.answeredAt.map { min($0, theirs) } ?? theirs }
        guard !round.isSettled else { return false }
        if let theirs, !isFramedAnew, goesByTime(round),
            VendorTime.isFar(theirs - round.framedAt) || mark.low.map({ $0 > theirs }) ?? false
        {
            isFramedAnew = true
            if round.isFirst { mark.low = nil }
            self.round = nil
            return true
        }
        isFramedAnew = false
        self.round?.isSettled = true
        tell(round)
        return false
    }

    /// Whether the round asks for times, or has judged by times what is missing.
    private func goesByTime(_ round: FeedRound) -> Bool {
        declaration.position != .snapshot && (isWindowed || mark.cursor == nil || round.gap != nil)
    }

    /// What a person is to know of a round's beginning.
    private mutating func tell(_ round: FeedRound) {
        if round.isFirst, mark.cursor == nil {
            let kept =
                declaration.retention.map { "; the vendor keeps \($0.components.seconds / 86_400) days" }
                ?? ""
            notes.append((.information, "first-start", "begins at \(round.start.iso8601)\(kept)"))
        }
        guard let gap = round.gap else { return }
        notes.append(
            (
                .problem, "log-gap",
                "the vendor no longer has the records from \(gap.lowerBound.iso8601) to \(gap.upperBound.iso8601): "
                    + "they are missing unless they come by another way"
            ))
    }
}
