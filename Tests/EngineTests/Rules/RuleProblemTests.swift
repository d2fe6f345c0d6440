import Testing

@testable import Engine

@Suite("What is wrong with a rule is said where it stands")
struct RuleProblemTests {
    private func problems(_ detection: String) throws -> [String] {
        try RuleMaterial.rule(detection).problems.map(\.description)
    }

    @Test(
        "Each mistake names its place, what was expected, and the nearest valid name",
        arguments: [
            (
                "selection:\n  a|contain: x\ncondition: selection",
                "rule.yml:6:5: unknown modifier 'contain' (did you mean 'contains'?)"
            ),
            (
                "selection:\n  a: x\ncondition: selektion",
                "rule.yml:7:14: the detection has nothing named 'selektion' (did you mean 'selection'?)"
            ),
            (
                "selection:\n  a: x\ncondition: selection and",
                "rule.yml:7:27: the condition ends where a name is expected"
            ),
            ("selection:\n  a: x\ncondition: (selection", "rule.yml:7:14: '(' is not closed"),
            (
                "selection:\n  a: x\ncondition: selection adn selection",
                "rule.yml:7:24: expected 'and', 'or' or the end of the condition before 'adn' (did you mean 'and'?)"
            ),
            (
                "selection:\n  a: x\ncondition: 2 of selection*",
                "rule.yml:7:14: expected '1 of', 'any of' or 'all of', found '2 of'"
            ),
            (
                "selection:\n  a: x\ncondition: selection | count() > 5",
                "rule.yml:7:24: the aggregation after '|' is an obsolete form that Sigma 2 removed (write a correlation document for it)"
            ),
            ("selection:\n  a: x", "rule.yml:5:3: 'detection' has no 'condition'"),
            (
                "selection:\n  a|cidr: 10.0.0/8\ncondition: selection",
                "rule.yml:6:13: '10.0.0/8' is no IPv4 or IPv6 network (expected the form 192.0.2.0/24 or 2001:db8::/32)"
            ),
            (
                "selection:\n  a|re: '(x'\ncondition: selection",
                "rule.yml:6:11: the regular expression is refused: missing closing parenthesis at character 3"
            ),
            (
                "selection:\n  a|all: x\ncondition: selection",
                "rule.yml:6:5: 'all' needs a list of at least two values (remove '|all')"
            ),
            (
                "selection:\n  a|base64: 'x*'\ncondition: selection",
                "rule.yml:6:15: 'base64' cannot encode wildcards (put it before 'contains', and write \\* for an asterisk)"
            ),
            (
                "selection:\n  a:\n    b: x\ncondition: selection",
                "rule.yml:7:7: expected text, a number, true, false or null, found a mapping (nested fields are written with dots: outer.inner)"
            ),
            ("selection:\n  a: []\ncondition: selection", "rule.yml:6:8: an empty list can match nothing"),
            (
                "selection:\n  a: x\ntimeframe: 5m\ncondition: selection",
                "rule.yml:7:3: 'timeframe' belongs to aggregations, an obsolete form that Sigma 2 removed (write a correlation document with a timespan)"
            ),
            (
                "selection:\n  a|gt: many\ncondition: selection",
                "rule.yml:6:11: expected a number, found 'many'"
            ),
            (
                "selection:\n  a|contains|re: x\ncondition: selection",
                "rule.yml:6:5: 're' must be the first modifier (found after 'contains')"
            ),
        ])
    func mistakes(detection: String, expected: String) throws {
        #expect(try problems(detection) == [expected])
    }

    @Test("A file of many rules loads the sound ones and lists every broken one")
    func othersLoadOn() throws {
        let text = """
            title: sound
            id: a
            logsource: {product: aws}
            detection: {s: {a: 1}, condition: s}
            ---
            title: no logsource
            detection: {s: {a: 1}, condition: s}
            ---
            title: a bad level
            logsource: {product: aws}
            level: hihg
            detection: {s: {a: 1}, condition: s}
            ---
            title: a correlation
            correlation: {type: event_count}
            ---
            title: the same id
            id: a
            logsource: {product: aws}
            detection: {s: {a: 2}, condition: s}
            ---
            - not a rule
            ---
            title: also sound
            logsource: {product: aws}
            unknown_key: allowed
            detection: {s: {a: 3}, condition: s}
            """
        let rules = RuleSet(reading: try RuleMaterial.parsed(text))
        #expect(rules.rules.map(\.title) == ["sound", "also sound"])
        #expect(
            rules.problems.map(\.description) == [
                "rule.yml:6:1: the rule has no 'logsource'",
                "rule.yml:11:8: unknown level 'hihg' (did you mean 'high'?)",
                "rule.yml:15:14: the correlation has no 'timespan'",
                "rule.yml:18:5: the id a is already taken by another rule (see rule.yml:1)",
                "rule.yml:22:1: expected a rule (a mapping), found a list",
            ])
    }

    @Test("A condition nested too deep, or with a megabyte of names, is refused and not followed")
    func hostileConditions() throws {
        let deep = String(repeating: "(", count: 1_000) + "s" + String(repeating: ")", count: 1_000)
        #expect(try problems("s:\n  a: x\ncondition: \(deep)")[0].contains("nests deeper than 64"))
        let long = Array(repeating: "s", count: 10_000).joined(separator: " or ")
        #expect(try problems("s:\n  a: x\ncondition: \(long)")[0].contains("more than 4096 words"))
    }

    @Test("A regular expression that runs away is stopped, counted, and matches nothing")
    func runaway() throws {
        // The back reference keeps RE2 away.
        let rules = try RuleMaterial.rule("s:\n  a|re: '(a+)+\\1$'\ncondition: s")
        #expect(rules.problems.isEmpty)
        var matcher = RuleMatcher(RuleCompiler.compile(rules.rules, feed: "aws.cloudtrail"))
        let record = #"{"a":""# + String(repeating: "a", count: 40) + #"!"}"#
        RuleMaterial.forEachRecord(Array(record.utf8)) { matcher.match($0, $1) }
        #expect(matcher.hits.isEmpty)
        #expect(matcher.patternLimits == 1)
    }

    @Test("A record with a hundred thousand values is matched on those that fit")
    func manyValues() throws {
        let rules = try RuleMaterial.rule("s:\n  a: first\ncondition: s")
        var matcher = RuleMatcher(RuleCompiler.compile(rules.rules, feed: "aws.cloudtrail"))
        let record = #"{"a":["first""# + String(repeating: #","x""#, count: 100_000) + "]}"
        RuleMaterial.forEachRecord(Array(record.utf8)) { matcher.match($0, $1) }
        #expect(matcher.hits == [0])
        #expect(matcher.recordsCut == 1)
    }
}
