import Testing

@Suite struct PlatformSkeletonTests {
}
