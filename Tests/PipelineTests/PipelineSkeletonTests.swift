import Testing

@Suite struct PipelineSkeletonTests {
}
