import Engine

/// An investigation as a page: what stands first, then who, from where, what was new, and every step.
struct CasePage {
    /// Where events, findings and names lead in a page that has others beside it.
    struct Links {
        var event: (_ uid: String) -> String
        var finding: (_ uid: String) -> String
        var entity: (_ name: String) -> String
    }

    let found: Investigation
    /// In a file there are none: it stands alone.
    let links: Links?
    /// Rows that a table of the page has at the most; the manifest has all.
    let rowsMax: Int

    init(_ found: Investigation, links: Links? = nil, rowsMax: Int = 5_000) {
        self.found = found
        self.links = links
        self.rowsMax = rowsMax
    }

    var page: Page {
        var body = Markup()
        body("header") { head(&$0) }
        body("main") { sections(&$0) }
        return Page(title: "Case: \(found.subject)", style: Self.style, script: Self.script, body: body)
    }

    /// All but the head.
    func sections(_ out: inout Markup) {
        standing(&out)
        findings(&out)
        sessions(&out)
        origins(&out)
        firsts(&out)
        reach(&out)
        timeline(&out)
        pivots(&out)
        evidence(&out)
    }

    static func moment(_ time: Timestamp) -> String {
        Timestamp(seconds: time.seconds).iso8601.replacing("T", with: " ")
    }

    static func row(_ out: inout Markup, _ cells: String...) {
        out("tr") { row in for cell in cells { row("td", text: cell) } }
    }

    static func table(_ out: inout Markup, _ titles: [String], _ rows: (inout Markup) -> Void) {
        out("div", ["class": "wide"]) { out in
            out("table") { table in
                table("thead") {
                    $0("tr") { row in for title in titles { row("th", ["scope": "col"], text: title) } }
                }
                table("tbody") { rows(&$0) }
            }
        }
    }

    /// A uid or a name, which leads somewhere where there is somewhere to go.
    private func name(
        _ name: String, _ place: ((_ name: String) -> String)?, isMuted: Bool = true, _ cell: inout Markup
    ) {
        cell("div", ["class": isMuted ? "muted mono" : "mono"]) { cell in
            if let place, !name.isEmpty {
                cell("a", ["href": place(name)], text: name)
            } else {
                cell.text(name)
            }
        }
    }

    private func section(_ out: inout Markup, _ id: String, _ title: String, _ body: (inout Markup) -> Void) {
        out("section", ["id": id]) { out in
            out("h2", text: title)
            body(&out)
        }
    }

    // MARK: Sections

    private func head(_ out: inout Markup) {
        out("h1", text: found.subject)
        facts(&out)
    }

    /// In a few lines who it is and of what time, and where to look on the page.
    func facts(_ out: inout Markup) {
        out("p") { line in
            line("span", ["class": "badge"], text: found.nature)
            line.text(
                " \(found.events) events, \(Self.moment(found.window.lowerBound)) to "
                    + "\(Self.moment(found.window.upperBound)), UTC")
            if let score = found.scores.map(\.hundredths).max() {
                line.text("; \(found.findings.count) findings, risk up to \(RiskLedger.text(score)) of 100")
            }
        }
        if found.subject != found.entity.name {
            out("p") { line in
                line.text("Found behind the \(found.kind.rawValue) ")
                line("code", text: found.entity.name)
            }
        }
        for note in found.notes { out("p", ["class": "muted"], text: note) }
        out("nav", ["class": "no-print sections", "aria-label": "Sections"]) { nav in
            for (id, title) in [
                ("standing", "Still standing"), ("findings", "Findings"), ("sessions", "Sessions"),
                ("origins", "From where"), ("firsts", "New"), ("timeline", "Timeline"),
                ("evidence", "Evidence"),
            ] { nav("a", ["href": "#\(id)"], text: title) }
        }
    }

    private func standing(_ out: inout Markup) {
        section(&out, "standing", "Made or changed") { out in
            if found.things.isEmpty { out("p", ["class": "muted"], text: "Nothing, as far as events tell.") }
            let sorted = found.things.enumerated().sorted {
                (Self.rank($0.element), $0.offset) < (Self.rank($1.element), $1.offset)
            }
            let open = sorted.filter { Self.rank($0.element) < 2 }
            let titles = ["When", "What", "Which", "With", "Now"]
            if !open.isEmpty {
                Self.table(&out, titles) { rows in
                    for (_, thing) in open.prefix(rowsMax) { self.row(of: thing, &rows) }
                }
            }
            guard open.count < sorted.count else { return }
            out("details") { details in
                details(
                    "summary", text: "\(sorted.count - open.count) that were undone, or end by themselves")
                Self.table(&details, titles) { rows in
                    for (_, thing) in sorted.dropFirst(open.count).prefix(rowsMax) {
                        self.row(of: thing, &rows)
                    }
                }
            }
        }
    }

    private static func rank(_ thing: CaseThing) -> Int {
        switch thing.standing {
        case .stands: 0
        case .notKnown: 1
        case .until: 2
        case .undone: 3
        }
    }

    private func row(of thing: CaseThing, _ rows: inout Markup) {
        rows("tr") { row in
            row("td", text: Self.moment(thing.time))
            row("td", text: "\(thing.kind), \(thing.change.rawValue)")
            row("td") { cell in
                cell("code", text: thing.label)
                if thing.more > 0 { cell("div", ["class": "muted"], text: "and \(thing.more) like it") }
                if let uses = thing.uses {
                    cell(
                        "div", ["class": "bad"],
                        text: "used \(uses.count) times, last \(Self.moment(uses.last)), from "
                            + uses.addresses.joined(separator: ", "))
                }
            }
            row("td") { cell in
                cell.text(thing.operation)
                name(thing.evidence, links?.event, &cell)
            }
            row("td") { cell in
                switch thing.standing {
                case .stands: cell("span", ["class": "bad"], text: "stands")
                case .notKnown: cell("span", ["class": "fair"], text: "not known")
                case .until(let time): cell.text("ends by itself \(Self.moment(time))")
                case .undone(let by, let operation, let evidence, let time):
                    cell(
                        "span", ["class": "good"],
                        text: "undone \(Self.moment(time)) by \(by) with \(operation)")
                    name(evidence, links?.event, &cell)
                }
                if let command = thing.command { cell("pre", text: command) }
            }
        }
    }

    private func findings(_ out: inout Markup) {
        section(&out, "findings", "Findings") { out in
            guard !found.findings.isEmpty else {
                out("p", ["class": "muted"], text: "None.")
                return
            }
            CasePicture.risk(found, &out)
            Self.table(&out, ["When", "Severity", "Finding", "Risk then"]) { rows in
                for (place, one) in found.findings.enumerated().prefix(rowsMax) {
                    rows("tr", ["id": "finding-\(place)"]) { row in
                        row("td", text: Self.moment(one.time))
                        row("td", ["class": one.severityID >= 4 ? "bad" : nil], text: one.severity)
                        row("td") { cell in
                            cell.text(one.title)
                            name(one.uid, links?.finding, &cell)
                        }
                        let score = place < found.scores.count ? found.scores[place].hundredths : 0
                        row("td", ["class": "number"], text: RiskLedger.text(score))
                    }
                }
            }
        }
    }

    private func sessions(_ out: inout Markup) {
        section(&out, "sessions", "Sessions, and how each leads to \(found.subject)") { out in
            CasePicture.sessions(found, &out)
            out("details") { details in
                details(
                    "summary", text: "\(found.sessions.count) as a table, with the events that show each link"
                )
                Self.table(&details, ["What", "From", "How known", "Evidence", "Events"]) { rows in
                    for one in found.sessions.prefix(rowsMax) {
                        rows("tr") { row in
                            row("td", text: "\(one.type) \(one.label) \(one.id)")
                            row("td", text: one.parent.map { found.sessions[$0].id } ?? "")
                            row("td", text: one.via.isEmpty ? "" : "\(one.via), \(one.certainty)")
                            row("td") { name(one.evidence, links?.event, &$0) }
                            row("td", text: "\(one.events)")
                        }
                    }
                }
            }
        }
    }

    private func origins(_ out: inout Markup) {
        section(&out, "origins", "From where, with what") { out in
            for (title, uses) in [("Address", found.places), ("Program", found.agents)] where !uses.isEmpty {
                Self.table(&out, [title, "", "Events", "First", "Last", "Others from there"]) { rows in
                    for use in uses.prefix(rowsMax) {
                        Self.row(
                            &rows, use.name, use.isNew ? "new \(use.of)" : use.of, "\(use.count)",
                            Self.moment(use.first), Self.moment(use.last), use.others.joined(separator: ", "))
                    }
                }
            }
        }
    }

    private func firsts(_ out: inout Markup) {
        section(&out, "firsts", "For the first time") { out in
            Self.table(&out, ["When", "What", "Value", "Compared with"]) { rows in
                for one in found.firsts.prefix(rowsMax) {
                    Self.row(&rows, Self.moment(one.time), one.dimension, one.value, one.words)
                }
            }
        }
    }

    private func reach(_ out: inout Markup) {
        guard !found.reach.isEmpty else { return }
        section(&out, "reach", "What they could reach") { out in
            Self.table(&out, ["When", "As", "Holds", "May"]) { rows in
                for one in found.reach {
                    Self.row(
                        &rows, Self.moment(one.time), "\(one.principal) in \(one.account)",
                        one.holds.joined(separator: ", "),
                        one.allowed.joined(separator: ", ")
                            + (one.isWhole ? "" : " (some documents are not known)"))
                }
            }
        }
    }

    private func timeline(_ out: inout Markup) {
        section(&out, "timeline", "Timeline") { out in
            out("p", ["class": "no-print"]) { bar in
                bar(
                    "input",
                    [
                        "type": "search", "id": "filter", "placeholder": "Filter",
                        "aria-label": "Filter the timeline",
                    ]
                ) { _ in }
                for (id, title) in [
                    ("notable", "changes, refusals, sign-ins, data"), ("marked", "findings and new"),
                ] {
                    bar("label", ["class": "only"]) { label in
                        label.void("input", ["type": "checkbox", "id": "only-\(id)"])
                        label.text(" only \(title)")
                    }
                }
                bar("span", ["id": "shown", "class": "muted", "role": "status"], text: "")
            }
            Self.table(&out, ["When", "Did", "On", "As, from", ""]) { rows in
                for step in found.steps.prefix(rowsMax) { self.row(of: step, &rows) }
            }
            if found.steps.count > rowsMax {
                out(
                    "p", ["class": "fair"],
                    text: "\(found.steps.count - rowsMax) steps more are in the manifest.")
            }
        }
    }

    private func row(of step: CaseStep, _ rows: inout Markup) {
        let isMarked = !step.findings.isEmpty || !step.firsts.isEmpty
        let kind = "step" + (step.isNotable ? " notable" : "") + (isMarked ? " marked" : "")
        rows("tr", ["class": kind]) { row in
            row("td") { cell in
                cell.text(Self.moment(step.first))
                if step.last != step.first {
                    cell("div", ["class": "muted"], text: "to \(Self.moment(step.last))")
                }
            }
            row("td") { cell in
                cell.text("\(step.service) \(step.operation)\(step.count > 1 ? " × \(step.count)" : "")")
                if step.outcome == .failure {
                    cell("div", ["class": "fair"], text: "refused: \(step.reason)")
                }
                if step.relation == .affected {
                    cell("div", ["class": "fair"], text: "done to them by \(step.actor)")
                }
            }
            row("td") { cell in
                for target in step.targets { cell("div", ["class": "mono"], text: target) }
                let more = step.targetCount - step.targets.count
                if more > 0 { cell("div", ["class": "muted"], text: "and \(more) more") }
            }
            row("td") { cell in
                if let session = step.session.map({ found.sessions[$0] }) {
                    cell("div", text: session.label.isEmpty ? session.id : "\(session.label) \(session.id)")
                }
                cell(
                    "div", ["class": "muted"],
                    text: [step.account, step.region, step.address, step.agent].filter { !$0.isEmpty }
                        .joined(separator: " · "))
            }
            row("td") { cell in
                if let change = step.change { cell("span", ["class": "badge"], text: change.rawValue) }
                for place in step.findings {
                    cell(
                        "a", ["class": "badge bad", "href": "#finding-\(place)"],
                        text: found.findings[place].title)
                }
                for place in step.firsts {
                    let first = found.firsts[place]
                    cell("span", ["class": "badge fair"], text: "new \(first.dimension)")
                }
                cell("details") { details in
                    details("summary", text: "evidence")
                    for uid in step.evidence { name(uid, links?.event, isMuted: false, &details) }
                }
            }
        }
    }

    private func pivots(_ out: inout Markup) {
        section(&out, "pivots", "Look at next") { out in
            Self.table(&out, ["What", "Which", "Why", "Events"]) { rows in
                for one in found.pivots {
                    rows("tr") { row in
                        row("td", text: one.kind.rawValue)
                        row("td") { name(one.name, links?.entity, isMuted: false, &$0) }
                        row("td", text: one.why)
                        row("td", text: "\(one.count)")
                    }
                }
            }
        }
    }

    private func evidence(_ out: inout Markup) {
        section(&out, "evidence", "Evidence") { out in
            out(
                "p",
                text:
                    "\(found.evidence.count) events. Each digest is of the record as the vendor wrote it, where that "
                    + "is kept, else of the event. martlet case verify checks this file, and the records that are there."
            )
            out("details") { details in
                details("summary", text: "Digests")
                Self.table(&details, ["When", "Event", "SHA-256", "Of"]) { rows in
                    for one in found.evidence.prefix(rowsMax) {
                        rows("tr") { row in
                            row("td", text: Self.moment(one.time))
                            row("td") { name(one.uid, links?.event, isMuted: false, &$0) }
                            row("td", ["class": "mono"], text: one.digest)
                            row("td", text: one.isOfRecord ? "record" : "event")
                        }
                    }
                }
            }
        }
    }

    // MARK: Style and script

    static let style: StaticString = """
        .sections a{margin-right:1rem}td:first-child{min-width:6.5rem}.only{margin-left:.75rem}
        svg .box{fill:var(--raised);stroke:var(--line)}svg .edge{stroke:var(--muted);fill:none}.risk-line{max-width:720px}
        svg .proved{stroke:var(--good)}svg .asserted{stroke:var(--fair);
        stroke-dasharray:6 3}svg .inferred{stroke:var(--bad);stroke-dasharray:2 3}svg .asked{stroke:var(--accent);
        stroke-width:2}svg .risk{stroke:var(--bad);fill:none;stroke-width:2}td pre{max-width:34rem}tr[hidden]{display:none}
        """

    static let script: StaticString = """
        const rows=[...document.querySelectorAll('tr.step')],field=document.getElementById('filter'),
        notable=document.getElementById('only-notable'),marked=document.getElementById('only-marked'),
        shown=document.getElementById('shown'),texts=rows.map(r=>r.textContent.toLowerCase());
        function apply(){const words=field.value.toLowerCase().split(/\\s+/).filter(Boolean);let count=0;
        rows.forEach((row,i)=>{const fits=words.every(w=>texts[i].includes(w))&&
        (!notable.checked||row.classList.contains('notable'))&&(!marked.checked||row.classList.contains('marked'));
        row.hidden=!fits;if(fits)count++});shown.textContent=' '+count+' of '+rows.length+' steps'}
        for(const e of [field,notable,marked])e.addEventListener('input',apply);apply();
        """
}
