import Engine

/// What a case's page tells beside the timeline: what stands, who, from where, what was new, what to look at next.
extension CasePage {
    func standing(_ out: inout Markup) {
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

    func findings(_ out: inout Markup) {
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

    func sessions(_ out: inout Markup) {
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

    func origins(_ out: inout Markup) {
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

    func firsts(_ out: inout Markup) {
        section(&out, "firsts", "For the first time") { out in
            Self.table(&out, ["When", "What", "Value", "Compared with"]) { rows in
                for one in found.firsts.prefix(rowsMax) {
                    Self.row(&rows, Self.moment(one.time), one.dimension, one.value, one.words)
                }
            }
        }
    }

    func reach(_ out: inout Markup) {
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

    func pivots(_ out: inout Markup) {
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

    func evidence(_ out: inout Markup) {
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
}
