import Testing

@Suite struct CommandSkeletonTests {
}
