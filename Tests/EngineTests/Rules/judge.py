"""Says which rules match which records, by pySigma's reading of the rules. Reads a JSON object with `rules` (YAML texts)
and `records` from the file named; prints, for each rule, the numbers of the records that it matches, or "refused".
"""
import ipaddress
import json
import re
import sys

from sigma.collection import SigmaCollection
from sigma.conditions import (ConditionAND, ConditionFieldEqualsValueExpression, ConditionNOT, ConditionOR)
from sigma.exceptions import SigmaError
from sigma.types import (SigmaBool, SigmaCIDRExpression, SigmaCasedString, SigmaCompareExpression, SigmaExists,
                         SigmaExpansion, SigmaFieldReference, SigmaNull, SigmaNumber, SigmaRegularExpression,
                         SigmaString, SpecialChars)

MISSING = object()


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


def pattern(string, flags):
    out = ""
    for part in string.s:
        if part == SpecialChars.WILDCARD_MULTI:
            out += ".*"
        elif part == SpecialChars.WILDCARD_SINGLE:
            out += "."
        else:
            out += re.escape(str(part))
    return re.compile(out + r"\Z", flags | re.DOTALL)


def one(expected, value):
    if isinstance(expected, SigmaNull):
        return value is None
    if value is None:
        return False
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
            flags |= getattr(re, {"i": "I", "m": "M", "s": "S"}.get(str(flag.value)[:1].lower(), "I"))
        return bool(re.search(str(expected.regexp.to_plain() if hasattr(expected.regexp, "to_plain")
                                  else expected.regexp), text(value), flags))
    if isinstance(expected, SigmaCIDRExpression):
        try:
            return ipaddress.ip_address(text(value)) in ipaddress.ip_network(expected.cidr, strict=False)
        except ValueError:
            return False
    if isinstance(expected, SigmaCompareExpression):
        try:
            number = float(text(value))
        except ValueError:
            return False
        limit = float(expected.number.number)
        operator = expected.op.name
        return {"LT": number < limit, "LTE": number <= limit, "GT": number > limit, "GTE": number >= limit}[operator]
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
    assert isinstance(node, ConditionFieldEqualsValueExpression), type(node).__name__
    found = values(record, node.field)
    if isinstance(node.value, SigmaExists):
        return bool(found) == bool(node.value)
    if isinstance(node.value, SigmaNull) and not found:
        return True
    if isinstance(node.value, SigmaFieldReference):
        others = values(record, node.value.field)
        return any(text(a).lower() == text(b).lower() for a in found for b in others
                   if a is not None and b is not None)
    return any(one(node.value, value) for value in found)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        work = json.load(file)
    for rule_text in work["rules"]:
        try:
            rule = SigmaCollection.from_yaml(rule_text).rules[0]
            parsed = [condition.parsed for condition in rule.detection.parsed_condition]
        except SigmaError as error:
            print(json.dumps("refused: " + str(error)))
            continue
        print(json.dumps([n for n, record in enumerate(work["records"]) if any(holds(c, record) for c in parsed)]))


main()
