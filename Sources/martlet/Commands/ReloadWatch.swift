import Engine
import Pipeline
import Ports

/// Watches the files of running pipelines, the verdicts on what they found, and SIGHUP: what is sound takes the place of what runs, what is not is told
/// and left alone.
struct ReloadWatch: Sendable {
    /// How often files are looked at. One that is written in pieces is taken once it has been still for as long.
    static let interval = Duration.seconds(2)
    /// Problems of one attempt that are logged.
    private static let problemsMax = 50

    /// What the next look is compared with.
    struct Known: Sendable {
        var files: [PipelineFile]
        var content: [BuiltContent]
        var stamps: [ContentStamp] = []
        /// SIGHUPs that were heeded.
        var beats: UInt64 = 0
    }

    /// Pipelines by their place, with what they are to go on with.
    struct Change: Sendable {
        var places: [Int]
        var known: Known
    }

    /// As typed, for messages, and with which all of it is read again.
    let names: [String]
    let vendors: [String]
    /// The pipelines' state folders, in their order.
    let states: [String]
    let context: CommandContext
    /// Beats with each SIGHUP.
    let signals: Pulse

    func stamps(of files: [PipelineFile]) async -> [ContentStamp] {
        var stamps: [ContentStamp] = []
        for (file, state) in zip(files, states) {
            stamps.append(await ContentStamp(of: file, vendors: vendors, state: state, context.files))
        }
        return stamps
    }

    /// Returns with the next change that is sound; `nil` once cancelled.
    func next(after known: Known) async -> Change? {
        var known = known
        if known.stamps.isEmpty { known.stamps = await stamps(of: known.files) }
        var seen = known.stamps
        while !Task.isCancelled {
            do throws(CancellationError) {
                try await signals.wait(
                    after: known.beats, until: context.time.now + Self.interval, context.time)
            } catch { return nil }
            let beats = signals.beats
            let isAsked = beats != known.beats
            let now = await stamps(of: known.files)
            let isStill = now == seen
            seen = now
            guard isAsked || (isStill && now != known.stamps) else { continue }
            let changed = known.stamps.indices.filter { isAsked || now[$0] != known.stamps[$0] }
            known.beats = beats
            known.stamps = now
            if isAsked { context.log.info("SIGHUP: pipelines and what they name are read again") }
            if let change = await read(changed, known) { return change }
        }
        return nil
    }

    private func read(_ changed: [Int], _ known: Known) async -> Change? {
        let files: [PipelineFile]
        do {
            files = try await PipelineFile.read(names, in: context)
        } catch {
            refuse((error as? Problems)?.list ?? [Problem(at: nil, "\(error)")])
            return nil
        }
        let (content, problems) = await ContentCheck(context.surroundings, vendors: vendors).load(files)
        let before = Set(known.content.flatMap(\.wrongRules))
        let wrong =
            problems + content.flatMap(\.wrongRules).filter { !before.contains($0) } + fixed(files, known)
        guard wrong.isEmpty, files.count == known.files.count, content.count == files.count else {
            refuse(wrong)
            return nil
        }
        var next = known
        next.files = files
        next.content = content
        next.stamps = await stamps(of: files)
        return Change(places: changed, known: next)
    }

    /// What cannot change under a running process, since its state and its server stand on it.
    private func fixed(_ files: [PipelineFile], _ known: Known) -> [Problem] {
        zip(files, known.files).flatMap { new, old -> [Problem] in
            var problems: [Problem] = []
            let hint = "stop the process and start it again"
            if new.config.name.value != old.config.name.value {
                problems.append(
                    Problem(
                        at: new.config.name.position, "the name of a running pipeline cannot change",
                        hint: hint))
            }
            if new.config.state != old.config.state {
                problems.append(
                    Problem(at: new.config.name.position, "state: cannot change while it runs", hint: hint))
            }
            if new.config.admin?.listen.value != old.config.admin?.listen.value {
                problems.append(
                    Problem(
                        at: new.config.admin?.listen.position ?? new.config.name.position,
                        "admin: cannot change while it runs", hint: hint))
            }
            return problems
        }
    }

    private func refuse(_ problems: [Problem]) {
        for problem in problems.prefix(Self.problemsMax) {
            context.log.error("NOT RELOADED, what ran before runs on", ["problem": problem.description])
        }
    }
}
