/// How one endpoint is reached: whom to trust, who we are, and through which proxy.
package struct TransportOptions: Hashable, Sendable {
    /// The proxy for each scheme, as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say it.
    package struct Proxy: Hashable, Sendable {
        /// `http://host:port`, `https://…` or `socks5h://…`, with `user:password@` where needed; `nil` goes direct.
        package var https: String?
        package var http: String?
        /// Hosts, domains (`.example.com`), addresses and CIDR blocks that are reached directly; `*` is all.
        package var except: [String]

        package static let none = Proxy()

        package init(https: String? = nil, http: String? = nil, except: [String] = []) {
            self.https = https
            self.http = http
            self.except = except
        }

        /// As the environment says: lower case wins over upper case, as in curl. `HTTP_PROXY` in upper case is
        /// read too, since Martlet is no CGI program.
        package init(environment: [String: String]) {
            func value(_ name: String) -> String? {
                let value = environment[name.lowercased()] ?? environment[name.uppercased()]
                return value.flatMap { $0.isEmpty ? nil : $0 }
            }
            let all = value("all_proxy")
            self.init(
                https: value("https_proxy") ?? all, http: value("http_proxy") ?? all,
                except: (value("no_proxy") ?? "").split(whereSeparator: { $0 == "," || $0 == " " }).map(
                    String.init))
        }
    }

    /// A PEM file of the authorities to trust in place of the system's.
    package var caFile: String?
    /// PEM files of our own certificate (with its chain) and key, for mutual TLS.
    package var certificateFile: String?
    package var keyFile: String?
    package var proxy: Proxy
    /// Allows plain HTTP to hosts other than loopback. Bodies and tokens then cross the network readable.
    package var allowInsecure = false
    /// In place of what each request asks for, from its first byte to the answer's last.
    package var timeout: Duration?
    package var connectTimeout: Duration = .seconds(10)
    /// Connections open to one host at once; further requests wait for one.
    package var connectionsPerHostMax = 16
    /// Sent where a request names none.
    package var userAgent = "martlet"

    package init(proxy: Proxy = .none) { self.proxy = proxy }
}
