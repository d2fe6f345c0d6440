import Testing

@Suite struct ExportersSkeletonTests {
}
