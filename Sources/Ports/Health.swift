/// Something a person should know about how well a feed can be seen, while everything else runs on.
package struct HealthNote: Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable { case information, warning, problem }

    package var severity: Severity
    /// The collector's or exporter's name in the pipeline file.
    package var source: String
    /// What kind of note it is, for counting and for rules: `object-missing`, `digest-invalid`, `log-gap`.
    package var code: String
    /// What is wrong, where, and what to do; never a secret.
    package var message: String

    package init(_ severity: Severity, source: String, code: String, _ message: String) {
        self.severity = severity
        self.source = source
        self.code = code
        self.message = message
    }
}

/// Where health notes go: log, metrics and health findings.
package protocol HealthReporter: Sendable {
    func report(_ note: HealthNote) async
}
