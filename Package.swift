// swift-tools-version: 6.2
import PackageDescription

/// What every target of ours is compiled with: the compiler polices imports, existentials and unsafe code.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: house)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: house)
}

func system(_ name: String, _ pkgConfig: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig)
}

func shim(_ name: String, links: [String]) -> Target {
    .target(
        name: name, path: "Sources/C/\(name)", linkerSettings: links.map { .linkedLibrary($0) })
}

let package = Package(
    name: "martlet",
    products: [.executable(name: "martlet", targets: ["martlet"])],
    targets: [
        // C: system libraries, and shims where a library has C++, variadic functions or macros.
        system("CZstd", "libzstd"),
        system("CISAL", "libisal"),
        system("CDeflate", "libdeflate"),
        system("CZlib", "zlib"),
        system("CYAML", "yaml-0.1"),
        system("COpenSSL", "openssl"),
        system("CSQLite", "sqlite3"),
        shim("CJSON", links: ["simdjson"]),
        shim("CRegex", links: ["re2", "pcre2-8"]),
        shim("CMaxMind", links: ["maxminddb"]),
        shim("CCurl", links: ["curl", "ssl", "crypto"]),
        shim("CMicrohttpd", links: ["microhttpd", "gnutls"]),
        shim("CKafka", links: ["rdkafka"]),
        shim("CKafkaMock", links: ["rdkafka"]),
        shim("CAssets", links: []),
        shim("CAllocations", links: []),

        // The house: each target imports only what is listed, and Tests/TidyTests checks it.
        // Optimized in debug builds, too: the tests put hundreds of thousands of records through it.
        .target(
            name: "Engine", dependencies: ["CJSON", "CRegex", "CMaxMind"],
            swiftSettings: house + [.unsafeFlags(["-O"], .when(configuration: .debug))]),
        library("Ports", ["Engine"]),
        library("Codecs", ["Engine", "CZstd", "CISAL", "CDeflate", "CZlib", "CYAML", "COpenSSL"]),
        library("Credentials", ["Engine", "Ports", "Codecs"]),
        library("Collectors", ["Engine", "Ports", "Codecs", "Credentials"]),
        library("Exporters", ["Engine", "Ports", "Codecs", "Credentials"]),
        library("Store", ["Engine", "Ports", "Codecs", "Credentials", "CSQLite"]),
        library(
            "Pipeline",
            ["Engine", "Ports", "Codecs", "Credentials", "Collectors", "Exporters", "Store", "CAssets"]),
        library("Platform", ["Engine", "Ports", "CCurl", "CMicrohttpd", "CKafka"]),
        library("Simulation", ["Engine", "Ports", "Codecs"]),
        .executableTarget(
            name: "martlet",
            dependencies: [
                "Engine", "Ports", "Codecs", "Credentials", "Collectors", "Exporters", "Store", "Pipeline",
                "Platform", "Simulation",
            ],
            swiftSettings: house,
            // The optimized program runs where Swift is not installed, and starts sooner.
            linkerSettings: [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))]),
        .executableTarget(
            name: "Bench",
            dependencies: [
                "CAllocations", "Engine", "Ports", "Codecs", "Credentials", "Collectors", "Exporters",
                "Store", "Pipeline",
                "Platform", "Simulation",
            ],
            exclude: ["Peers"],
            swiftSettings: house),

        tests(
            "EngineTests", ["Bench", "Engine", "Codecs", "Pipeline", "Simulation"],
            exclude: ["Rules/judge.py"]),
        tests("CodecsTests", ["Engine", "Codecs"]),
        tests("CredentialsTests", ["Engine", "Ports", "Codecs", "Credentials", "Simulation", "Platform"]),
        tests(
            "CollectorsTests",
            ["Engine", "Ports", "Codecs", "Credentials", "Collectors", "Simulation", "Platform"]),
        tests(
            "ExportersTests",
            ["Engine", "Ports", "Codecs", "Credentials", "Exporters", "Simulation", "Platform"]),
        tests("StoreTests", ["Engine", "Ports", "Codecs", "Store", "Pipeline", "Simulation"]),
        tests(
            "PipelineTests",
            [
                "Engine", "Ports", "Codecs", "Credentials", "Collectors", "Exporters", "Pipeline",
                "Simulation",
                "Platform",
            ]),
        tests("PlatformTests", ["Engine", "Ports", "Platform", "CKafkaMock"]),
        tests(
            "SimulationTests",
            [
                "Engine", "Ports", "Codecs", "Credentials", "Collectors", "Exporters", "Pipeline",
                "Simulation",
            ],
            exclude: ["seeds.txt"]),
        tests(
            "CommandTests",
            [
                "martlet", "Engine", "Ports", "Codecs", "Credentials", "Collectors", "Exporters", "Pipeline",
                "Simulation", "Platform",
            ]),
        tests("TidyTests", ["Engine"]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17,
    cxxLanguageStandard: .cxx17
)
