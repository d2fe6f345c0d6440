import Engine
import Pipeline
import Ports

/// Who may do something, as it is told: a line each.
struct AccessAnswerText {
    private let answer: AccessInquiry.Answer

    init(_ answer: AccessInquiry.Answer) { self.answer = answer }

    private var via: String {
        answer.via.isEmpty ? "" : "by \(answer.via.joined(separator: ", ")) in \(answer.account): "
    }

    /// `nil` where it is not known: the line is for those who want to know why.
    var line: String? {
        answer.isAllowed ? "\(printable(answer.principal))\t\(printable(via + answer.reason))" : nil
    }

    /// What nobody told; `nil` where all is known.
    var doubt: String? {
        if answer.isAllowed, answer.unknown.isEmpty { return nil }
        let list = answer.unknown.isEmpty ? answer.reason : answer.unknown.joined(separator: ", ")
        return printable("\(answer.principal): \(via)not known: \(list)")
    }

    var json: String {
        func list(_ texts: [String]) -> String { "[\(texts.map(quoted).joined(separator: ","))]" }
        return "{\"principal\":\(quoted(answer.principal)),\"allowed\":\(answer.isAllowed ? "true" : "null"),"
            + "\"account\":\(quoted(answer.account)),\"via\":\(list(answer.via)),"
            + "\"because\":\(quoted(answer.reason)),\"unknown\":\(list(answer.unknown))}"
    }
}
