extension Command {
    /// Every command, in the order in which `martlet help` lists them.
    static let all: [Command] = [
        .run, .top, .validate, .test, .chaos,
        .serve, .hashPassword,
        .ledger, .deadletterList, .deadletterShow, .deadletterRedrive,
        .spoolInspect, .spoolVerify,
        .query, .replay, .storeStats, .storeVerify, .storeCompact, .storeExport, .storeImport,
        .normalize, .attribute, .detect, .risk, .explain, .verdict, .investigate, .caseVerify, .rulesCheck,
        .rulesList,
        .policyDiff, .policyEvaluate, .policyRehearse, .access, .grants, .rightsize, .drift, .baselineSave,
        .baselineDiff, .baselineApprove,
        .demo, .generate,
        .feeds, .simulateVendor, .benchmarkDetection, .exporters, .schema,
        .completions, .man, .help, .version,
    ]

    static func named(_ name: String) -> Command? { all.first { $0.name == name } }
}
