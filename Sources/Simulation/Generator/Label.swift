package import Engine

/// The truth about one record: which attack it belongs to. Records without a label are innocent.
package struct Label: Sendable {
    package let storyline: String
    /// Counts from 1 within the storyline.
    package let step: Int
    /// MITRE ATT&CK technique: `T1098.001`.
    package let technique: String
    package let eventID: String
    package let eventName: String
    package let time: Timestamp
    /// ARN of the principal the record names.
    package let entity: String
    /// Whose access is used: a person's address, `workload:name` for a program's key, `user:name` for a shared user.
    package let human: String

    /// One JSON object, for `labels.jsonl`.
    package var json: String {
        #"{"storyline":"\#(storyline)","step":\#(step),"technique":"\#(technique)","eventID":"\#(eventID)","#
            + #""eventName":"\#(eventName)","eventTime":"\#(time.wholeSeconds.iso8601)","entity":"\#(entity)","#
            + #""human":"\#(human)"}"#
    }
}
