import Testing

@Suite struct CodecsSkeletonTests {
}
