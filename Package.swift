// swift-tools-version: 6.2
import PackageDescription

/// Settings for every target, applied by the loop at the end.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
]

let package = Package(
    name: "coverdesk",
    products: [
        .executable(name: "coverdesk", targets: ["coverdesk"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: [.defaults, "YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // The domain: the words of docs/glossary.md as types, civil time, the rules' vocabulary.
        .target(name: "Coverage"),
        .testTarget(name: "CoverageTests", dependencies: ["Coverage", "TestSupport"]),

        // The bundle's files: read with every fault named, written canonically.
        .target(name: "BundleFiles", dependencies: ["Coverage", .product(name: "Yams", package: "Yams")]),
        .testTarget(name: "BundleFilesTests", dependencies: ["BundleFiles", "Coverage", "TestSupport"]),

        // A made-up consortium to try things on, and the program that wrote Examples.
        .target(name: "ExampleConsortium", dependencies: ["Coverage"]),
        .executableTarget(
            name: "make-example",
            dependencies: [
                "BundleFiles",
                "Coverage",
                "ExampleConsortium",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .testTarget(
            name: "ExampleConsortiumTests",
            dependencies: ["BundleFiles", "Coverage", "ExampleConsortium", "TestSupport"]),

        // Plans and their scores: pure, values in, values out.
        .target(name: "Planning", dependencies: ["Coverage"]),
        .testTarget(
            name: "PlanningTests", dependencies: ["Coverage", "ExampleConsortium", "Planning", "TestSupport"]),

        // Who takes a session: pure, values in, values out.
        .target(name: "Routing", dependencies: ["Coverage"]),
        .testTarget(name: "RoutingTests", dependencies: ["Coverage", "Routing", "RoutingTestSupport"]),

        // A small desk, random histories of it, and what must be so after any of them.
        .target(name: "RoutingTestSupport", dependencies: ["Coverage", "Routing"]),

        // What people look at instead of tables: pure, values in, SVG and CSV out.
        .target(name: "Charts", dependencies: ["Coverage"]),
        .testTarget(name: "ChartsTests", dependencies: ["Charts", "Coverage"]),

        // The published schedule for programs that read calendars: pure, values in, bytes out.
        .target(name: "Calendars", dependencies: ["Coverage", .product(name: "Crypto", package: "swift-crypto")]),
        .testTarget(name: "CalendarsTests", dependencies: ["Calendars", "Coverage"]),

        // Rosters' files: instances read with every fault named, rosters written.
        .target(name: "RosterFiles", dependencies: ["Planning"]),
        .testTarget(name: "RosterFilesTests", dependencies: ["Planning", "RosterFiles", "TestSupport"]),

        // libpq, as async/await.
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CEpoll"),
        .systemLibrary(name: "CZLib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "PostgresClient", dependencies: ["CEpoll", "CLibPQ"]),
        .testTarget(name: "PostgresClientTests", dependencies: ["PostgresClient", "PrivateCluster", "TestSupport"]),
        .testTarget(name: "PostgresFailureTests", dependencies: ["PostgresClient", "PrivateCluster", "TestSupport"]),

        // What benchmarks share: pgbench, a server to measure on.
        .target(name: "BenchmarkSupport", dependencies: ["PrivateCluster"], path: "Benchmarks/support"),

        // The client's throughput, beside pgbench's.
        .executableTarget(
            name: "benchmark-postgres",
            dependencies: [
                "BenchmarkSupport",
                "PostgresClient",
                "PrivateCluster",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/postgres-client", exclude: ["run"]),

        // The desk's decisions, beside pgbench's transactions.
        .executableTarget(
            name: "benchmark-routing",
            dependencies: [
                "Answering",
                "BenchmarkSupport",
                "Coverage",
                "PostgresClient",
                "PrivateCluster",
                "Routing",
                "ServiceLoad",
                "Storage",
                "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Benchmarks/routing", exclude: ["run", "storm"]),

        // What measures and what storms: chat servers that ask a running service over HTTP.
        .target(
            name: "ServiceLoad",
            dependencies: [
                "PostgresClient",
                "PrivateCluster",
                "Routing",
                "Storage",
                "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .testTarget(
            name: "ServiceLoadTests",
            dependencies: [
                "Coverage", "PostgresClient", "PrivateCluster", "Routing", "ServiceLoad", "Storage",
                "StorageTestSupport", "TestSupport", "coverdesk",
            ]),

        // The service's tables: schema/service, compiled in.
        .target(
            name: "ServiceSchema", path: "schema", exclude: ["cache", "CacheSchema.swift"],
            sources: ["ServiceSchema.swift"],
            resources: [.embedInCode("service")]),

        // The replica's tables: schema/cache, compiled in.
        .target(
            name: "CacheSchema", path: "schema", exclude: ["service", "ServiceSchema.swift"],
            sources: ["CacheSchema.swift"],
            resources: [.embedInCode("cache")]),

        // A library's replica: the feed's reader, the SQLite cache, the sync agent, intents made offline.
        .target(
            name: "Replication",
            dependencies: [
                "CacheSchema",
                "Coverage",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .testTarget(
            name: "ReplicationTests",
            dependencies: [
                "CacheSchema",
                "Coverage",
                "Replication",
                "TestSupport",
                "coverdesk",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),

        // All SQL of the service, one repository an aggregate.
        .target(
            name: "Storage",
            dependencies: [
                "Calendars", "Coverage", "PostgresClient", "Routing", "ServiceSchema",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .testTarget(
            name: "StorageTests",
            dependencies: [
                "Coverage", "PostgresClient", "Routing", "ServiceSchema", "Storage", "StorageTestSupport",
                "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),

        // What people do with it: import, plan, publish, read.
        .target(
            name: "Scheduling",
            dependencies: ["BundleFiles", "Calendars", "Coverage", "Planning", "PostgresClient", "Storage"]),
        .testTarget(
            name: "SchedulingTests",
            dependencies: [
                "Calendars", "Coverage", "Planning", "PostgresClient", "Scheduling", "Storage", "StorageTestSupport",
                "TestSupport",
            ]),

        // Who may use the pages: accounts, passwords, sessions, invitations.
        .target(
            name: "Accounts",
            dependencies: [
                "Coverage",
                "PostgresClient",
                "Storage",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ]),
        .testTarget(
            name: "AccountsTests",
            dependencies: ["Accounts", "Coverage", "PostgresClient", "Storage", "StorageTestSupport", "TestSupport"]),

        // What people are told by mail: in words, sent by a program like sendmail, tried again.
        .target(
            name: "Notifications",
            dependencies: [
                "Coverage",
                "PostgresClient",
                "Storage",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .testTarget(
            name: "NotificationsTests",
            dependencies: [
                "Coverage", "Notifications", "PostgresClient", "Storage", "StorageTestSupport", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ]),

        // Who people are to the consortium's identity provider: OpenID Connect.
        .target(
            name: "OpenID",
            dependencies: [
                "Accounts",
                "Coverage",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        .testTarget(
            name: "OpenIDTests",
            dependencies: [
                "Accounts",
                "Coverage",
                "OpenID",
                .product(name: "JWTKit", package: "jwt-kit"),
            ]),

        // What chat servers do: ask, accept, end; many at a time in one transaction.
        .target(name: "Answering", dependencies: ["Coverage", "PostgresClient", "Routing", "Storage"]),
        .testTarget(
            name: "AnsweringTests",
            dependencies: [
                "Answering", "Coverage", "PostgresClient", "PrivateCluster", "Routing", "RoutingTestSupport", "Storage",
                "StorageTestSupport", "TestSupport",
            ]),

        // A day at the desk as a chat server plays it: pure, values in, values out.
        .target(name: "ChatSimulation", dependencies: ["Coverage"]),
        .testTarget(name: "ChatSimulationTests", dependencies: ["ChatSimulation", "Coverage"]),

        // The command line and the wiring.
        .executableTarget(
            name: "coverdesk",
            dependencies: [
                "API",
                "Accounts",
                "Answering",
                "BundleFiles",
                "Calendars",
                "ChatSimulation",
                "Coverage",
                "Notifications",
                "OpenID",
                "Pages",
                "Planning",
                "PostgresClient",
                "PrivateCluster",
                "Replication",
                "RosterFiles",
                "Routing",
                "Scheduling",
                "ServiceSchema",
                "Storage",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),

        // What programs ask of the service: routes, live events, webhooks.
        .target(
            name: "API",
            dependencies: [
                "Answering",
                "CZLib",
                "Calendars",
                "Coverage",
                "Notifications",
                "PostgresClient",
                "Routing",
                "Scheduling",
                "Storage",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        .testTarget(
            name: "APITests",
            dependencies: [
                "API",
                "Answering",
                "Calendars",
                "Coverage",
                "Notifications",
                "PostgresClient",
                "Routing",
                "Storage",
                "StorageTestSupport",
                "TestSupport",
                "coverdesk",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        .testTarget(
            name: "CommandTests", dependencies: ["coverdesk", "PostgresClient", "StorageTestSupport", "TestSupport"]),

        // The pages' templates, styles and scripts, compiled in.
        .target(name: "PageAssets", resources: [.embedInCode("Files")]),

        // What people see in a browser: rendered here, readable without scripts.
        .target(
            name: "Pages",
            dependencies: [
                "Accounts",
                "Answering",
                "Calendars",
                "Charts",
                "Coverage",
                "ExampleConsortium",
                "Notifications",
                "OpenID",
                "PageAssets",
                "Planning",
                "PostgresClient",
                "Routing",
                "Scheduling",
                "Storage",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .testTarget(
            name: "PagesTests",
            dependencies: [
                "Accounts",
                "Calendars",
                "Charts",
                "Coverage",
                "Notifications",
                "PageAssets",
                "Pages",
                "PostgresClient",
                "Planning",
                "Routing",
                "Scheduling",
                "Storage",
                "StorageTestSupport",
                "TestSupport",
                "coverdesk",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),

        // Pages, beside a page that never changes.
        .executableTarget(
            name: "benchmark-pages",
            dependencies: [
                "Accounts",
                "BenchmarkSupport",
                "Coverage",
                "ExampleConsortium",
                "Pages",
                "PostgresClient",
                "PrivateCluster",
                "Routing",
                "Scheduling",
                "ServiceLoad",
                "Storage",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Benchmarks/pages", exclude: ["run"]),

        // Consortia and databases for the tests of what stands on Storage.
        .target(
            name: "StorageTestSupport",
            dependencies: ["Coverage", "PostgresClient", "ServiceSchema", "Storage", "TestSupport"]),

        // A PostgreSQL server of our own, for the demo and for tests.
        .target(
            name: "PrivateCluster", dependencies: [.product(name: "SystemPackage", package: "swift-system")]),
        .testTarget(
            name: "PrivateClusterTests",
            dependencies: [
                "PrivateCluster",
                "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ]),

        // What tests share: a PostgreSQL server, databases, folders, a clock that stands still, the built program.
        .target(
            name: "TestSupport",
            dependencies: [
                "PrivateCluster",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .testTarget(name: "TestSupportTests", dependencies: ["PrivateCluster", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where [.regular, .executable, .test].contains(target.type) {
    target.swiftSettings = strict + (target.swiftSettings ?? [])
}
