import Testing

@Suite struct CredentialsSkeletonTests {
}
