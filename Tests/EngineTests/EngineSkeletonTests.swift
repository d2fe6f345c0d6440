import Testing

@Suite struct EngineSkeletonTests {
}
