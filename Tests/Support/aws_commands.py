"""Says what the AWS tools would object to in commands, a line each on standard input, without sending anything."""

import shlex
import sys

from awscli.clidriver import create_clidriver

driver = create_clidriver()
services = driver.subcommand_table if hasattr(driver, "subcommand_table") else driver._get_command_table()
common = {"region", "profile", "output", "query", "endpoint-url"}
wrong = 0


def complaint(line):
    words = shlex.split(line)
    if words[0] != "aws" or len(words) < 3 or words[1] not in services:
        return "no such service"
    service = services[words[1]]
    operations = service.create_help_command().command_table
    if words[2] not in operations:
        return "no such operation"
    if words[3:] == ["help"]:
        return None
    arguments = operations[words[2]].arg_table
    given = [word[2:].split("=", 1)[0] for word in words[3:] if word.startswith("--")]
    for name in given:
        if name not in arguments and name not in common:
            return f"no option --{name}"
    missing = [name for name, argument in arguments.items() if argument.required and name not in given]
    return f"without --{missing[0]}" if missing else None


for line in sys.stdin:
    found = complaint(line.strip())
    if found:
        wrong += 1
        print(f"{found}: {line.strip()}")
sys.exit(1 if wrong else 0)
