import Codecs
import Engine
import Ports

/// What DuckDB has against a query, with a mark under the word that it means.
struct SQLComplaint {
    let sql: String

    /// Of a query that is none, as DuckDB's parser describes it.
    func text(parsing json: Document) -> String {
        let message = json["error_message"]?.string ?? "the query cannot be read"
        if message.contains("Only SELECT statements") {
            return "only SELECT can be asked: the store is not changed by queries"
        }
        let position =
            json["position"]?.string.flatMap { Int($0) } ?? json["position"]?.integer.map { Int($0) }
        return pointed(at: position, message)
    }

    /// Of a query that cannot be answered: DuckDB's message, in which the query stands one line further down.
    func text(running output: String) -> String {
        var lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
        guard let at = lines.firstIndex(where: { $0.hasPrefix("LINE ") }) else {
            let message = lines.joined(separator: "\n")
            return pointed(at: quotedWord(in: message), message)
        }
        let message = lines[..<at].filter { !$0.isEmpty }.joined(separator: "\n")
        let offset = at + 1 < lines.count ? place(shown: lines[at], mark: lines[at + 1]) : nil
        return pointed(at: offset, message)
    }

    /// The byte of the query that `LINE 2: SELECT x` and a line with a `^` show.
    private func place(shown: String, mark: String) -> Int? {
        guard let colon = shown.firstRange(of: ": "), let caret = mark.firstIndex(of: "^"),
            let number = Int(shown[..<colon.lowerBound].dropFirst("LINE ".count))
        else { return nil }
        let lines = sql.split(separator: "\n", omittingEmptySubsequences: false)
        // The first line is ours.
        guard lines.indices.contains(number - 2) else { return nil }
        let line = lines[number - 2]
        var column =
            mark.distance(from: mark.startIndex, to: caret)
            - shown.distance(from: shown.startIndex, to: colon.upperBound)
        var excerpt = shown[colon.upperBound...]
        if excerpt.hasPrefix("..."), !line.hasPrefix(excerpt) {
            excerpt = excerpt.dropFirst(3)
            column -= 3
        }
        if excerpt.hasSuffix("..."), !line.hasSuffix(excerpt) { excerpt = excerpt.dropLast(3) }
        guard let found = line.firstRange(of: excerpt), column >= 0,
            let word = line.index(found.lowerBound, offsetBy: column, limitedBy: line.endIndex)
        else { return nil }
        return sql.utf8.distance(from: sql.utf8.startIndex, to: word)
    }

    /// Where the first word stands that the message quotes and the query has.
    private func quotedWord(in message: String) -> Int? {
        let parts = message.split(separator: "\"", omittingEmptySubsequences: false)
        for index in parts.indices where index % 2 == 1 && !parts[index].isEmpty {
            if let found = sql.firstRange(of: parts[index]) {
                return sql.utf8.distance(from: sql.utf8.startIndex, to: found.lowerBound)
            }
        }
        return nil
    }

    /// The line of the query with a mark under the place.
    private func pointed(at offset: Int?, _ message: String) -> String {
        guard let offset, offset <= sql.utf8.count else { return message }
        let before = String(decoding: Array(sql.utf8.prefix(offset)), as: UTF8.self)
        let start = before.lastIndex(of: "\n").map { before.index(after: $0) } ?? before.startIndex
        let line = sql.split(separator: "\n", omittingEmptySubsequences: false)[before.count { $0 == "\n" }]
        let mark = String(repeating: " ", count: before[start...].count) + "^"
        return "\(message)\n  \(printable(String(line)))\n  \(mark)"
    }
}
