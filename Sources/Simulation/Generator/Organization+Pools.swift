extension Organization {
    /// The names of the things an account has, by slot.
    static func pools(of account: String, _ dice: inout Dice) -> [[String]] {
        Slot.allCases.map { slot in slot.isPooled ? pool(slot, of: account, &dice) : [] }
    }

    private static func pool(_ slot: Slot, of account: String, _ dice: inout Dice) -> [String] {
        func ids(_ prefix: String, _ count: Int) -> [String] {
            (0..<count).map { _ in prefix + dice.hex(17) }
        }
        func named(_ names: [String], _ form: (String) -> String) -> [String] { names.map(form) }
        let isBusy = account == "prod" || account == "data" || account == "staging"
        return switch slot {
        case .bucket: named(Names.purposes) { "example-\(account)-\($0)" }
        case .instance: ids("i-", isBusy ? 60 : 12)
        case .volume: ids("vol-", isBusy ? 90 : 18)
        case .snapshot: ids("snap-", 30)
        case .image: ids("ami-", 8)
        case .vpc: ids("vpc-", 3)
        case .subnet: ids("subnet-", 9)
        case .securityGroup: ids("sg-", 24)
        case .eni: ids("eni-", 60)
        case .role:
            named(Names.services) { "\($0)-task" } + ["DeployRole", "ReadOnlyAudit", "ReleaseManager"]
        case .user, .user2: ["svc-reporting", "build-bot", "ops-legacy", "ses-smtp", "backup-agent"]
        case .policy: named(Names.services) { "\($0)-access" }
        case .function: named(Names.functions) { "\(account)-\($0)" }
        case .table: Names.tables
        case .secret: named(Names.services) { "\(account)/\($0)/database" } + ["\(account)/vendor/api-key"]
        case .parameter: named(Names.services) { "\(account)/\($0)/config" }
        case .cluster: ["\(account)-main", "\(account)-batch"]
        case .service, .repository, .repo: Names.services
        case .stack: named(Names.services) { "\(account)-\($0)" }
        case .logGroup: named(Names.functions) { "/aws/lambda/\(account)-\($0)" }
        case .kmsKey: (0..<6).map { _ in dice.uuid() }
        case .queue: named(Names.functions) { "\($0)-jobs" }
        case .topic: ["alerts", "orders-events", "billing-events", "releases"]
        case .database: ["\(account)-orders", "\(account)-billing", "\(account)-catalog"]
        case .workgroup: ["primary", "analysts", "reporting"]
        case .alarm: named(Names.services) { "\($0)-latency-high" }
        case .permissionSet: ["PlatformAdmin", "Developer", "DataAnalyst", "SecurityAudit"]
        case .webACL: ["edge", "api"]
        case .zone: (0..<3).map { _ in "Z" + dice.base32(13) }
        case .model:
            ["anthropic.claude-sonnet-4-v1:0", "amazon.nova-pro-v1:0", "amazon.titan-embed-text-v2:0"]
        case .dashboard: ["overview", "latency", "cost"]
        default: []
        }
    }
}

/// Words that things and people at Example Corp are called by.
enum Names {
    static let first = [
        "alice", "bruno", "chen", "dalia", "elif", "farid", "grace", "hiro", "ines", "jamal", "kavya", "liam",
        "maria", "noor", "olga", "pedro", "qiang", "rosa", "samir", "tara", "uma", "viktor", "wanda", "xenia",
        "yusuf", "zoe", "amara", "boris", "carla", "dmitri", "emma", "felix", "gita", "hugo", "ivy", "jonas",
    ]
    static let last = [
        "adler", "banerjee", "castillo", "dubois", "eriksen", "fontaine", "gupta", "hansen", "ito", "jansen",
        "khan", "lopez", "moreau", "novak", "okafor", "patel", "quinn", "rossi", "schmidt", "tanaka", "ueda",
        "vargas", "weber", "xu", "yilmaz", "zimmer", "abebe", "brandt", "cohen", "diaz",
    ]
    static let purposes = [
        "orders", "artifacts", "invoices", "uploads", "exports", "backups", "analytics", "customer-records",
        "logs", "assets", "feature-store", "models",
    ]
    static let services = [
        "checkout", "orders", "catalog", "search", "payments", "billing", "accounts", "notifications",
        "shipping",
    ]
    static let functions = [
        "orders-webhook", "image-resizer", "invoice-pdf", "events-fanout", "etl-trigger", "session-cleanup",
    ]
    static let tables = ["orders", "carts", "sessions", "customers", "inventory", "events", "feature_flags"]
    static let browsers = [
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
            + "Chrome/142.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            + "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
        "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            + "Version/18.1 Safari/605.1.15",
    ]
    static let shells = [
        "aws-cli/2.31.9 md/awscrt#0.28.1 ua/2.1 os/macos#24.6.0 md/arch#arm64 lang/python#3.13.7 "
            + "md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off",
        "aws-cli/2.28.4 md/awscrt#0.27.4 ua/2.1 os/linux#6.8.0-60-generic md/arch#x86_64 lang/python#3.13.4 "
            + "md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off",
        "Boto3/1.40.21 md/Botocore#1.40.21 ua/2.1 os/macos#24.6.0 md/arch#arm64 lang/python#3.12.11 "
            + "md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.40.21",
    ]
}
