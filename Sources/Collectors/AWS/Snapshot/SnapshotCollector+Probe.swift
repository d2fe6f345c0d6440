package import Credentials
import Engine
package import Ports

/// Trying permissions without taking a snapshot.
extension SnapshotCollector {
    /// One question, and where it is asked: `111122223333 in eu-central-1`.
    package struct Probe: Sendable {
        package var place: String
        package var operation: String
        package var request: HTTPRequest
        package var authorizer: any Authorizer
    }

    /// The first questions of each service, account and region.
    package var probes: [Probe] {
        var probes: [Probe] = []
        for account in config.accounts {
            for service in config.services {
                for region in service.isRegional ? config.regions : config.regions.prefix(1).map({ $0 }) {
                    let endpoints = account.identity.endpoints.inRegion(region)
                    let scope = SnapshotScope(
                        service: service, endpoints: endpoints, teamTable: config.teamTable)
                    for question in scope.questions {
                        let identity = account.identity.inRegion(question.region)
                        probes.append(
                            Probe(
                                place: "\(account.id ?? "the credentials") in \(question.region)",
                                operation: question.operation, request: question.request,
                                authorizer: identity.signer(for: question.service)))
                    }
                }
            }
        }
        return probes
    }
}
