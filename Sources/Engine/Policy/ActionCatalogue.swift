/// The actions AWS has: how far each reaches and which resources it is asked on.
///
/// Read from `schemas/policy/aws-actions.txt`. What AWS adds later is not in it; an action that is not known is never
/// taken for one that does not exist.
package struct ActionCatalogue: Sendable {
    /// What an action does, from the harmless to the grave.
    package enum Level: UInt8, Comparable, Sendable, CaseIterable {
        case list, read, tagging, write, permissions

        package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }

        package var name: String {
            switch self {
            case .list: "list"
            case .read: "read"
            case .tagging: "tagging"
            case .write: "write"
            case .permissions: "permissions management"
            }
        }

        init?(_ letter: Substring) {
            switch letter {
            case "L": self = .list
            case "R": self = .read
            case "T": self = .tagging
            case "W": self = .write
            case "P": self = .permissions
            default: return nil
            }
        }
    }

    package final class Action: Sendable {
        /// As AWS writes it: `s3:GetObject`.
        package let name: String
        let pattern: ActionPattern
        package let level: Level
        /// Graver ones are greater.
        let gravity: Int
        /// Numbers into the service's resources.
        let resources: [Int]
        /// Whether it cannot be asked without a resource.
        let needsResource: Bool
        /// The same for actions of one service that are asked on the same resources.
        let form: Int

        init(_ name: String, _ level: Level, resources: [Int], needsResource: Bool, form: Int) {
            self.name = name
            self.level = level
            self.resources = resources
            self.needsResource = needsResource
            self.form = form
            pattern = ActionPattern(name)
            gravity = ActionCatalogue.gravity(of: pattern.folded, level)
        }
    }

    struct Service: Sendable {
        var resources: [ResourcePattern] = []
        var actions: [Action] = []
        var numbers: [String: Int] = [:]
    }

    private(set) var services: [String: Service] = [:]
    private let serviceNames: [String]

    package init(_ text: String) {
        var services: [String: Service] = [:]
        var name = ""
        var service = Service()
        var forms: [Substring: Int] = [:]
        var formCount = 0
        for line in text.split(separator: "\n") where line.first != "#" {
            let words = line.split(separator: " ")
            if line.first == "[" {
                if !name.isEmpty { services[name] = service }
                name = line.dropFirst().dropLast().lowercased()
                service = Service()
                forms = [:]
            } else if line.first == "=", words.count == 2 {
                service.resources.append(ResourcePattern(String(words[1])))
            } else if words.count >= 2, let level = Level(words[0]) {
                let all = words.count > 2 ? words[2] : ""
                let marks = all.split(separator: ",")
                let form = forms[all] ?? formCount
                if form == formCount {
                    forms[all] = form
                    formCount += 1
                }
                let numbers = marks.compactMap { Int($0.prefix { $0 != "!" }) }
                let action = Action(
                    "\(name):\(words[1])", level,
                    resources: numbers.map { $0 - 1 }.filter { service.resources.indices.contains($0) },
                    needsResource: marks.contains { $0.last == "!" }, form: form)
                service.numbers[action.pattern.folded] = service.actions.count
                service.actions.append(action)
            }
        }
        if !name.isEmpty { services[name] = service }
        self.services = services
        serviceNames = services.keys.sorted()
    }

    /// The action of that name, in any case.
    package func action(_ name: String) -> Action? {
        let folded = name.lowercased()
        guard let service = services[String(folded.prefix { $0 != ":" })],
            let number = service.numbers[folded]
        else { return nil }
        return service.actions[number]
    }

    /// All that the pattern takes, in the order of their names.
    func actions(_ pattern: ActionPattern) -> [Action] {
        if pattern.isLiteral { return action(pattern.folded).map { [$0] } ?? [] }
        let names = pattern.service.map { [$0] } ?? serviceNames
        return names.flatMap { name in
            (services[name]?.actions ?? []).filter { pattern.pattern.matches($0.pattern.pattern.symbols) }
        }
    }

    /// One of the resources that an action is asked on.
    func resource(_ place: Int, of action: Action) -> ResourcePattern? {
        services[action.pattern.service ?? ""]?.resources[action.resources[place]]
    }

    func resources(of action: Action) -> [ResourcePattern] {
        let service = services[String(action.pattern.folded.prefix { $0 != ":" })]
        return action.resources.compactMap { service?.resources[$0] }
    }

    /// Permissions that are known to lead to others: by a new policy, a role passed on, a credential made.
    static let escalating: Set<String> = [
        "iam:passrole", "iam:createpolicyversion", "iam:setdefaultpolicyversion", "iam:createaccesskey",
        "iam:createloginprofile", "iam:updateloginprofile", "iam:attachuserpolicy", "iam:attachgrouppolicy",
        "iam:attachrolepolicy", "iam:putuserpolicy", "iam:putgrouppolicy", "iam:putrolepolicy",
        "iam:addusertogroup", "iam:updateassumerolepolicy", "iam:deleterolepermissionsboundary",
        "iam:deleteuserpermissionsboundary", "iam:putrolepermissionsboundary", "sts:assumerole",
        "lambda:createfunction", "lambda:invokefunction", "lambda:updatefunctioncode",
        "lambda:updatefunctionconfiguration", "lambda:addpermission", "lambda:createeventsourcemapping",
        "ec2:runinstances", "ec2:modifyinstanceattribute", "ec2:createlaunchtemplateversion",
        "ec2instanceconnect:sendsshpublickey", "ec2-instance-connect:sendsshpublickey",
        "cloudformation:createstack", "cloudformation:updatestack", "cloudformation:createchangeset",
        "cloudformation:executechangeset", "cloudformation:createstackset", "codebuild:createproject",
        "codebuild:updateproject", "codebuild:startbuild", "codebuild:startbuildbatch", "ecs:runtask",
        "ecs:registertaskdefinition", "ecs:createservice", "ecs:executecommand", "glue:createdevendpoint",
        "glue:updatedevendpoint", "glue:createjob", "glue:updatejob", "glue:startjobrun",
        "glue:createsession",
        "sagemaker:createnotebookinstance", "sagemaker:createpresignednotebookinstanceurl",
        "sagemaker:createtrainingjob", "sagemaker:createprocessingjob", "ssm:sendcommand", "ssm:startsession",
        "datapipeline:createpipeline", "bedrock-agentcore:createcodeinterpreter",
        "bedrock-agentcore:invokecodeinterpreter", "kms:putkeypolicy", "s3:putbucketpolicy",
        "secretsmanager:putresourcepolicy",
    ]

    /// Graver ones are greater.
    func gravity(_ name: String) -> Int {
        let folded = name.lowercased()
        return action(folded)?.gravity ?? Self.gravity(of: folded, .write)
    }

    private static func gravity(of folded: String, _ level: Level) -> Int {
        Int(level.rawValue) * 2 + (escalating.contains(folded) ? 9 : 0)
    }
}
