import Testing

@Suite struct CollectorsSkeletonTests {
}
