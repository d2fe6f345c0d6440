import Codecs
package import Engine
package import Ports

// What may stand in a `feed.yaml`: the declarations that decode it, refuse what is misspelt and make its reference.

extension FeedProtocol: ConfigValue {
    package static let name = "a feed"
    package static let summary = "What a feed is and how it is collected; without `position` only what it is."
    package static var fields: [ConfigField<Self>] {
        facts
            + [
                .init("position", \.position, "How it is remembered how far the feed was read"),
                .init("streams", \.streams, "Parts read side by side, each with values for names of its own"),
            ] + FeedEndpoint.fields.map { $0.lifted(\.endpoint) } + [
                .init("time", \.time, "Path of a record's time, by which delays are measured"),
                .init("times", \.times, "How times are written in requests"),
                .init("span", \.span, "The longest window asked for at once"),
                .init("interval", \.interval, "How often to look for more"),
                .init("pace", \.pace, "The least time between two requests"),
                .init("throttle", \.throttle, "How the vendor says that it is asked too often"),
                .init(
                    "expired", \.expired, "Statuses and codes that mean that a cursor is no longer known"),
                .init("before", \.before, "A request that must have been made once"),
                .init(
                    "each", \.each,
                    "Requests that follow each record of the list, whose records count instead"),
                .init("poll", \.poll, "For a request whose answer is ready later"),
                .init("columns", \.columns, "For an answer in rows: what their columns are called"),
                .init("partitions", \.partitions, "For an answer in parts"),
                .init("snapshot", \.snapshot, "What `position: snapshot` delivers"),
            ]
    }

    private static var facts: [ConfigField<Self>] {
        [
            .init(
                "feed", \.feed, isRequired: true, "The feed's name, that of its folders: `okta.system_log`"),
            .init("about", \.about, "What it collects, in a sentence"),
            .init("ways", \.ways, "Other ways to collect it than files and this protocol"),
            .init("permissions", \.permissions, "What the credentials must be allowed"),
            .init("retention", \.retention, "How long the vendor keeps records"),
            .init("late", \.late, "How long after its time a record may appear"),
            .init("parameters", \.parameters, "What the user must say, with a sentence for each"),
            .init("auth", \.auth, "Which credentials it takes"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        FeedCheck(feed: self, position: position).run(&decoder)
    }
}

extension FeedEndpoint: ConfigValue {
    package static let name = "a request"
    package static let summary = "A request and how its answer is read."
    package static var fields: [ConfigField<Self>] {
        [
            .init("get", \.get, "The URL of a GET request"),
            .init("post", \.post, "The URL of a POST request"),
            .init("query", \.query, "The query; an entry whose names have no value is left out"),
            .init("headers", \.headers, "Header fields"),
            .init("body", \.body, "The JSON body, with names in its texts"),
            .init("records", \.records, "Path of the records, or several to try; `$` is the whole answer"),
            .init("next", \.next, "How the answer says what comes next"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        if get != nil, post != nil {
            decoder.complain(at: position, "there is a get and a post: one of the two")
        }
    }
}

extension FeedNext: ConfigValue {
    package static let name = "next"
    package static let summary = "One of the first six says what comes next."
    package static var fields: [ConfigField<Self>] {
        [
            .init("link", \.link, "Relation of the `Link` header with the next URL"),
            .init("header", \.header, "Header with the next URL"),
            .init("url", \.url, "Path of the next URL, or several to try"),
            .init("token", \.token, "Path of a token that `{next}` stands for"),
            .init("last", \.last, "Path of the last record's value that `{next}` stands for"),
            .init("offset", \.offset, "Records in a full page; `{next}` counts those read"),
            .init("delta", \.delta, "Path of the URL that brings later changes, on the last page"),
            .init("more", \.more, "Path of a Boolean that says whether there is more"),
            .init("until_empty", \.untilEmpty, "Only an empty page is the last"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        let ways = [link != nil, header != nil, url != nil, token != nil, last != nil, offset != nil]
        if ways.count(where: { $0 }) > 1 {
            decoder.complain(at: position, "next says in several ways what comes next: one of them")
        }
    }
}

extension FeedEach: ConfigValue {
    package static let name = "each"
    package static let summary = "The request for each item of a list; the item's members are names."
    package static var fields: [ConfigField<Self>] {
        FeedEndpoint.fields.map { $0.lifted(\.endpoint) } + [
            .init("parent", \.parent, "Member under which the item stands in each record"),
            .init("item", \.item, "Member under which the record itself then stands"),
            .init("expires", \.expires, "Path of the time after which the item is gone"),
        ]
    }

    package func check(at position: SourcePosition, by decoder: inout ConfigDecoder) {
        if (parent == nil) != (item == nil) {
            decoder.complain(at: position, "parent and item go together")
        }
    }
}

extension FeedPoll: ConfigValue {
    package static let name = "poll"
    package static let summary = "How an answer says that it is not ready, and where to ask again."
    package static var fields: [ConfigField<Self>] {
        [
            .init("statuses", \.statuses, "Statuses that mean: not yet"),
            .init("state", \.state, "Path of the state"),
            .init("pending", \.pending, "States that mean: not yet"),
            .init("failed", \.failed, "States that mean: never"),
            .init("get", \.get, isRequired: true, "The URL to ask again"),
            .init("every", \.every, "How often"),
        ]
    }
}

extension FeedColumns: ConfigValue {
    package static let name = "columns"
    package static let summary = "Rows become objects by their columns' names."
    package static var fields: [ConfigField<Self>] {
        [
            .init("at", \.at, isRequired: true, "Path of the list of columns"),
            .init("name", \.label, isRequired: true, "Path of a column's name in it"),
            .init("type", \.type, "Path of a column's type in it"),
            .init("nested", \.nested, "Beginnings of types whose texts are JSON"),
        ]
    }
}

extension FeedPartitions: ConfigValue {
    package static let name = "partitions"
    package static let summary = "Further parts of an answer, by number from 1."
    package static var fields: [ConfigField<Self>] {
        [
            .init("at", \.at, isRequired: true, "Path of a list with an element for each part"),
            .init("get", \.get, isRequired: true, "The URL of a part, with `{partition}`"),
        ]
    }
}

extension FeedBefore: ConfigValue {
    package static let name = "before"
    package static let summary = "A request that must have been made once, such as a subscription."
    package static var fields: [ConfigField<Self>] {
        [
            .init("post", \.post, isRequired: true, "The URL"),
            .init("query", \.query, "The query"),
            .init("accept", \.accept, "Codes of refusals that mean that it was made already"),
        ]
    }
}

extension FeedThrottle: ConfigValue {
    package static let name = "throttle"
    package static let summary = "Beside status 429 and `Retry-After`, which always hold."
    package static var fields: [ConfigField<Self>] {
        [
            .init("reset_header", \.resetHeader, "Header with the second since 1970 when it answers again"),
            .init("remaining_header", \.remainingHeader, "Header that says 0 in a refusal that will pass"),
            .init("codes", \.codes, "Codes in a refusal that will pass"),
        ]
    }
}

extension FeedAuth: ConfigValue {
    package static let name = "auth"
    package static let summary = "Which credentials a feed takes."
    package static var fields: [ConfigField<Self>] {
        [
            .init("kinds", \.kinds, "Kinds of a collector's `auth` that it takes") { kinds in
                let wrong = kinds.first { !AuthConfig.kinds.contains($0) }
                return wrong.map { kind in
                    let near = nearestName(to: kind, among: AuthConfig.kinds)
                    return "“\(kind)” is not known: "
                        + (near.map { "did you mean “\($0)”?" }
                            ?? "there is \(AuthConfig.kinds.joined(separator: ", "))")
                }
            },
            .init("header", \.header, "The header of an `api_token`"),
            .init("scheme", \.scheme, "What stands before an `api_token`: `Bearer`, `SSWS`, nothing"),
            .init("scope", \.scope, "The scope or audience that a token is asked for"),
        ]
    }
}

extension FeedPosition: ConfigChoice {}
extension FeedTimes: ConfigChoice {}
extension FeedSnapshot: ConfigChoice {}
