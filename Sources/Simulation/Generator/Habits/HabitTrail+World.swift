import Engine

extension HabitTrail {
    /// An API that exists.
    struct Call: Sendable {
        var source: String
        var name: String
        var isReadOnly: Bool
        var noun: String

        /// The generator's catalogue and as many made-up ones again: the long tail that every cloud has.
        static func universe(_ dice: inout Dice) -> [Call] {
            var calls = Catalogue().operations.map {
                Call(
                    source: "\($0.service).amazonaws.com", name: $0.name, isReadOnly: $0.isReadOnly,
                    noun: $0.service)
            }
            let nouns = [
                "Fleet", "Pipeline", "Dataset", "Endpoint", "Listener", "Queue", "Schedule", "Workspace",
                "Gateway", "Broker", "Archive", "Template", "Segment", "Channel", "Domain", "Batch",
                "Catalog",
                "Partition", "Replica", "Mesh", "Bundle", "Campaign", "Contact", "Detector", "Experiment",
            ]
            let services = [
                "glue", "sagemaker", "mq", "connect", "appmesh", "iot", "kafka", "batch", "sns", "dms",
            ]
            for noun in nouns {
                for (verb, reads) in [
                    ("Describe", true), ("List", true), ("Get", true), ("Create", false), ("Update", false),
                    ("Delete", false), ("Start", false),
                ] {
                    let name = verb == "List" ? "List\(noun)s" : verb + noun
                    let service = dice.pick(services)
                    calls.append(
                        Call(source: "\(service).amazonaws.com", name: name, isReadOnly: reads, noun: noun))
                }
            }
            return calls
        }
    }

    /// People who do about the same things, in one account.
    struct Team: Sendable {
        let name: String
        let account: String
        let office: String
        /// Indices of calls, the most frequent first.
        let pool: [Int]

        init(_ number: Int, _ calls: Int, _ dice: inout Dice) {
            name = "Team\(number)"
            account = "1111222233\(10 + number % 6)"
            office = "198.\(18 + number % 6).\(number).\(1 + dice.below(20))"
            var pool: [Int] = []
            while pool.count < 45 {
                let call = dice.below(calls)
                if !pool.contains(call) { pool.append(call) }
            }
            self.pool = pool
        }
    }

    /// Something that a team takes up on one day.
    struct RollOut: Sendable {
        let team: Int
        let calls: [Int]
        let agent: String?
        /// Which share of the team takes part on the day.
        let share: Double

        init(team: Int, _ calls: Int, _ dice: inout Dice) {
            self.team = team
            self.calls = [dice.below(calls), dice.below(calls)]
            agent = dice.chance(0.3) ? "tool-\(dice.hex(4))/1.0 os/linux" : nil
            share = 0.3 + 0.6 * dice.fraction()
        }
    }

    /// One record before it is written.
    struct Record {
        var source: String
        var name: String
        var isReadOnly: Bool
        var error: String?
        var parameters: String
        var region: String
    }

    mutating func append(
        _ record: Record, by person: Persona, _ circumstances: Persona.Circumstances, at time: Timestamp,
        to out: inout [UInt8]
    ) {
        out += #"{"eventVersion":"1.09","userIdentity":"#.utf8
        out += person.identity(key: circumstances.key).utf8
        out += #","eventTime":""#.utf8
        time.wholeSeconds.appendISO8601(to: &out)
        out += #"","eventSource":"\#(record.source)","eventName":"\#(record.name)","awsRegion":""#.utf8
        out += record.region.utf8
        out += #"","sourceIPAddress":"\#(circumstances.address)","userAgent":"\#(circumstances.agent)","#.utf8
        if let error = record.error { out += #""errorCode":"\#(error)","errorMessage":"refused","#.utf8 }
        out += #""requestParameters":\#(record.parameters),"responseElements":null,"eventID":""#.utf8
        dice.appendUUID(to: &out)
        out += #"","readOnly":\#(record.isReadOnly),"eventType":"AwsApiCall","managementEvent":true,"#.utf8
        out += #""recipientAccountId":"\#(person.account)","eventCategory":"Management"}"#.utf8
        out.append(UInt8(ascii: "\n"))
    }
}
