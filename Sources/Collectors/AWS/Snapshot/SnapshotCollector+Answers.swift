import Codecs
import Credentials
package import Engine
package import Ports

/// What AWS has answered.
extension SnapshotCollector {
    package mutating func take(_ reply: Reply, to id: Int, at now: Timestamp) throws(Fault) {
        guard let work = calls[id] else { return }
        switch work {
        case .identify(let account):
            let response = try reply.answer()
            if let error = AWSError(response) { throw error.fault("asking whose the credentials are") }
            guard let id = XMLElement(xml: response.body)?.first("Account")?.text, !id.isEmpty else {
                throw Fault(.transient, "asking whose the credentials are: AWS's answer names no account")
            }
            accounts[account] = id
        case .ask(let index, let question):
            answer(reply, to: question, of: index, at: now)
        }
        calls[id] = nil
    }

    private mutating func answer(
        _ reply: Reply, to question: SnapshotQuestion, of index: Int, at now: Timestamp
    ) {
        streams[index].isBusy = false
        let items: [SnapshotItem]
        do throws(Fault) {
            let response = try reply.answer()
            if let error = AWSError(response) {
                guard let found = refusal(error, of: question, index) else { return }
                items = found
            } else {
                items = streams[index].take(try question.read(response), to: question)
            }
            streams[index].troubled = nil
        } catch {
            switch error.kind {
            case .transient, .throttled: return wait(error.message, question, index, at: now)
            case .denied, .cancelled:
                streams[index].open?.cut = error.message
                return
            case .malformed, .rejected:
                items = streams[index].miss(question, \.failed, error.message)
            }
        }
        guard !items.isEmpty, let id = streams[index].open?.id else { return }
        let account = accounts[streams[index].account] ?? ""
        add(
            Draft(
                feed: streams[index].scope.service.feed, name: "\(id)/\(question.operation)",
                lines: streams[index].records(items, account: account, at: now)), index)
    }

    /// What there is where AWS said no: `nil` if the snapshot is cut by it.
    private mutating func refusal(
        _ error: AWSError, of question: SnapshotQuestion, _ index: Int
    ) -> [SnapshotItem]? {
        if error.isAbsence {
            if question.mayBeAbsent { return streams[index].take(question.orElse(), to: question) }
            return streams[index].miss(question, \.gone, error.text)
        }
        guard error.isDenial else { return streams[index].miss(question, \.failed, error.text) }
        // Credentials that AWS does not take at all: no other question would fare better.
        if error.advice != nil {
            streams[index].open?.cut = error.fault(question.operation).message
            return nil
        }
        return streams[index].miss(question, \.denied, error.text)
    }

    /// Asks again after a while, until there is no more patience.
    private mutating func wait(
        _ reason: String, _ question: SnapshotQuestion, _ index: Int, at now: Timestamp
    ) {
        let since = streams[index].troubled ?? now
        streams[index].troubled = since
        guard now - since < config.patience else {
            let patience = config.patience.components.seconds
            streams[index].cut(
                at: question, "\(question.operation) was not answered for \(patience) s: \(reason)")
            return
        }
        var again = question
        again.delay = Self.troublePause
        streams[index].stack.append(again)
    }
}

extension AWSError {
    /// Whether what was asked about is not there: gone since it was listed, or never had.
    var isAbsence: Bool {
        code == "NoSuchEntity" || code.hasSuffix("NotFoundException") || code == "ResourceNotFound"
            || code == "AWSOrganizationsNotInUseException"
    }
}
