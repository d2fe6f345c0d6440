import Testing

@Suite struct SimulationSkeletonTests {
}
