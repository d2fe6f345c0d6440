"""Says which rules match which records, by pySigma's reading of the rules. Reads a JSON object with `rules` (YAML texts),
`records` and `placeholders` from the file named; prints, for each rule, the numbers of the records that it matches, or
"refused". What pySigma leaves to its backends is written out here after the text of Sigma 2.1: keywords are looked for in
the whole record, `neq` is the negation of its item, parts of a time are taken in UTC.
"""
import datetime
import ipaddress
import json
import re
import sys

from sigma.collection import SigmaCollection
from sigma.conditions import (ConditionAND, ConditionFieldEqualsValueExpression, ConditionNOT, ConditionOR,
                              ConditionValueExpression)
from sigma.exceptions import SigmaError
from sigma.types import (SigmaBool, SigmaCIDRExpression, SigmaCasedString, SigmaCompareExpression, SigmaExists,
                         SigmaExpansion, SigmaFieldReference, SigmaNull, SigmaNumber, SigmaRegularExpression,
                         SigmaString, SigmaTimestampPart, SpecialChars)

PLACEHOLDERS = {}


def values(record, path):
    found = [record]
    for key in path.split("."):
        step = []
        for item in found:
            for inner in item if isinstance(item, list) else [item]:
                if isinstance(inner, dict) and key in inner:
                    step.append(inner[key])
        found = step
    flat = []
    for item in found:
        flat.extend(item if isinstance(item, list) else [item])
    return flat


def text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value, separators=(",", ":"))
    return str(value)


def pattern(string, flags, isOpen=False):
    out = ""
    for part in string.s:
        if part == SpecialChars.WILDCARD_MULTI:
            out += ".*"
        elif part == SpecialChars.WILDCARD_SINGLE:
            out += "."
        else:
            out += re.escape(str(part))
    return re.compile(out if isOpen else out + r"\Z", flags | re.DOTALL)


def resolved(string):
    return string.replace_placeholders(lambda placeholder: [SigmaString(text) for text in PLACEHOLDERS[placeholder.name]])


def part(kind, value):
    try:
        time = datetime.datetime.fromisoformat(text(value).replace("Z", "+00:00")).astimezone(datetime.timezone.utc)
    except ValueError:
        return None
    name = kind.name.lower()
    return float(time.isocalendar().week if name == "week" else getattr(time, name))


def compared(operator, number, limit):
    return {"LT": number < limit, "LTE": number <= limit, "GT": number > limit, "GTE": number >= limit,
            "NEQ": number == limit}[operator]


def one(expected, value):
    if isinstance(expected, SigmaNull):
        return value is None
    if value is None:
        return False
    if isinstance(expected, SigmaString) and expected.contains_placeholder():
        return any(one(inner, value) for inner in resolved(expected))
    if isinstance(expected, SigmaTimestampPart):
        return part(expected.timestamp_part, value) == float(expected.number)
    if isinstance(expected, SigmaCasedString):
        return bool(pattern(expected, 0).match(text(value)))
    if isinstance(expected, SigmaString):
        return bool(pattern(expected, re.IGNORECASE).match(text(value)))
    if isinstance(expected, SigmaBool):
        return text(value).lower() == ("true" if expected.boolean else "false")
    if isinstance(expected, SigmaNumber):
        return text(value) == str(expected.number)
    if isinstance(expected, SigmaRegularExpression):
        flags = 0
        for flag in expected.flags:
            flags |= getattr(re, flag.name)
        return bool(re.search(str(expected.regexp.to_plain() if hasattr(expected.regexp, "to_plain")
                                  else expected.regexp), text(value), flags))
    if isinstance(expected, SigmaCIDRExpression):
        try:
            return ipaddress.ip_address(text(value)) in ipaddress.ip_network(expected.cidr, strict=False)
        except ValueError:
            return False
    if isinstance(expected, SigmaCompareExpression):
        if isinstance(expected.number, SigmaTimestampPart):
            number = part(expected.number.timestamp_part, value)
            return number is not None and compared(expected.op.name, number, float(expected.number.number))
        if expected.op.name == "NEQ":
            return text(value) == str(expected.number.number)
        try:
            number = float(text(value))
        except ValueError:
            return False
        return compared(expected.op.name, number, float(expected.number.number))
    if isinstance(expected, SigmaExpansion):
        return any(one(inner, value) for inner in expected.values)
    raise TypeError(type(expected).__name__)


def holds(node, record):
    if isinstance(node, ConditionAND):
        return all(holds(inner, record) for inner in node.args)
    if isinstance(node, ConditionOR):
        return any(holds(inner, record) for inner in node.args)
    if isinstance(node, ConditionNOT):
        return not holds(node.args[0], record)
    if isinstance(node, ConditionValueExpression):
        whole = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        if isinstance(node.value, SigmaNumber):
            return str(node.value.number) in whole
        if isinstance(node.value, SigmaBool):
            return text(node.value.boolean) in whole.lower()
        return bool(pattern(node.value, re.IGNORECASE, isOpen=True).search(whole))
    assert isinstance(node, ConditionFieldEqualsValueExpression), type(node).__name__
    found = values(record, node.field)
    if isinstance(node.value, SigmaExists):
        return bool(found) == bool(node.value)
    if isinstance(node.value, SigmaNull) and not found:
        return True
    if isinstance(node.value, SigmaFieldReference):
        others = values(record, node.value.field)
        starts, ends = node.value.starts_with, node.value.ends_with
        like = (str.__contains__ if starts and ends else str.startswith if starts else str.endswith if ends
                else str.__eq__)
        return any(like(text(a).lower(), text(b).lower()) for a in found for b in others
                   if a is not None and b is not None)
    isMet = any(one(node.value, value) for value in found)
    isNegated = isinstance(node.value, SigmaCompareExpression) and node.value.op.name == "NEQ"
    return not isMet if isNegated else isMet


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        work = json.load(file)
    PLACEHOLDERS.update(work["placeholders"])
    for rule_text in work["rules"]:
        try:
            rule = SigmaCollection.from_yaml(rule_text).rules[0]
            parsed = [condition.parsed for condition in rule.detection.parsed_condition]
        except SigmaError as error:
            print(json.dumps("refused: " + str(error)))
            continue
        print(json.dumps([n for n, record in enumerate(work["records"]) if any(holds(c, record) for c in parsed)]))


main()
