import Engine

/// Every step, with its evidence.
extension CasePage {
    func timeline(_ out: inout Markup) {
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
}
