#!/usr/bin/env python3
"""Z3 as a second judge of `martlet policy diff`.

    policy_z3.py MARTLET [--pairs N] [--seed N] [--file PAIRS.jsonl]

Makes pairs of small policies that meet often (and takes real ones from PAIRS: an object with `before` and `after` a
line, each with a `document`), asks MARTLET for its verdict of each, and asks Z3 whether a request shows otherwise. A
verdict is refuted where Z3 finds a request that was gained or lost and the verdict knows of none, or proves that there
is none where the verdict has one. What Z3 cannot decide in time, and what is not encoded here, is counted.

Shares nothing with Martlet's own procedure: requests are strings and numbers, policies formulas over them.
"""
import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import z3

LIST_MAX = 3

LETTER = z3.AllChar(z3.ReSort(z3.StringSort()))
NO_COLON = z3.Diff(LETTER, z3.Re(":"))


class NotEncoded(Exception):
    """Something that this judge does not understand: the pair is left out."""


def listed(value):
    return value if isinstance(value, list) else [value]


def expression(pattern, any_letter=LETTER, folds=False):
    """A pattern with `*` and `?` as a regular expression."""
    if "${" in pattern:
        raise NotEncoded("a policy variable")
    parts = []
    for letter in pattern:
        if letter == "*":
            parts.append(z3.Star(any_letter))
        elif letter == "?":
            parts.append(any_letter)
        elif folds and letter.lower() != letter.upper():
            parts.append(z3.Union(z3.Re(letter.lower()), z3.Re(letter.upper())))
        else:
            parts.append(z3.Re(letter))
    if not parts:
        return z3.Re("")
    return parts[0] if len(parts) == 1 else z3.Concat(*parts)


class Request:
    """The unknowns: an action, a resource, and what the keys of conditions hold."""

    def __init__(self, crosses_colons, many):
        self.crosses = crosses_colons
        # Keys that may hold more than one value: those that are asked with a set operator.
        self.many = many
        self.action = z3.String("action")
        # What is no ARN at all, and only `*` takes: how actions without a resource are asked.
        self.special = z3.Bool("special")
        self.segments = [z3.String(f"resource{i}") for i in range(6)]
        self.facts = [z3.InRe(s, z3.Star(NO_COLON)) for s in self.segments[:5]]
        self.keys = {}

    @property
    def whole(self):
        parts = []
        for i, segment in enumerate(self.segments):
            parts += [segment] + ([z3.StringVal(":")] if i < 5 else [])
        return z3.Concat(*parts)

    def takes(self, pattern):
        if pattern == "*":
            return z3.BoolVal(True)
        parts = pattern.split(":", 5)
        if 1 < len(parts) < 6 and parts[-1].endswith("*"):
            parts += ["*"] * (6 - len(parts))
        if len(parts) == 6:
            parts = [p.lower() for p in parts[:5]] + [parts[5]]
        if self.crosses or len(parts) != 6:
            match = z3.InRe(self.whole, expression(":".join(parts)))
        else:
            match = z3.And(*[z3.InRe(s, expression(p)) for s, p in zip(self.segments, parts)])
        return z3.And(z3.Not(self.special), match)

    def key(self, name, kind):
        name = name.lower()
        if name not in self.keys:
            self.keys[name] = Key(name, kind, self.facts)
            if name not in self.many:
                self.facts.append(self.keys[name].single)
        if self.keys[name].kind != kind:
            raise NotEncoded("a key that is asked as two kinds of things")
        return self.keys[name]


class Key:
    """A key of the context: absent, one value, or a list of two or three."""

    def __init__(self, name, kind, facts):
        self.kind = kind
        self.present = z3.Bool(f"{name} is there")
        self.used = [z3.Bool(f"{name} {i} is used") for i in range(LIST_MAX)]
        make = {"text": z3.String, "number": z3.Real, "address": lambda n: z3.BitVec(n, 32), "bool": z3.Int}[kind]
        self.values = [make(f"{name} {i}") for i in range(LIST_MAX)]
        self.valid = [z3.Bool(f"{name} {i} is one") for i in range(LIST_MAX)]
        self.single = z3.Bool(f"{name} is single")
        facts += [
            self.used[0], z3.Implies(self.single, z3.Not(z3.Or(*self.used[1:]))),
            z3.Implies(z3.Not(self.single), self.used[1]),
        ]


def address(text):
    net, _, bits = text.partition("/")
    parts = net.split(".")
    if len(parts) != 4:
        raise NotEncoded("an address that is no IPv4")
    number = 0
    for part in parts:
        number = number << 8 | int(part)
    bits = int(bits or 32)
    mask = (0xFFFFFFFF << (32 - bits)) & 0xFFFFFFFF
    return number & mask, mask


def arn(value, pattern):
    parts = pattern.split(":", 5)
    if len(parts) != 6:
        return z3.BoolVal(pattern == "*")
    pieces = []
    for i, part in enumerate(parts):
        pieces.append(expression(part, NO_COLON if i < 5 else LETTER, folds=i < 5))
        if i < 5:
            pieces.append(z3.Re(":"))
    return z3.InRe(value, z3.Concat(*pieces))


def one(operator, key, i, wanted):
    """Whether a value meets a positive operator's."""
    value = key.values[i]
    if operator == "StringEquals":
        return value == z3.StringVal(wanted)
    if operator == "StringEqualsIgnoreCase":
        return z3.InRe(value, expression(wanted, folds=True)) if not re.search(r"[*?]", wanted) else None
    if operator == "StringLike":
        return z3.InRe(value, expression(wanted))
    if operator in ("ArnLike", "ArnEquals"):
        return arn(value, wanted)
    if operator == "Bool":
        return z3.And(key.valid[i], value == (1 if wanted.lower() == "true" else 0))
    if operator == "IpAddress":
        number, mask = address(wanted)
        return z3.And(key.valid[i], value & mask == number)
    compare = {
        "NumericEquals": lambda a, b: a == b, "NumericLessThan": lambda a, b: a < b,
        "NumericLessThanEquals": lambda a, b: a <= b, "NumericGreaterThan": lambda a, b: a > b,
        "NumericGreaterThanEquals": lambda a, b: a >= b,
    }
    if operator in compare:
        return z3.And(key.valid[i], compare[operator](value, z3.RealVal(wanted)))
    raise NotEncoded(operator)


KINDS = {"String": "text", "Arn": "text", "Numeric": "number", "IpAddress": "address", "NotIpAddress": "address", "Bool": "bool"}


def condition(request, operator, name, wanted):
    wanted = [str(w).lower() if isinstance(w, bool) else str(w) for w in listed(wanted)]
    quantifier, _, rest = operator.rpartition(":")
    if rest == "Null":
        key = request.keys.get(name.lower()) or request.key(name, guess(name))
        return z3.Or(*[z3.Not(key.present) if w.lower() == "true" else key.present for w in wanted])
    if_exists = rest.endswith("IfExists")
    base = rest[: -len("IfExists")] if if_exists else rest
    kind = next((k for p, k in KINDS.items() if base.startswith(p)), None)
    if kind is None:
        raise NotEncoded(operator)
    negated = "Not" in base
    positive = base.replace("Not", "")
    key = request.key(name, kind)
    if any("${" in w for w in wanted):
        raise NotEncoded("a policy variable")

    def meets(i):
        hits = [one(positive, key, i, w) for w in wanted]
        if any(h is None for h in hits):
            raise NotEncoded("a star taken as a letter")
        hit = z3.Or(*hits)
        return z3.Not(hit) if negated else hit

    if quantifier == "ForAllValues":
        holds = z3.And(*[z3.Implies(u, meets(i)) for i, u in enumerate(key.used)])
        return z3.Or(z3.Not(key.present), holds)
    if quantifier == "ForAnyValue":
        holds = z3.Or(*[z3.And(u, meets(i)) for i, u in enumerate(key.used)])
        return z3.Or(z3.Not(key.present), holds) if if_exists else z3.And(key.present, holds)
    holds = z3.And(key.single, meets(0))
    absent = if_exists or negated
    return z3.Or(z3.Not(key.present), holds) if absent else z3.And(key.present, holds)


GUESSED = {"s3:max-keys": "number", "aws:sourceip": "address", "aws:securetransport": "bool"}


def guess(name):
    return GUESSED.get(name.lower(), "text")


def statement(request, given):
    def either(positive, negative, test):
        if positive in given:
            return z3.Or(*[test(p) for p in listed(given[positive])])
        return z3.Not(z3.Or(*[test(p) for p in listed(given[negative])]))

    if "Principal" in given or "NotPrincipal" in given:
        raise NotEncoded("principals")
    parts = [
        either("Action", "NotAction", lambda p: z3.InRe(request.action, expression(p.lower()))),
        either("Resource", "NotResource", request.takes),
    ]
    for operator, keys in (given.get("Condition") or {}).items():
        for name, wanted in keys.items():
            parts.append(condition(request, operator, name, wanted))
    return z3.And(*parts)


def many(policy):
    return {
        name.lower()
        for given in listed(policy.get("Statement", [])) for operator, keys in (given.get("Condition") or {}).items()
        if operator.startswith(("ForAllValues:", "ForAnyValue:")) for name in keys
    }


def sides(request, policy):
    statements = listed(policy.get("Statement", []))
    allows = [statement(request, s) for s in statements if s["Effect"] == "Allow"]
    denies = [statement(request, s) for s in statements if s["Effect"] == "Deny"]
    return z3.Or(*allows), z3.Or(*denies)


def has_gap(more, less, crosses, patience):
    """Whether `more` allows, or does not deny, what `less` does not allow, or denies: True, False, or None."""
    undecided = False
    for question in ("allowed", "undenied"):
        request = Request(crosses, many(more) | many(less))
        allow, deny = sides(request, more)
        less_allow, less_deny = sides(request, less)
        solver = z3.Solver()
        solver.set("timeout", patience)
        solver.add(*request.facts)
        # No letter stands for more than one of an action's name.
        solver.add(z3.Length(request.action) > 0)
        if question == "allowed":
            solver.add(allow, z3.Not(deny), z3.Not(less_allow))
        else:
            solver.add(less_deny, z3.Not(deny))
        answer = solver.check()
        if answer == z3.sat:
            return True
        undecided |= answer == z3.unknown
    return None if undecided else False


# Random pairs.

ACTIONS = ["s3:GetObject", "s3:Get*", "s3:*", "s3:PutObject", "s3:*Object", "s3:?etObject", "ec2:RunInstances", "ec2:*",
           "s3:G*t", "*", "S3:getobject", "iam:PassRole", "iam:*Role"]
RESOURCES = ["*", "arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3:::*", "arn:aws:s3:::a/b*", "arn:aws:s3:::a/?",
             "arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:us-east-1:1:instance/i", "arn:*:s3:::a/*",
             "arn:aws:iam::*:role/*", "arn:aws:iam::1:role/x*", "arn:aws:ec2:*", "arn:aws:iam::1:role/*:z"]
CONDITIONS = [
    (["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase",
      "StringEqualsIfExists", "StringNotLikeIfExists", "Null"], "aws:RequestTag/team", ["red", "Red", "r*", "blue", "?ed"]),
    (["ForAllValues:StringEquals", "ForAnyValue:StringEquals", "ForAllValues:StringLike",
      "ForAnyValue:StringNotEquals", "ForAllValues:StringNotLike", "StringEquals", "StringLike"], "aws:TagKeys",
     ["x", "y", "x*"]),
    (["NumericLessThan", "NumericGreaterThanEquals", "NumericNotEquals", "NumericLessThanIfExists"], "s3:max-keys",
     ["5", "10", "7"]),
    (["IpAddress", "NotIpAddress", "IpAddressIfExists"], "aws:SourceIp", ["10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0"]),
    (["Bool", "BoolIfExists"], "aws:SecureTransport", ["true", "false"]),
    (["ArnLike", "ArnNotLike", "StringLike", "StringNotEquals"], "aws:SourceArn",
     ["arn:aws:iam::1:role/*", "arn:*:iam::*:role/x", "arn:aws:iam::*", "*role/x"]),
]


def made(dice):
    def some(all_of, most):
        return [dice.choice(all_of) for _ in range(1 + dice.randrange(most))]

    statements = []
    for _ in range(1 + dice.randrange(3)):
        given = {"Effect": "Allow" if dice.random() < 0.7 else "Deny"}
        given["NotAction" if dice.random() < 0.15 else "Action"] = some(ACTIONS, 3)
        given["NotResource" if dice.random() < 0.15 else "Resource"] = some(RESOURCES, 2)
        conditions = {}
        for operators, key, values in dice.sample(CONDITIONS, dice.choice([0, 0, 1, 1, 2])):
            operator = dice.choice(operators)
            wanted = [dice.choice(["true", "false"])] if operator == "Null" else some(values, 2)
            if operator == "StringEqualsIgnoreCase":
                wanted = [w for w in wanted if not re.search(r"[*?]", w)] or ["red"]
            conditions.setdefault(operator, {})[key] = wanted
        if conditions:
            given["Condition"] = conditions
        statements.append(given)
    return {"Version": "2012-10-17", "Statement": statements}


def changed(dice, policy):
    """Mostly near the first: policies that have nothing to do with each other are decided at a glance."""
    if dice.random() < 0.3:
        return made(dice)
    other = json.loads(json.dumps(policy))
    fresh = made(dice)["Statement"]
    place = dice.randrange(len(other["Statement"]))
    kind = dice.randrange(4)
    if kind == 0:
        other["Statement"][place] = fresh[0]
    elif kind == 1:
        other["Statement"].append(fresh[0])
    elif kind == 2 and len(other["Statement"]) > 1:
        del other["Statement"][place]
    else:
        key = dice.choice([k for k in other["Statement"][place] if k != "Effect"])
        source = next((s for s in fresh if key in s), None)
        if source is not None:
            other["Statement"][place][key] = source[key]
        elif key == "Condition":
            del other["Statement"][place][key]
    return other


# Judging.

def verdict(martlet, folder, number, old, new):
    paths = []
    for name, policy in (("old", old), ("new", new)):
        path = Path(folder) / f"{number}-{name}.json"
        path.write_text(json.dumps(policy))
        paths.append(str(path))
    run = subprocess.run([martlet, "policy", "diff", "--format", "json", *paths], capture_output=True, text=True)
    if run.returncode != 0:
        raise SystemExit(f"pair {number}: {run.stderr}")
    return json.loads(run.stdout)


def judge(work):
    martlet, folder, number, old, new, patience = work
    said = verdict(martlet, folder, number, old, new)
    if said["method"] != "exact":
        return "undecided by martlet", None
    told = {"gained": said["verdict"] in ("widened", "incomparable"), "lost": said["verdict"] in ("narrowed", "incomparable")}
    late = False
    try:
        for way, more, less in (("gained", new, old), ("lost", old, new)):
            answers = [has_gap(more, less, crosses, patience) for crosses in (False, True)]
            if True in answers and not told[way]:
                return "refuted", f"{way}: Z3 has a request, the verdict is {said['verdict']}"
            if answers == [False, False] and told[way]:
                return "refuted", f"{way}: Z3 proves that there is none, the verdict is {said['verdict']}"
            late |= None in answers and True not in answers
    except NotEncoded as reason:
        return "not encoded", str(reason)
    return ("undecided by Z3" if late else "agreed"), None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("martlet")
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--patience", type=int, default=5_000, help="milliseconds for each question")
    given = parser.parse_args()
    dice = random.Random(given.seed)
    pairs = []
    for _ in range(given.pairs):
        old = made(dice)
        pairs.append((old, changed(dice, old)))
    if given.file and given.file.exists():
        for line in given.file.read_text().splitlines():
            pair = json.loads(line)
            pairs.append(tuple((pair.get(s) or {}).get("document") or {} for s in ("before", "after")))
    counts = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, (old, new) in enumerate(pairs):
            outcome, why = judge((given.martlet, folder, number, old, new, given.patience))
            counts[outcome] = counts.get(outcome, 0) + 1
            if outcome == "refuted":
                print(json.dumps({"pair": number, "why": why, "old": old, "new": new}))
    print(", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())), file=sys.stderr)
    if counts.get("refuted") or counts.get("agreed", 0) < len(pairs) * 0.8:
        sys.exit(1)


if __name__ == "__main__":
    main()
