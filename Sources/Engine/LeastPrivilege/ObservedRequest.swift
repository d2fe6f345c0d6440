/// One request for one permission, as far as a log tells it.
package struct ObservedRequest: Hashable, Sendable {
    package enum Provider: String, Sendable { case aws, azure, gcp }

    package var provider: Provider
    /// A role's or user's ARN; an object id, an address or a service account elsewhere.
    package var principal: String
    package var account: String
    /// `s3:GetObject`, `Microsoft.Compute/virtualMachines/start/action`, `storage.objects.get`.
    package var action: String
    /// `*` for an action that is on nothing; `nil` where the record does not tell it.
    package var resource: String?
    package var region: String = ""
    package var address: String = ""
    /// `nil` where the record does not tell it.
    package var hasMFA: Bool?
    package var isByService = false

    package init(_ provider: Provider, principal: String, account: String, action: String) {
        self.provider = provider
        self.principal = principal
        self.account = account
        self.action = action
    }

    /// Keys of conditions that a log tells, or tells the absence of.
    static let toldKeys: Set<String> = [
        "aws:requestedregion", "aws:sourceip", "aws:multifactorauthpresent", "aws:viaawsservice",
        "aws:principalarn", "aws:principalaccount", "aws:resourceaccount", "aws:username",
        "aws:securetransport", "aws:currenttime", "aws:principalisawsservice",
    ]

    func policyRequest(at time: Timestamp) -> PolicyRequest {
        var request = PolicyRequest(
            action: action, resource: resource ?? "*", principal: RequestPrincipal(principal))
        // A bucket's ARN names no account; a request of the account's own log is within it.
        if !account.isEmpty { request.resourceAccount = resourceAccount }
        if !region.isEmpty { request.context["aws:RequestedRegion"] = .single(region) }
        if !address.isEmpty, !isByService { request.context["aws:SourceIp"] = .single(address) }
        if let hasMFA { request.context["aws:MultiFactorAuthPresent"] = .single(hasMFA ? "true" : "false") }
        request.context["aws:ViaAWSService"] = .single(isByService ? "true" : "false")
        request.context["aws:SecureTransport"] = .single("true")
        request.context["aws:PrincipalIsAWSService"] = .single("false")
        request.context["aws:CurrentTime"] = .single(time.iso8601)
        return request
    }

    /// Identity policies are asked here, so a resource of another account counts as one's own: what its own policy
    /// says, no log tells.
    private var resourceAccount: String? { RequestPrincipal(principal).account ?? account }
}

/// What an event shows: requests, whether they were refused, and when.
package struct ObservedUse: Sendable {
    package var requests: [ObservedRequest]
    package var time: Timestamp
    package var uid: String
    /// Refused for want of permission.
    package var isDenied: Bool
    /// Shown by a data event, which a trail has to ask for.
    package var isData: Bool
    package var service: String
    package var account: String
}
