/// Finds items and marks of snapshots among events.
package struct SnapshotReader {
    private let index = EventIndex()
    private let texts: PolicyTexts

    package init(_ texts: PolicyTexts) { self.texts = texts }

    /// The classes of items and of marks.
    package static let classes: Set<Int64> = [5_003, 5_023, 6_007]

    package func fact(_ event: Event, of batch: borrowing EventBatch) -> SnapshotFact? {
        guard event.kind == .event, Self.classes.contains(Int64(event.classUID)),
            let (tape, record) = index.read(event, of: batch), let document = Document(tape, record.open)
        else { return nil }
        return fact(document)
    }

    /// The same of an event's text by itself, as a store has it.
    package func fact(in text: [UInt8]) -> SnapshotFact? {
        var batch = EventBatch()
        batch.bytes = text
        var row = Event(time: .epoch)
        row.json = Extent(start: 0, count: text.count)
        // Most are changes: their class alone says that they are none of a snapshot's.
        guard let (tape, record) = index.read(row, of: batch),
            let kind = tape.member("class_uid", of: record.open).flatMap({ Int64(tape.text(tape.extent($0))) }
            ),
            Self.classes.contains(kind), let document = Document(tape, record.open)
        else { return nil }
        return fact(document)
    }

    private func fact(_ document: Document) -> SnapshotFact? {
        guard let kind = document["class_uid"]?.integer, Self.classes.contains(kind),
            let metadata = document["metadata"], let snapshot = metadata["correlation_uid"]?.string,
            let uid = metadata["uid"]?.string, let time = document["time"]?.integer
        else { return nil }
        guard kind == 6_007 else {
            // Items that are no part of access are counted still: the mark says how many there are.
            guard let service = Self.service(of: metadata) else { return nil }
            let facts: [AccessState.Key: String]? =
                switch service {
                case .iam: AccessItem(event: document)?.facts(texts)
                case .organizations: OrganizationItem(event: document)?.facts(texts)
                case .identityCenter: IdentityCenterItem(event: document)?.facts(texts)
                case .kms: KeyItem(event: document)?.facts(texts)
                case .googleRoles: GoogleRoleItem(event: document)?.facts
                case .googleBindings: GoogleBindingItem(event: document)?.facts
                case .azureRoles: AzureRoleItem(event: document)?.facts
                case .entraRoles, .entraEligibilities: EntraRoleItem(event: document)?.facts
                case .entraGroups: EntraGroupItem(event: document)?.facts
                case .oktaGroups: OktaGroupItem(event: document)?.facts
                }
            return .item(snapshot: snapshot, uid: uid, facts: facts ?? [:])
        }
        return end(document, metadata, snapshot, time)
    }

    /// The feed of what a collector of its own takes, or the service that a collector of AWS's asks.
    private static func service(of metadata: Document) -> AccessSnapshot.Service? {
        metadata["log_name"]?.string.flatMap { AccessSnapshot.Service(rawValue: $0) }
            ?? metadata["log_provider"]?.string.flatMap { AccessSnapshot.Service(rawValue: $0) }
    }

    private func end(
        _ document: Document, _ metadata: Document, _ snapshot: String, _ time: Int64
    ) -> SnapshotFact? {
        guard metadata["event_code"]?.string == "end", let name = document["scan"]?["name"]?.string,
            let service = AccessSnapshot.Service(rawValue: name),
            let begun = document["start_time"]?.integer
        else { return nil }
        let place = document["unmapped"]?["snapshot"]
        let given = place?["parameters"]
        let account =
            document["cloud"]?["account"]?["uid"]?.string
            ?? given?["tenant"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? service.home
        guard let account = account ?? (service.isOfDeclaredFeed ? "" : nil) else { return nil }
        let stream = document["cloud"]?["region"]?.string ?? place?["stream"]?.string ?? ""
        let part = place?["source"]?.string.map { "\(stream)\(Self.by)\($0)" } ?? stream
        let status = document["status_code"]?.string
        return .end(
            SnapshotEnd(
                snapshot: snapshot, service: service, account: account, part: part,
                begun: Timestamp(milliseconds: begun),
                taken: Timestamp(milliseconds: time),
                items: Int(clamping: document["total"]?.integer ?? 0),
                isComplete: status == "complete",
                // One that was cut has calls that nobody made: what it lacks nobody can tell.
                lacking: status == "partial" ? SnapshotLack.all(in: document["unmapped"]?["coverage"]) : [],
                scope: given?["scope"]?.string ?? ""))
    }

    /// Between the list that a snapshot is of and the collector that took it.
    static let by = " by "
}
