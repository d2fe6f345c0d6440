import Codecs
import Engine
import Pipeline
import Ports
import Simulation

extension Command {
    static let simulateVendor = Command(
        name: "simulate-vendor",
        summary: "Answers as a vendor's API does, so that a pipeline can be tried without an account",
        discussion: """
            Serves a feed on this machine by the same declaration that its collector follows: paging, windows, cursors, and
            with --oddities the vendor's throttling, redirects, empty, repeated and forgotten pages. Its records are the
            feed's samples with new times and identifiers: some of the last day to begin with, then one every now and then.
            Any credentials will do. Prints its URL, and a collector for a pipeline file.
            """,
        arguments: [Argument("FEED", "The feed: okta.system_log, github.audit, …")],
        options: [
            Option("port", .integer(0...65_535), "PORT", "Port on this machine (default: any free one)"),
            Option(
                "records", .integer(0...1_000_000), "COUNT",
                "Records of the last day to begin with (default: 200)"),
            Option("every", .duration, "DURATION", "How often something new happens (default: 5s)"),
            Option("late", .duration, "DURATION", "How late the new records appear, at most (default: 0s)"),
            Option("oddities", "Throttles, redirects, repeats and forgets, as vendors do"),
            .vendors,
        ],
        examples: [
            "martlet simulate-vendor okta.system_log --port 8600",
            "martlet simulate-vendor acme.audit --vendors my-vendors --oddities",
        ]
    ) { invocation, context in
        var own: [VendorFolder] = []
        for folder in invocation.folders("vendors", in: context) {
            own += try await VendorFolder.read(from: folder, with: context.files)
        }
        let feed = invocation.arguments[0]
        let catalog = try FeedCatalog(own: own)
        guard let declaration = catalog[feed], declaration.position != nil else {
            let names = catalog.declared.map(\.feed)
            let near = nearestName(to: feed, among: names)
            throw Problems([
                Problem(
                    at: nil, "\(feed) is no feed with an API",
                    hint: near.map { "did you mean \($0)?" } ?? "there is \(names.joined(separator: ", "))")
            ])
        }
        let folder = (own + VendorFolder.builtIn).first { $0.feed == feed }
        return try await VendorSession(declaration, folder, invocation, context).run(context)
    }
}

/// A simulated vendor at work: what it makes up, and how long.
private struct VendorSession: Sendable {
    private let vendor: DeclaredVendor
    private let samples: VendorSamples
    private let port: UInt16
    private let count: Int
    private let every: Duration
    private let late: Duration

    init(
        _ declaration: FeedProtocol, _ folder: VendorFolder?, _ invocation: Invocation,
        _ context: CommandContext
    ) throws {
        var oddities = DeclaredVendor.Oddities()
        if invocation.isSet("oddities") {
            oddities.throttle = 0.1
            oddities.emptyPage = 0.1
            oddities.repeatedPage = 0.05
            oddities.duplicate = 0.05
            oddities.expired = 0.02
            oddities.redirect = 0.05
            oddities.seed = context.surroundings.entropy.next()
        }
        let parameters = Dictionary(
            uniqueKeysWithValues: declaration.parameters.all.map { ($0.name, $0.standard ?? $0.name) })
        vendor = DeclaredVendor(declaration, parameters: parameters, pageSize: 100, oddities)
        samples = VendorSamples(declaration, folder)
        port = UInt16(clamping: invocation.integer("port") ?? 0)
        count = invocation.integer("records") ?? 200
        every = max(.milliseconds(1), invocation.duration("every") ?? .seconds(5))
        late = invocation.duration("late") ?? .zero
    }

    func run(_ context: CommandContext) async throws -> ExitStatus {
        let time = context.time
        let streams = vendor.streams
        for number in 0..<count {
            let age = Duration.hours(24) * (Double(count - number) / Double(max(1, count)))
            let stream = streams[number % streams.count]
            let moment = time.now - age
            vendor.happen(
                samples.record(number, in: stream, vendor, at: moment), in: stream.name, at: moment,
                visibleAt: moment)
        }
        let server = try context.serve("127.0.0.1", port) { [vendor] request in
            vendor.answer(request, at: time.now)
        }
        context.output.writeLine(server.url)
        context.output.finish()
        context.say(snippet(server.url))
        let how = await withTaskGroup(of: CommandContext.StopRequest?.self) { group in
            group.addTask { await context.stopRequest() }
            group.addTask {
                await makeUp(time, context.surroundings.entropy)
                return nil
            }
            var how: CommandContext.StopRequest?
            while how == nil, let ended = await group.next() { how = ended }
            group.cancelAll()
            return how
        }
        await server.stop()
        return how == .interrupt ? .interrupted : .done
    }

    /// Something new every now and then, until cancelled.
    private func makeUp(_ time: any TimeSource, _ entropy: any Entropy) async {
        let streams = vendor.streams
        var number = count
        while true {
            do throws(CancellationError) { try await time.sleep(until: time.now + every) } catch { return }
            let stream = streams[number % streams.count]
            let moment = time.now
            vendor.happen(
                samples.record(number, in: stream, vendor, at: moment), in: stream.name, at: moment,
                visibleAt: moment + late * entropy.fraction())
            number += 1
        }
    }

    private func snippet(_ url: String) -> String {
        let declaration = vendor.declaration
        let needed = declaration.parameters.all.filter { $0.standard == nil }
        var lines = ["collectors:", "  simulated:", "    from: api", "    feed: \(declaration.feed)"]
        if !needed.isEmpty {
            lines.append(
                "    parameters: {\(needed.map { "\($0.name): \($0.name)" }.joined(separator: ", "))}")
        }
        return (lines + ["    endpoint: \(url)"]).joined(separator: "\n")
    }
}
