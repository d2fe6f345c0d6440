/// What kind of program a user agent names, without its version: an update is no new program.
enum AgentFamily {
    /// Browsers, the most specific first: Edge and Opera call themselves Chrome, and Chrome Safari.
    private static let browsers: [[UInt8]] = [
        "Edg/", "OPR/", "Firefox/", "Chrome/", "Safari/",
    ].map { Array($0.utf8) }
    private static let systems: [[UInt8]] = [
        "Windows", "Android", "iPhone", "iPad", "Mac OS X", "macos", "macOS", "linux", "Linux", "windows",
    ].map { Array($0.utf8) }
    private static let tools: [[UInt8]] = [
        "Terraform", "pulumi", "ansible", "kubectl", "exec-env/CloudShell",
    ].map { Array($0.utf8) }
    private static let mozilla = Array("Mozilla/".utf8)

    /// Appends the family's name; true where it is a browser.
    static func append(_ agent: Extent, _ bytes: Span<UInt8>, to out: inout [UInt8]) -> Bool {
        let text = bytes.extracting(agent.range)
        let isBrowser = starts(text, mozilla)
        if isBrowser {
            guard let name = browsers.first(where: { Bytes.contain(text, $0.span) }) else {
                out += "browser".utf8
                return true
            }
            append(name, to: &out)
        } else {
            // The first product, and for AWS the part behind the engine's name that tells the tool.
            var end = 0
            while end < min(text.count, 48), text[end] != UInt8(ascii: "/"), text[end] != UInt8(ascii: " ") {
                out.append(text[end])
                end += 1
            }
            for tool in tools where Bytes.contain(text, tool.span) {
                out.append(UInt8(ascii: " "))
                append(tool, to: &out)
            }
        }
        if let system = systems.first(where: { Bytes.contain(text, $0.span) }) {
            out.append(UInt8(ascii: " "))
            append(system, to: &out)
        }
        return isBrowser
    }

    private static func append(_ text: [UInt8], to out: inout [UInt8]) {
        for byte in text where byte != UInt8(ascii: "/") { out.append(byte) }
    }

    private static func starts(_ text: Span<UInt8>, _ word: [UInt8]) -> Bool {
        text.count >= word.count && Bytes.equal(text.extracting(0..<word.count), word.span)
    }
}

/// The part of the internet that an address is of: its autonomous system where that is known, else a wide prefix.
enum NetworkOf {
    /// Appends `AS64496`, `203.0.0.0/16` or `2001:db8::/32`; nothing where the text is no address.
    static func append(_ fields: EventFields, _ bytes: Span<UInt8>, to out: inout [UInt8]) {
        if !fields.autonomousSystem.isEmpty {
            out.append(UInt8(ascii: "A"))
            out.append(UInt8(ascii: "S"))
            for i in fields.autonomousSystem.range { out.append(bytes[i]) }
            return
        }
        append(prefixOf: fields.address, parts: 2, bytes, to: &out)
    }

    /// - Parameter parts: octets of IPv4; so many groups of IPv6, too.
    static func append(prefixOf address: Extent, parts: Int, _ bytes: Span<UInt8>, to out: inout [UInt8]) {
        guard address.count >= 3, address.count <= 45 else { return }
        let start = out.count
        var separators = 0
        var isV6 = false
        for i in address.range {
            let byte = bytes[i]
            let isDigit = byte >= 0x30 && byte <= 0x39
            let isHex = isDigit || byte >= 0x61 && byte <= 0x66 || byte >= 0x41 && byte <= 0x46
            guard isHex || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":") else {
                out.removeLast(out.count - start)
                return
            }
            if byte == UInt8(ascii: ":") { isV6 = true }
            if isV6 ? byte == UInt8(ascii: ":") : byte == UInt8(ascii: ".") { separators += 1 }
            if separators < parts { out.append(byte) }
        }
        guard isV6 || separators == 3 else {
            out.removeLast(out.count - start)
            return
        }
        if isV6 {
            out += "::/\(parts * 16)".utf8
        } else {
            for _ in parts..<4 { out += ".0".utf8 }
            out += "/\(parts * 8)".utf8
        }
    }
}
