import Codecs
import Engine
import Ports
import Synchronization
import Testing

@testable import Pipeline

/// Who is let in, and who is not.
@Suite struct ConsoleDoorTests {
    private static let forms = [("Content-Type", "application/x-www-form-urlencoded")]

    @Test(
        "Without a token, with a forged one, or in another form, nothing is shown, and it is logged",
        arguments: [
            ("Authorization", "Bearer forged"), ("Authorization", "Basic YTpi"), ("Authorization", "Bearer "),
            ("Authorization", "Bearer a-reader-token-of-32-bytes-lengt"), ("Cookie", "martlet=forged"),
            ("Cookie", "martlet="), ("Accept", "text/html"),
        ])
    func forged(header: String, value: String) async throws {
        let world = try ConsoleWorld()
        for path in [
            "/", "/findings/\(ScriptedSources.uid)", "/api/v1/overview", "/metrics", "/api/v1/openapi.json",
        ] {
            let answer = await world.send(.GET, path, [(header, value)])
            #expect(answer.status == 401 && answer.isBeforeBody, "\(path)")
            #expect(answer.headers["WWW-Authenticate"] == "Bearer")
            #expect(!answer.text.contains("ada@example.com"))
        }
        // A browser's first visit, with no cookie of ours, is no attack.
        if header != "Accept", value != "martlet=" {
            #expect(world.logged.all.contains { $0.hasPrefix("A request is refused") })
        }
    }

    @Test(
        "Another origin, another host's name and another site's request are refused, even with the cookie",
        arguments: [
            ("Origin", "https://evil.example.com"), ("Origin", "null"), ("Origin", "http://127.0.0.1:8751"),
            ("Host", "evil.example.com"), ("Host", "127.0.0.1"), ("Host", ""),
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
        ])
    func otherOrigin(header: String, value: String) async throws {
        let world = try ConsoleWorld()
        let cookie = try await world.signIn()
        let answer = await world.send(.GET, "/api/v1/findings", [(header, value)], cookie: cookie)
        #expect(answer.status == 403 && answer.isBeforeBody)
        #expect(world.logged.all.contains { $0.contains("status=403") })
    }

    @Test("A link from elsewhere may lead here: it is a visit, and brings no cookie along")
    func visit() async throws {
        let world = try ConsoleWorld()
        let headers = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")]
        #expect(await world.send(.GET, "/findings", headers).status == 401)
        #expect(await world.send(.POST, "/sign-out", headers).status == 403)
    }

    @Test(
        "A path that climbs, hides its dots or is not UTF-8 leads nowhere",
        arguments: [
            "/../etc/passwd", "/assets/../../etc/passwd", "/assets/%2e%2e/x",
            "/assets/..%2f..%2fetc%2fpasswd",
            "/assets/%ff", "/%00", "//evil.example.com/", "/assets/console.css/..", "/findings//x", "*", "",
            "/assets/%2", "/assets/../console.css",
        ])
    func traversal(path: String) async throws {
        let world = try ConsoleWorld()
        let answer = await world.send(.GET, path, cookie: try await world.signIn())
        #expect([400, 404].contains(answer.status), "\(answer.status)")
        #expect(!answer.text.contains("root:"))
    }

    @Test("The link signs in once; whoever comes later with it is refused, and the next one is announced")
    func once() async throws {
        let world = try ConsoleWorld()
        world.console.announceLink()
        let token = try #require(world.announced.all.last)
        let first = await world.send(.GET, "/sign-in?token=\(token)&next=%2Fledger")
        #expect(first.status == 303 && first.headers["Location"] == "/ledger")
        let cookie = try #require(first.headers["Set-Cookie"])
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains(token))
        #expect(await world.send(.GET, "/sign-in?token=\(token)").status == 401)
        #expect(world.announced.all.count == 2 && world.announced.all.last != token)
        for next in [
            "//evil.example.com", "/\\evil", "/a%0d%0aSet-Cookie:%20x=y",
        ] {
            let link = try #require(world.announced.all.last)
            let answer = await world.send(.GET, "/sign-in?token=\(link)&next=\(next)")
            #expect(answer.headers["Location"] == "/", "\(next)")
        }
    }

    @Test("Secrets cannot be guessed by trying: after some wrong ones a minute has to pass")
    func guessing() async throws {
        let world = try ConsoleWorld()
        for _ in 0..<ConsoleSessions.failuresMax {
            #expect(await world.send(.POST, "/sign-in", Self.forms, body: "token=wrong").status == 401)
        }
        #expect(
            await world.send(.POST, "/sign-in", Self.forms, body: "token=\(ConsoleWorld.reader)").status
                == 429)
        world.clock.move(.seconds(61))
        #expect(
            await world.send(.POST, "/sign-in", Self.forms, body: "token=\(ConsoleWorld.reader)").status
                == 303)
    }

    @Test("A form without the session's own token does nothing, and who only looks judges nothing")
    func forged() async throws {
        let world = try ConsoleWorld()
        let cookie = try await world.signIn()
        let path = "/findings/\(ScriptedSources.uid)/verdict"
        for body in ["verdict=benign", "form_token=x&verdict=benign"] {
            #expect(await world.send(.POST, path, Self.forms, body: body, cookie: cookie).status == 403)
        }
        let json = [("Content-Type", "application/json")]
        let body = "{\"verdict\":\"benign\"}"
        #expect(await world.send(.POST, "/api/v1" + path, json, body: body, cookie: cookie).status == 403)
        #expect(
            await world.send(.POST, "/api/v1" + path, json, body: body, bearer: ConsoleWorld.reader).status
                == 403)
        #expect(world.sources.verdicts.withLock { $0.isEmpty })
    }

    @Test("A session ends when it was not used, and when somebody signs out; the table is bounded")
    func sessions() async throws {
        let world = try ConsoleWorld(idle: .minutes(10))
        let cookie = try await world.signIn()
        world.clock.move(.minutes(9))
        #expect(await world.send(.GET, "/", cookie: cookie).status == 200)
        world.clock.move(.minutes(9))
        #expect(await world.send(.GET, "/", cookie: cookie).status == 200)
        world.clock.move(.minutes(11))
        #expect(await world.send(.GET, "/", cookie: cookie).status == 401)
        let other = try await world.signIn()
        let form = try await world.formToken(other)
        let out = await world.send(.POST, "/sign-out", Self.forms, body: "form_token=\(form)", cookie: other)
        #expect(out.status == 303 && out.headers["Set-Cookie"]?.contains("Max-Age=0") == true)
        #expect(await world.send(.GET, "/", cookie: other).status == 401)
        let user = ConsoleUser(name: "x", role: .reader)
        for _ in 0..<ConsoleSessions.sessionsMax + 5 { _ = world.door.sessions.begin(user) }
        #expect(world.door.sessions.count == ConsoleSessions.sessionsMax)
    }

    @Test("A method that a page does not have is told which it has")
    func methods() async throws {
        let world = try ConsoleWorld()
        let answer = await world.send(.DELETE, "/api/v1/overview", bearer: ConsoleWorld.reader)
        #expect(answer.status == 405 && answer.headers["Allow"] == "GET, HEAD")
        #expect(await world.send(.HEAD, "/api/v1/overview", bearer: ConsoleWorld.reader).status == 200)
    }

    @Test("Refusals are logged up to a number a minute, so that nobody fills the disk")
    func flood() async throws {
        let world = try ConsoleWorld()
        for _ in 0..<500 { _ = await world.send(.GET, "/", [("Cookie", "martlet=forged")]) }
        #expect(world.logged.all.count == 60)
        #expect(world.console.counted.answered[401] == 500)
    }

    @Test("A password is known again by its hash, and no other is; a hash that costs too much is refused")
    func passwords() throws {
        let salt = [UInt8](0..<16)
        let hash = try #require(PasswordHash(password: "correct horse", salt: salt))
        let read = try #require(PasswordHash(text: hash.text))
        #expect(read == hash && read.matches("correct horse"))
        #expect(!read.matches("correct horse ") && !read.matches("") && !PasswordHash.ofNobody.matches(""))
        for text in [
            "", "scrypt", "scrypt$1073741824$8$1$\(Base64.encode(salt))$\(Base64.encode(salt))",
            "scrypt$65536$1000000$1$\(Base64.encode(salt))$\(Base64.encode(salt))",
            "scrypt$65535$8$1$\(Base64.encode(salt))$\(Base64.encode(salt))", "scrypt$65536$8$1$AA==$AA==",
            "bcrypt$65536$8$1$\(Base64.encode(salt))$\(Base64.encode(salt))",
        ] {
            #expect(PasswordHash(text: text) == nil, "\(text)")
        }
        // RFC 7914, section 12.
        let known =
            "scrypt$16384$8$1$U29kaXVtQ2hsb3JpZGU=$"
            + "cCO9yzr9c0hGHAbNgf044/2o69bKAr2Avqr5vTvnBfBEvfIrWdVnhXbHLzP+TlEDmmgWeBBnTKjeY4+3Y3cQOQ=="
        #expect(PasswordHash(text: known) != nil)
    }
}
