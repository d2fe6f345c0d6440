/// Requests as a product of sets: some actions on some resources by some principals under some conditions.
///
/// What a statement is about, or what two of them have in common.
struct AccessBox {
    /// Numbers of the statements it comes from, in their documents.
    var statements: [Int]
    /// The statement, if it is just one.
    var source: PolicyStatement?
    var actions: [ActionPattern]
    var exceptActions: [ActionPattern] = []
    var resources: [ResourcePattern]
    var exceptResources: [ResourcePattern] = []
    /// Numbers of principals in the comparison's list.
    var principals: StatementSet
    var conditions: [PolicyCondition]
    var conditionKey: String

    init(_ statement: PolicyStatement, principals: StatementSet) {
        statements = [statement.index]
        source = statement
        let everyAction = statement.actions.isComplement
        actions = everyAction ? [ActionPattern("*")] : statement.actions.elements
        exceptActions = (everyAction ? statement.actions.elements : []) + statement.exceptActions
        let everyResource = statement.resources.isComplement
        resources = everyResource ? [ResourcePattern("*")] : statement.resources.elements
        exceptResources = everyResource ? statement.resources.elements : []
        self.principals = principals
        conditions = statement.conditions
        conditionKey = statement.conditionKey
    }

    /// What both are about; `nil` where that would be too many patterns.
    func intersection(_ other: AccessBox, _ reading: ResourceReading) -> AccessBox? {
        var box = self
        box.statements += other.statements
        box.source = nil
        box.actions = []
        box.resources = []
        for mine in actions {
            for theirs in other.actions {
                guard let found = mine.pattern.intersection(theirs.pattern) else { return nil }
                box.actions += found.map { ActionPattern($0) }
            }
            if box.actions.count > 4_096 { return nil }
        }
        for mine in resources {
            for theirs in other.resources {
                guard let found = mine.intersection(theirs, reading) else { return nil }
                box.resources += found
            }
            if box.resources.count > 4_096 { return nil }
        }
        box.exceptActions += other.exceptActions
        box.exceptResources += other.exceptResources
        box.principals = principals.intersection(other.principals)
        box.conditions += other.conditions
        box.conditionKey = [conditionKey, other.conditionKey].sorted().joined(separator: "\n&\n")
        return box
    }
}

/// A place in a box that no statement on the other side covers, under the conditions given.
struct PolicyGap {
    var box: AccessBox
    var action: [WildcardPattern.Symbol]
    /// What the action is an instance of.
    var actionPattern: ActionPattern
    var resource: ResourceText
    var resourcePattern: ResourcePattern
    /// A number in the comparison's list.
    var principal: Int
    var assignment: ConditionCover.Assignment
    var reading: ResourceReading
}
