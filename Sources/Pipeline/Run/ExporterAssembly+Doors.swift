import Codecs
import Credentials
import Engine
import Exporters
import Ports

// Receivers behind doors of their own: they speak no HTTP.

extension ExporterAssembly {
    func email(_ config: MailConfig) throws(Fault) -> any Receiver {
        guard let address = AdminConfig.split(config.server) else {
            throw Fault(.denied, "server: “\(config.server)” is not a host and a port")
        }
        var options = MailerOptions(host: address.host, port: address.port)
        options.security =
            switch config.security {
            case .startTLS: .startTLS
            case .tls: .tls
            case .plain: .plain
            }
        options.user = config.user
        options.password = config.password?.revealed
        options.caFile = config.caFile.map { file.absolute($0) }
        var settings = MailExporter.Config(from: config.from, to: config.recipients.all)
        settings.subject = config.subject
        let mailer = try surroundings.mailer(options)
        do throws(EventTemplate.Flaw) {
            return try MailExporter(settings, mailer: mailer, time: surroundings.time)
        } catch {
            throw Fault(.denied, error.message)
        }
    }

    func syslogStream(_ config: SyslogConfig) throws(Fault) -> any ByteStream {
        guard let address = AdminConfig.split(config.address) else {
            throw Fault(.denied, "address: “\(config.address)” is not a host and a port")
        }
        let host = address.host.hasPrefix("[") ? String(address.host.dropFirst().dropLast()) : address.host
        var options = ByteStreamOptions(host: host, port: address.port)
        options.usesTLS = config.usesTLS
        options.caFile = config.tls.caFile.map { file.absolute($0) }
        options.certificateFile = config.tls.clientCertificate.map { file.absolute($0) }
        options.keyFile = config.tls.clientKey.map { file.absolute($0) }
        return try surroundings.byteStream(options)
    }

    func syslog(_ config: SyslogConfig) throws(Fault) -> any Receiver {
        var settings = SyslogExporter.Config()
        settings.facility = config.facility
        settings.host = config.hostname
        settings.application = config.application
        settings.framing = config.framing == .newline ? .newline : .octetCounting
        settings.messageBytesMax = Int(config.messageMax.bytes)
        return SyslogExporter(settings, stream: try syslogStream(config))
    }

    func kafka(_ config: KafkaExporterConfig) throws(Fault) -> any Receiver {
        var options = KafkaSinkOptions(brokers: config.brokers.all, topic: config.topic)
        options.usesTLS = config.usesTLS
        options.caFile = config.caFile.map { file.absolute($0) }
        options.compression = config.compression.rawValue
        if let sasl = config.sasl {
            options.proof = (sasl.mechanism.rawValue, sasl.user, sasl.password.revealed)
        } else if let connection = config.connectionString {
            options.proof = (SASLMechanism.plain.rawValue, "$ConnectionString", connection.revealed)
        }
        let sink = try surroundings.kafkaSink(options)
        do throws(EventTemplate.Flaw) { return try KafkaExporter(sink, key: config.key) } catch {
            throw Fault(.denied, "key: \(error.message)")
        }
    }
}
