/// Which identities are one human's by the user's file of people: what is usual for them is that of all their accounts.
///
/// By the file alone, which is there from the first event on. What events tell of accounts may come days later, and whose
/// a fact is must not depend on when.
package struct AccountHolders: Sendable {
    struct Person: Sendable {
        var key: UInt64
        var name: [UInt8]
        var isHuman: Bool
    }

    private var index = KeyIndex()
    private var people: [Person] = []

    /// - Parameter directory: the file's people, and nothing that was learned. An id that is two people's, in two
    ///   systems, is nobody's here.
    package init(_ directory: IdentityDirectory) {
        var owners: [UInt64: CredentialKey] = [:]
        var shared: Set<UInt64> = []
        for account in directory.sorted {
            guard let person = directory.person(account.key) else { continue }
            let key = Subject.key(account.id)
            if let other = owners[key], other != person.key { shared.insert(key) }
            owners[key] = person.key
        }
        var known: Set<UInt64> = []
        for account in directory.sorted {
            let key = Subject.key(account.id)
            guard !shared.contains(key), known.insert(key).inserted,
                let person = directory.person(account.key)
            else { continue }
            index.insert(key, people.count)
            people.append(
                Person(
                    key: Subject.key(person.name), name: person.name, isHuman: person.nature == .human))
        }
    }

    var isEmpty: Bool { people.isEmpty }

    /// Whose an identity is; `nil` where the file does not say it.
    func person(_ identity: UInt64) -> Person? { index[identity].map { people[$0] } }
}
