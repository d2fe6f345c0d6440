import CMaxMind

/// A MaxMind database: where addresses are, or whose networks they are of.
///
/// Read from memory, and never written, so lanes may share it. What it says of an address that it contradicts itself
/// about counts as nothing.
@safe package final class GeoDatabase: @unchecked Sendable {
    package struct Refused: Error { package let reason: String }

    /// What is said of one address.
    package struct Place: Hashable, Sendable {
        /// ISO 3166-1, two letters.
        package var country = ""
        package var city = ""
        /// ISO 3166-2, without the country.
        package var region = ""
        package var continent = ""
        package var latitude: Double?
        package var longitude: Double?
        /// Within so many kilometres of the coordinates, most likely.
        package var accuracyKilometres: Int?
        /// The autonomous system; 0 where none is known.
        package var number: UInt32 = 0
        package var organization = ""
        /// One address in many places, or one that people from anywhere come out of.
        package var isAnywhere = false
    }

    /// One entry in so many is read when a database is opened; its tree is walked as a whole.
    private static let entriesStride: UInt32 = 64
    /// What a database's name for itself holds where it tells places or networks.
    private static let types = ["city", "country", "enterprise", "asn", "isp", "anonymous"]

    /// As it calls itself: `GeoLite2-City`.
    package let type: String
    package let built: Timestamp
    private let database: OpaquePointer

    package init(_ bytes: [UInt8]) throws(Refused) {
        var reason = [CChar](repeating: 0, count: 256)
        let opened = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe reason.withUnsafeMutableBufferPointer { out in
                unsafe martlet_mmdb_open(bytes.baseAddress, bytes.count, out.baseAddress, out.count)
            }
        }
        guard let opened = unsafe opened else {
            let said = String(
                decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw Refused(reason: "it cannot be read as a MaxMind database: \(said)")
        }
        let type = unsafe String(cString: martlet_mmdb_type(opened))
        let isUseful = Self.types.contains { type.lowercased().contains($0) }
        let isSound = unsafe isUseful && martlet_mmdb_is_sound(opened, Self.entriesStride)
        guard isSound else {
            unsafe martlet_mmdb_close(opened)
            throw Refused(
                reason: isUseful
                    ? "it is damaged: its search tree leads nowhere or to entries that cannot be read"
                    : "“\(type)” tells neither places nor networks; GeoLite2-City and GeoLite2-ASN do")
        }
        self.type = type
        built = unsafe Timestamp(seconds: Int64(clamping: martlet_mmdb_built(opened)))
        unsafe database = opened
    }

    deinit { unsafe martlet_mmdb_close(database) }

    /// What is said of an address by its text; `nil` where nothing is, or the text is no address.
    package func place(of address: String) -> Place? {
        var found = unsafe martlet_mmdb_place()
        guard unsafe martlet_mmdb_look_up(database, address, &found) == MARTLET_MMDB_FOUND else { return nil }
        var place = Place()
        place.country = unsafe Self.text(found.country)
        place.city = unsafe Self.text(found.city)
        place.region = unsafe Self.text(found.region)
        place.continent = unsafe Self.text(found.continent)
        place.organization = unsafe Self.text(found.organization)
        place.number = unsafe found.number
        place.isAnywhere = unsafe found.is_anywhere
        if unsafe found.has_coordinates {
            place.latitude = unsafe found.latitude
            place.longitude = unsafe found.longitude
            let accuracy = unsafe Int(found.accuracy_km)
            place.accuracyKilometres = accuracy > 0 ? accuracy : nil
        }
        return place
    }

    private static func text(_ text: martlet_mmdb_text) -> String {
        unsafe String(
            decoding: UnsafeBufferPointer(start: text.start, count: Int(text.count)), as: UTF8.self)
    }
}

/// What is known of the globe: the user's databases, and the networks that say nothing of where somebody is.
package struct Geography: Sendable {
    /// Asked in their order; each attribute is the first's that tells it.
    package var databases: [GeoDatabase]
    /// Autonomous systems whose addresses many use from anywhere.
    package var sharedNetworks: Set<UInt32>

    package init(_ databases: [GeoDatabase], sharedNetworks: [UInt32] = []) {
        self.databases = databases
        self.sharedNetworks = Set(sharedNetworks).union(SharedNetworks.known)
    }

    /// What all databases say of an address together.
    ///
    /// Who is anywhere has no coordinates.
    package func place(of address: String) -> GeoDatabase.Place {
        var place = GeoDatabase.Place()
        var isAnywhere = false
        for database in databases {
            guard let said = database.place(of: address) else { continue }
            isAnywhere = isAnywhere || said.isAnywhere
            if place.country.isEmpty, place.latitude == nil {
                let (number, organization) = (place.number, place.organization)
                place = said
                if number != 0 { (place.number, place.organization) = (number, organization) }
            } else if place.number == 0 {
                (place.number, place.organization) = (said.number, said.organization)
            }
        }
        place.isAnywhere = isAnywhere
        if isAnywhere { (place.latitude, place.longitude, place.accuracyKilometres) = (nil, nil, nil) }
        return place
    }
}
