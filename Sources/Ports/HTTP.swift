/// Header fields in the order sent; names compare without case.
package struct HTTPHeaders: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    package struct Field: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package var fields: [Field] = []

    package init() {}
    package init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field(name: $0.0, value: $0.1) }
    }

    /// The first value under a name; setting replaces all of them, `nil` removes.
    package subscript(name: String) -> String? {
        get { fields.first { $0.name.lowercased() == name.lowercased() }?.value }
        set {
            fields.removeAll { $0.name.lowercased() == name.lowercased() }
            if let newValue { fields.append(Field(name: name, value: newValue)) }
        }
    }
}

package struct HTTPRequest: Hashable, Sendable {
    package enum Method: String, Hashable, Sendable { case GET, POST, PUT, DELETE, HEAD, PATCH }

    package var method: Method
    /// Absolute, already percent-encoded.
    package var url: String
    package var headers: HTTPHeaders
    package var body: [UInt8]
    /// From the first byte sent to the last received.
    package var timeout: Duration = .seconds(60)
    /// A larger answer is a `malformed` fault: nobody fills our memory.
    package var responseBytesMax = 256 << 20
    /// The digest (SHA-1 or SHA-256, in hexadecimal) of the only certificate that the server may show. Neither an authority
    /// nor a name has to vouch for that one, and no other is taken, whoever vouches for it.
    package var thumbprint: String?
    /// Of a request that came to us: the name in the certificate that its sender proved to have.
    package var sender: String?

    package init(_ method: Method, _ url: String, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

package struct HTTPResponse: Hashable, Sendable {
    package var status: Int
    package var headers: HTTPHeaders
    package var body: [UInt8]

    package init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
