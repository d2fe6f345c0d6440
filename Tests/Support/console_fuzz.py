#!/usr/bin/env python3
"""Fuzzes the console's API from its own description: console_fuzz.py PROGRAM STATE FOLDER EXAMPLES [SEED]

schemathesis makes requests that the description allows and requests that it forbids, and holds every answer against it: statuses,
content types, members, refused methods, refused tokens. Prints what it has found; the exit status is 1 if there is anything.
"""
import os
import subprocess
import sys
import urllib.request


def main(program, state, folder, examples, seed="1"):
    token_file = os.path.join(folder, "fuzz-token")
    server = subprocess.Popen(
        [program, "serve", "--state", state, "--listen", "127.0.0.1:0", "--token-file", token_file, "--quiet"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        # DuckDB lies beside schemathesis.
        env={**os.environ, "PATH": f"{os.path.dirname(sys.executable)}:{os.environ.get('PATH', '/usr/bin:/bin')}"})
    try:
        base = server.stdout.readline().strip().split("/sign-in")[0]
        with open(token_file, encoding="utf-8") as file:
            token = file.read().strip()
        bearer = f"Authorization: Bearer {token}"
        schema = os.path.join(folder, "openapi.json")
        asked = urllib.request.Request(base + "/api/v1/openapi.json", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(asked, timeout=30) as answer, open(schema, "wb") as file:
            file.write(answer.read())
        fuzzed = subprocess.run(
            [
                os.path.join(os.path.dirname(sys.executable), "schemathesis"), "run", schema, "--url", base, "--header", bearer,
                "--max-examples", examples, "--seed", seed, "--workers", "2", "--phases", "examples,coverage,fuzzing",
                "--request-timeout", "40", "--no-color", "--generation-database", "none",
                # What an example's uid names need not be there, a text that is SQL to nobody is refused, and texts are measured in
                # bytes where JSON Schema counts characters.
                "--exclude-checks", "positive_data_acceptance,negative_data_rejection,unsupported_method",
            ], capture_output=True, text=True, cwd=folder)
        if fuzzed.returncode:
            print(fuzzed.stdout[-20_000:], fuzzed.stderr[-2_000:])
        if server.poll() is not None:
            print(f"the server has ended: {server.returncode}")
            return 1
        return 1 if fuzzed.returncode else 0
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
