package import Engine
package import Ports

/// A topic of Kafka's: a message for each event, in the partition of who did it.
///
/// Within one life of the producer nothing is there twice, whatever is sent again underneath. A batch that librdkafka gave
/// up may have arrived: it goes again and is counted as resent.
package struct KafkaExporter: Receiver {
    package static let name = "kafka"

    private let sink: any MessageSink
    private let key: EventTemplate
    private let fields: FieldPaths

    package init(_ sink: any MessageSink, key: String) throws(EventTemplate.Flaw) {
        self.sink = sink
        var fields = FieldPaths()
        self.key = try EventTemplate(key, at: .plain, fields: &fields)
        self.fields = fields
    }

    package func deliver(_ batch: EventBatch, batchID: String) async throws(Fault) -> Verdict {
        var writer = TemplateWriter(fields)
        var messages: [SinkMessage] = []
        messages.reserveCapacity(batch.count)
        for event in batch.events {
            var key: [UInt8] = []
            writer.begin(event, of: batch)
            writer.write(self.key, event, of: batch, into: &key)
            messages.append(SinkMessage(key: key, value: Array(batch.bytes[event.json.range])))
        }
        let refused = try await sink.append(messages)
        return refused.isEmpty ? .accepted : .partial(refused: refused, again: [], after: nil)
    }

    package func close() async throws(Fault) { await sink.close() }
}
