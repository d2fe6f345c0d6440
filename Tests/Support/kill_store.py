#!/usr/bin/env python3
"""Kills a pipeline with SIGKILL again and again while it fills its event store and merges it, then counts.

usage: kill_store.py MARTLET [--kills N] [--seed N] [--mib N]

Every event must be in the store once, with its record; `store verify` must find every segment whole.
"""
import argparse
import glob
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PIPELINE = """\
name: killed
collectors: {{in: {{feed: aws.cloudtrail, from: files, paths: ["{logs}"], interval: 1s}}}}
rules: []
store: {{seal: {{rows: 100, age: 1s}}}}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("martlet")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mib", type=int, default=24)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    folder = tempfile.mkdtemp(prefix="martlet-kill-store-")
    made, logs, state = (os.path.join(folder, name) for name in ("made", "logs", "state"))
    subprocess.run([options.martlet, "generate", "--seed", str(options.seed), "--out", made, "--mib",
                    str(options.mib), "--quiet"], check=True)
    os.makedirs(logs)
    files = sorted(glob.glob(made + "/**/*.json.gz", recursive=True))
    pipeline = os.path.join(folder, "pipeline.yaml")
    with open(pipeline, "w") as file:
        file.write(PIPELINE.format(logs=logs))

    moved = 0
    for kill in range(options.kills):
        upto = len(files) * (kill + 1) // options.kills
        for path in files[moved:upto]:
            os.rename(path, os.path.join(logs, f"{moved:06}.json.gz"))
            moved += 1
        run = subprocess.Popen([options.martlet, "run", pipeline, "--state", state, "--quiet"],
                               stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(0.05, 1.2))
        run.send_signal(signal.SIGKILL)
        run.wait()
    last = subprocess.run([options.martlet, "run", pipeline, "--once", "--state", state, "--quiet"],
                          capture_output=True, text=True)
    if last.returncode:
        sys.exit(f"the last run ended with {last.returncode}: {last.stderr}")

    expected = subprocess.run([options.martlet, "normalize", "--feed", "aws.cloudtrail", "--quiet", logs],
                              capture_output=True, text=True, check=True).stdout.splitlines()
    wanted = {json.loads(line)["metadata"]["uid"] for line in expected}
    answer = subprocess.run([options.martlet, "query", "--state", state, "--format", "ndjson", "--raw", "--quiet"],
                            capture_output=True, text=True)
    stored = [json.loads(line) for line in answer.stdout.splitlines()]
    uids = [event["metadata"]["uid"] for event in stored]
    verify = subprocess.run([options.martlet, "store", "verify", "--state", state], capture_output=True, text=True)
    ledger = subprocess.run([options.martlet, "ledger", "--state", state, "--quiet"], capture_output=True)
    missing, twice = len(wanted - set(uids)), len(uids) - len(set(uids))
    bare = sum("raw_data" not in event for event in stored)
    print(f"seed {options.seed}: {options.kills} kills, {len(wanted)} events, {missing} missing, {twice} twice, "
          f"{bare} without their record; verify {verify.returncode}, ledger {ledger.returncode}; "
          f"{verify.stderr.strip()}")
    if missing or twice or bare or verify.returncode or ledger.returncode or answer.returncode:
        sys.exit(f"left in {folder}: {verify.stdout}{answer.stderr}")
    shutil.rmtree(folder)


main()
