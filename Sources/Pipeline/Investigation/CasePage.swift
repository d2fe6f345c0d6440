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
    func name(
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

    func section(_ out: inout Markup, _ id: String, _ title: String, _ body: (inout Markup) -> Void) {
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
