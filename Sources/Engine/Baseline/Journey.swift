/// A way between two places that nobody can have gone in the time between.
struct Journey: Sendable, Hashable {
    /// Networks nearer than this to one another are no journey: kilometres.
    private static let placesWithinKilometres = 100.0
    private static let aircraftKilometresPerHour = 900.0
    private static let minutesMin = 5.0

    var from: String
    var to: String
    /// As the crow flies, and what the databases may be wrong by at both ends.
    var kilometres: Int
    var uncertainty: Int
    var minutes: Int
    /// What is left after the uncertainty, in the time between.
    var kilometresPerHour: Int
    /// The event of the day before that tells its beginning.
    var earlier: [UInt8] = []

    /// In tenths.
    var hours: String {
        let tenths = max(1, (minutes + 3) / 6)
        return "\(tenths / 10).\(tenths % 10)"
    }

    var words: String {
        "from \(from) to \(to): \(kilometres) km, less \(uncertainty) km that the places are uncertain by, "
            + "within \(hours) h is \(kilometresPerHour) km/h"
    }

    /// The first of a day's journeys that no aircraft makes.
    ///
    /// - Parameters:
    ///   - last: where the identity was when the day before ended.
    ///   - isShared: whether many come from an egress, so that it is nobody's place.
    static func firing(
        on entity: EntityDay, after last: LastPlace?, isShared: (UInt32) -> Bool
    ) -> Detectors.Firing? {
        entity.traits.contains(.located)
            ? locatedFiring(on: entity, after: last, isShared) : plainFiring(on: entity)
    }

    /// By coordinates that events bring themselves, of which nothing says how certain they are.
    private static func plainFiring(on entity: EntityDay) -> Detectors.Firing? {
        let fixes = entity.fixes.sorted { ($0.first, $0.network) < ($1.first, $1.network) }
        for (a, b) in zip(fixes, fixes.dropFirst()) {
            let away = Globe.chord(a, b) - placesWithinKilometres
            let minutes = minutes(from: a, to: b, day: entity.day)
            guard isTooFast(away, minutes) else { continue }
            return Detectors.Firing(
                rule: .travel, time: b.first, uids: [a.uid, b.uid],
                why: "\(Int(away)) km within \(Int(minutes)) minutes")
        }
        return nil
    }

    private static func locatedFiring(
        on entity: EntityDay, after last: LastPlace?, _ isShared: (UInt32) -> Bool
    ) -> Detectors.Firing? {
        var stops = entity.fixes.filter { !isShared($0.network) }
        stops.sort { ($0.first, $0.network) < ($1.first, $1.network) }
        var before = last.flatMap { isShared($0.stop.network) ? nil : $0.stop }
        let isEarlier = before != nil
        for (place, stop) in stops.enumerated() {
            defer { before = stop }
            guard let start = before else { continue }
            let distance = Globe.arc(start, stop)
            let uncertainty = Double(start.accuracy) + Double(stop.accuracy)
            let away = distance - uncertainty - placesWithinKilometres
            let minutes = minutes(from: start, to: stop, day: entity.day)
            guard isTooFast(away, minutes) else { continue }
            let isFromLast = isEarlier && place == 0
            var journey = Journey(
                from: name(start, isFromLast ? last?.name ?? [] : Array(entity.bytes[start.place.range])),
                to: name(stop, Array(entity.bytes[stop.place.range])), kilometres: Int(distance),
                uncertainty: Int(uncertainty), minutes: Int(minutes),
                kilometresPerHour: Int((distance - uncertainty) / (minutes / 60)))
            if isFromLast { journey.earlier = last?.uid ?? [] }
            return Detectors.Firing(
                rule: .travel, time: stop.first, uids: isFromLast ? [stop.uid] : [start.uid, stop.uid],
                why: journey.words, journey: journey)
        }
        return nil
    }

    /// From the last hour in which it was seen here before it was first seen there; never less than five minutes.
    private static func minutes(from a: Fix, to b: Fix, day: Int32) -> Double {
        let midnight = Timestamp(day: day)
        let hour = (0..<24).last { a.hours >> UInt32($0) & 1 == 1 && midnight + .hours($0) <= b.first }
        let seen = max(a.first, hour.map { midnight + .hours($0) } ?? a.first)
        return max(minutesMin, Double((b.first - seen).nanoseconds) / 6e10)
    }

    private static func isTooFast(_ away: Double, _ minutes: Double) -> Bool {
        away > 0 && away / (minutes / 60) > aircraftKilometresPerHour
    }

    /// A place's name; where it has none its coordinates, to a tenth of a degree.
    private static func name(_ fix: Fix, _ name: [UInt8]) -> String {
        if !name.isEmpty { return String(decoding: name, as: UTF8.self) }
        func degrees(_ value: Int32) -> String {
            let tenths = (abs(Int(value)) + 500) / 1_000
            return "\(value < 0 ? "-" : "")\(tenths / 10).\(tenths % 10)"
        }
        return degrees(fix.latitude) + ", " + degrees(fix.longitude)
    }
}

/// Where somebody was when a day ended, and the event that tells it.
struct LastPlace: Sendable, Hashable {
    /// Its time is the last known there; its extents stand nowhere.
    var stop: Fix
    var name: [UInt8]
    var uid: [UInt8]

    init(stop: Fix, name: [UInt8], uid: [UInt8]) {
        self.stop = stop
        self.name = name
        self.uid = uid
    }

    /// `nil` where the day says nothing of places, or only of such as many share.
    init?(of entity: EntityDay, isShared: (UInt32) -> Bool) {
        guard entity.traits.contains(.located) else { return nil }
        let midnight = Timestamp(day: entity.day)
        func seen(_ fix: Fix) -> Timestamp {
            let hour = 31 - fix.hours.leadingZeroBitCount
            return max(fix.first, hour >= 0 ? midnight + .hours(hour) : fix.first)
        }
        let own = entity.fixes.filter { !isShared($0.network) }
        guard let last = own.max(by: { (seen($0), $0.network) < (seen($1), $1.network) }) else { return nil }
        stop = last
        stop.first = seen(last)
        stop.hours = 0
        stop.uid = .none
        stop.place = .none
        name = Array(entity.bytes[last.place.range])
        uid = Array(entity.bytes[last.uid.range])
    }
}
