package import Engine

extension ActionCatalogue {
    /// The one inside the binary.
    package static func builtIn() -> ActionCatalogue { kept }

    private static let kept = ActionCatalogue(
        String(decoding: Assets.bytes("schemas/policy/aws-actions.txt") ?? [], as: UTF8.self))
}
