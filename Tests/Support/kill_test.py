"""Kills `martlet run --once` again and again between a real S3 and SQS (moto) and a HEC, then counts.

Nothing may be missing at the receiver; what came twice must have been in a request under way at a kill, must carry
the same uid, and must be in the ledger as `resent`; the ledger must balance. Prints the figures as one JSON object.
"""
import argparse
import collections
import gzip
import json
import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import hec_server  # noqa: E402


def record(chance, number):
    names = [("s3.amazonaws.com", "GetObject"), ("iam.amazonaws.com", "CreateUser"),
             ("sts.amazonaws.com", "AssumeRole"), ("ec2.amazonaws.com", "DescribeInstances")]
    source, name = names[number % len(names)]
    account = "111122223333"
    return {
        "eventVersion": "1.10",
        "userIdentity": {"type": "IAMUser", "principalId": "AIDAEXAMPLE", "accountId": account,
                         "arn": f"arn:aws:iam::{account}:user/ada", "userName": "ada",
                         "accessKeyId": "AKIAEXAMPLE"},
        "eventTime": f"2026-01-{1 + number % 28:02d}T{number % 24:02d}:{number % 60:02d}:00Z",
        "eventSource": source, "eventName": name, "awsRegion": "eu-central-1",
        "sourceIPAddress": "192.0.2.7", "userAgent": "aws-cli/2.15", "requestParameters": {"n": number},
        "responseElements": None, "requestID": str(uuid.UUID(int=chance.getrandbits(128))),
        "eventID": str(uuid.UUID(int=chance.getrandbits(128), version=4)), "readOnly": name.startswith("Get"),
        "eventType": "AwsApiCall", "managementEvent": True, "recipientAccountId": account,
        "eventCategory": "Management",
    }


class Trail:
    """A trail's bucket and the queue that announces its objects."""

    def __init__(self, options, endpoint):
        import boto3

        keys = dict(endpoint_url=endpoint, region_name="eu-central-1",
                    aws_access_key_id="testing", aws_secret_access_key="testing")
        self.s3, self.sqs = boto3.client("s3", **keys), boto3.client("sqs", **keys)
        self.s3.create_bucket(Bucket="trail", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        self.queue = self.sqs.create_queue(QueueName="trail", Attributes={"VisibilityTimeout": "5"})["QueueUrl"]
        self.chance = random.Random(options.seed)
        self.records = options.records
        self.objects = 0
        self.uids = []

    def add(self, count):
        """Puts so many objects and their notifications."""
        for number in range(self.objects, self.objects + count):
            records = [record(self.chance, number * self.records + n) for n in range(self.records)]
            self.uids += [r["eventID"] for r in records]
            body = gzip.compress(json.dumps({"Records": records}).encode())
            key = ("AWSLogs/111122223333/CloudTrail/eu-central-1/2026/01/01/"
                   f"111122223333_CloudTrail_{number:05d}.json.gz")
            self.s3.put_object(Bucket="trail", Key=key, Body=body)
            note = {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "eu-central-1",
                                 "eventName": "ObjectCreated:Put",
                                 "s3": {"bucket": {"name": "trail"}, "object": {"key": key, "size": len(body)}}}]}
            self.sqs.send_message(QueueUrl=self.queue, MessageBody=json.dumps(note))
        self.objects += count

    def left(self):
        """Messages that nobody has deleted."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        values = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=names)["Attributes"]
        return sum(int(values[name]) for name in names)


def pipeline(folder, endpoint, queue, port):
    path = os.path.join(folder, "kill.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"""
name: kill-test
collectors:
  trail: {{feed: aws.cloudtrail, from: s3_sqs, queue: "{queue}", region: eu-central-1,
          endpoint: "{endpoint}", visibility: 5s, wait: 1s}}
exporters:
  siem: {{to: splunk_hec, url: "http://127.0.0.1:{port}", token: "${{env:HEC_TOKEN}}",
         receives: [events], batch: {{rows: 50, age: 100ms}}}}
""")
    return path


def check(options, uids, seen, kills, ledger):
    """What does not hold, and the figures."""
    wrong = []
    counts = collections.Counter(seen.uids())
    missing = [uid for uid in uids if uid not in counts]
    strange = [uid for uid in counts if uid not in set(uids)]
    repeats = {uid: count - 1 for uid, count in counts.items() if count > 1}
    if missing:
        wrong.append(f"{len(missing)} events never arrived, such as {missing[0]}")
    if strange:
        wrong.append(f"{len(strange)} events arrived that nobody sent, such as {strange[0]}")
    # A repeated event's earlier request must have been unanswered, or answered too shortly before a kill for its
    # verdict to be on disk.
    late = 0
    for uid in repeats:
        requests = [r for r in seen.requests if uid in r["uids"]]
        for request in requests[:-1]:
            end = request["end"] or float("inf")
            if not any(request["start"] <= kill + 0.05 and end >= kill - options.slack for kill in kills):
                late += 1
    if late:
        wrong.append(f"{late} repeats were not of requests under way at a kill")
    rows = [row for row in ledger if row.get("exporters")]
    accepted = sum(row["exporters"]["siem"]["accepted"] for row in rows)
    resent = sum(row["exporters"]["siem"]["resent"] for row in rows)
    events = sum(row["events"] for row in rows)
    if accepted != len(uids) or events != len(uids):
        wrong.append(f"the ledger has {events} events and {accepted} accepted, not {len(uids)}")
    if resent < sum(repeats.values()):
        wrong.append(f"{sum(repeats.values())} repeats, but the ledger counts {resent} as resent")
    figures = {"kills": len(kills), "events": len(uids), "arrived": len(counts), "missing": len(missing),
               "repeats": sum(repeats.values()), "resent": resent, "accepted": accepted,
               "requests": len(seen.requests)}
    return wrong, figures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", default=".build/debug/martlet")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--objects", type=int, default=8, help="objects put before each run")
    parser.add_argument("--records", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slack", type=float, default=0.5, help="seconds between an answer and its verdict on disk")
    parser.add_argument("--longest", type=float, default=1.0, help="seconds a run may live before it is killed")
    options = parser.parse_args()
    from moto.server import ThreadedMotoServer

    # moto's queue answers 500 where two requests race in it: one more trouble to get over, told by the verdict alone.
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    endpoint = "http://127.0.0.1:%d" % moto.get_host_and_port()[1]
    trail = Trail(options, endpoint)
    seen = hec_server.Collected("kill-test-token", seed=options.seed, delay=0.3, trouble=0.05)
    _, port = hec_server.start(seen)

    chance = random.Random(options.seed)
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": "testing",
                   "AWS_SECRET_ACCESS_KEY": "testing", "HEC_TOKEN": seen.token,
                   "AWS_EC2_METADATA_DISABLED": "true"}
    with tempfile.TemporaryDirectory() as folder:
        path = pipeline(folder, endpoint, trail.queue, port)
        state = os.path.join(folder, "state")
        command = [options.binary, "run", path, "--once", "--state", state, "--log-format", "json"]
        kills, finished = [], 0
        log = open(os.path.join(folder, "log"), "wb")
        deadline = time.time() + 1_200
        while len(kills) < options.kills and time.time() < deadline:
            trail.add(options.objects)
            child = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            try:
                child.wait(timeout=0.05 + chance.random() * options.longest)
                finished += 1
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                child.wait()
                kills.append(time.time())
        status = None
        while time.time() < deadline:
            status = subprocess.run(command, env=environment, stdout=log, stderr=log, timeout=600).returncode
            if status not in (0, 1) or (status == 0 and trail.left() == 0):
                break
            time.sleep(0.5)
        log.close()
        with open(log.name, encoding="utf-8", errors="replace") as file:
            tail = file.readlines()[-20:]
        printed = subprocess.run(
            [options.binary, "ledger", "--state", state, "--format", "json"],
            env=environment, capture_output=True, text=True)
        ledger = [json.loads(line) for line in printed.stdout.splitlines() if line.strip()]
    moto.stop()
    wrong, figures = check(options, trail.uids, seen, kills, ledger)
    figures.update({"last_status": status, "ledger_status": printed.returncode, "finished_early": finished,
                    "queue_troubles": seen.troubled})
    if status != 0:
        wrong.append(f"the last run ended with status {status}")
    if printed.returncode != 0:
        wrong.append(f"martlet ledger ended with status {printed.returncode}: {printed.stderr.strip()}")
    print(json.dumps(figures))
    for line in wrong:
        print(f"wrong: {line}", file=sys.stderr)
    if wrong:
        sys.stderr.writelines(tail)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
