import Engine
package import Ports

/// All that a running pipeline may touch: the doors, and how to open more of them.
///
/// A transport and a volume are made per component, because each has a proxy, certificates and a folder of its own.
package struct RunSurroundings: Sendable {
    package var time: any TimeSource
    package var entropy: any Entropy
    package var files: any FileReader
    package var processes: any ChildProcess
    package var environment: [String: String]
    /// A transport as a component's `proxy`, `tls`, `allow_insecure` and `timeout` want it; paths are absolute.
    package var transport: @Sendable (ConnectionConfig) throws(Fault) -> any Transport
    /// A volume of our own in this folder, locked against other processes where it can be.
    package var volume: @Sendable (_ folder: String) throws(Fault) -> any Volume
    /// A volume for files of our own in a folder that others use as well.
    package var sharedVolume: @Sendable (_ folder: String) throws(Fault) -> any Volume
    /// Answers requests at an address of this machine.
    package var listen: Listen
    /// A consumer of Kafka's, not yet connected.
    package var kafka: @Sendable (KafkaOptions) throws(Fault) -> any MessageStream
    /// A producer of Kafka's, not yet connected.
    package var kafkaSink: @Sendable (KafkaSinkOptions) throws(Fault) -> any MessageSink
    /// A connection that takes bytes, not yet made.
    package var byteStream: @Sendable (ByteStreamOptions) throws(Fault) -> any ByteStream
    package var mailer: @Sendable (MailerOptions) throws(Fault) -> any Mailer
    package var log: Log

    package typealias Listen =
        @Sendable (ListenOptions, any RequestHandler) throws(Fault) -> Listening

    package init(
        time: any TimeSource, entropy: any Entropy, files: any FileReader, processes: any ChildProcess,
        environment: [String: String],
        transport: @escaping @Sendable (ConnectionConfig) throws(Fault) -> any Transport,
        volume: @escaping @Sendable (String) throws(Fault) -> any Volume,
        sharedVolume: @escaping @Sendable (String) throws(Fault) -> any Volume = { folder throws(Fault) in
            throw Fault(.denied, "nothing is written to \(folder) here")
        },
        listen: @escaping Listen = { options, _ throws(Fault) in
            throw Fault(.denied, "nobody can listen at \(options.address):\(options.port) here")
        },
        kafka: @escaping @Sendable (KafkaOptions) throws(Fault) -> any MessageStream = {
            options throws(Fault) in
            throw Fault(.denied, "there is no way to \(options.brokers.joined(separator: ", ")) here")
        },
        kafkaSink: @escaping @Sendable (KafkaSinkOptions) throws(Fault) -> any MessageSink = {
            options throws(Fault) in
            throw Fault(.denied, "there is no way to \(options.brokers.joined(separator: ", ")) here")
        },
        byteStream: @escaping @Sendable (ByteStreamOptions) throws(Fault) -> any ByteStream = {
            options throws(Fault) in
            throw Fault(.denied, "there is no way to \(options.host):\(options.port) here")
        },
        mailer: @escaping @Sendable (MailerOptions) throws(Fault) -> any Mailer = {
            options throws(Fault) in
            throw Fault(.denied, "there is no way to \(options.host):\(options.port) here")
        }, log: Log
    ) {
        self.time = time
        self.entropy = entropy
        self.files = files
        self.processes = processes
        self.environment = environment
        self.transport = transport
        self.volume = volume
        self.sharedVolume = sharedVolume
        self.listen = listen
        self.kafka = kafka
        self.kafkaSink = kafkaSink
        self.byteStream = byteStream
        self.mailer = mailer
        self.log = log
    }
}
