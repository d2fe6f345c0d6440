"""A moto server with IAM authentication on, and a trail in it. Prints what a client needs as JSON; ends with its input.

Buckets `lake` (empty), `trail` (an organization's layout), `direct`, `topic` and `bus`, the last three announcing new objects to a
queue of the same name. The user may do what the documentation's policies allow, no more; another may do nothing.
"""

import json
import sys
import urllib.request

import boto3
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
endpoint = f"http://{host}:{port}"
ACCOUNT = "123456789012"


def client(service, **keys):
    return boto3.client(
        service, endpoint_url=endpoint, region_name="us-east-1",
        aws_access_key_id=keys.get("key", "setup"), aws_secret_access_key=keys.get("secret", "setup"))


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions, resources):
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def trail_key(account, region, name, prefix="org/"):
    return (f"{prefix}AWSLogs/o-exampleorg1/{account}/CloudTrail/{region}/2026/11/02/"
            f"{account}_CloudTrail_{region}_20261102T0800Z_{name}.json.gz")


s3, sqs, sns, events, iam = (client(name) for name in ["s3", "sqs", "sns", "events", "iam"])

for bucket in ["trail", "direct", "topic", "bus", "lake"]:
    s3.create_bucket(Bucket=bucket)
for account in ["111111111111", "222222222222"]:
    for region in ["us-east-1", "eu-west-1"]:
        for number in range(3):
            name = f"{account}-{region}-{number}"
            s3.put_object(Bucket="trail", Key=trail_key(account, region, name), Body=name.encode())
s3.put_object(Bucket="trail", Key="org/AWSLogs/o-exampleorg1/111111111111/CloudTrail-Digest/us-east-1/x.json.gz", Body=b"x")

queues, arns = {}, {}
for name in ["direct", "topic", "bus"]:
    queues[name] = sqs.create_queue(QueueName=name)["QueueUrl"]
    arns[name] = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"
s3.put_bucket_notification_configuration(
    Bucket="direct",
    NotificationConfiguration={"QueueConfigurations": [{"QueueArn": arns["direct"], "Events": ["s3:ObjectCreated:*"]}]})
topic = sns.create_topic(Name="trail")["TopicArn"]
sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arns["topic"])
s3.put_bucket_notification_configuration(
    Bucket="topic",
    NotificationConfiguration={"TopicConfigurations": [{"TopicArn": topic, "Events": ["s3:ObjectCreated:*"]}]})
events.put_rule(Name="trail", EventPattern=json.dumps({"source": ["aws.s3"], "detail-type": ["Object Created"]}))
events.put_targets(Rule="trail", Targets=[{"Id": "queue", "Arn": arns["bus"]}])
s3.put_bucket_notification_configuration(Bucket="bus", NotificationConfiguration={"EventBridgeConfiguration": {}})
for bucket in ["direct", "topic", "bus"]:
    for number in range(25):
        name = f"{bucket} +ü-{number}"
        s3.put_object(Bucket=bucket, Key=trail_key("111111111111", "us-east-1", name, ""), Body=f"{bucket}-{number}".encode())

user_policy = document(
    allow(["s3:ListBucket"], ["arn:aws:s3:::*"]),
    allow(["s3:GetObject"], ["arn:aws:s3:::*/*"]),
    allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"], list(arns.values())),
    allow(["sts:AssumeRole"], [f"arn:aws:iam::{ACCOUNT}:role/hub"]))


def user(name, policy):
    iam.create_user(UserName=name)
    if policy:
        iam.put_user_policy(UserName=name, PolicyName="collect", PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}


def role(name, trusted, policy):
    trust = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": trusted}}]})
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    iam.put_role_policy(RoleName=name, PolicyName="collect", PolicyDocument=policy)
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


collector = user("collector", user_policy)
stranger = user("stranger", None)
lake_objects = ["arn:aws:s3:::lake/*"]
exporter = user("exporter", document(
    allow(["s3:ListBucket"], ["arn:aws:s3:::lake"]),
    allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], lake_objects)))
reader = user("reader", document(allow(["s3:ListBucket"], ["arn:aws:s3:::lake"]), allow(["s3:GetObject"], lake_objects)))
hub = role("hub", f"arn:aws:iam::{ACCOUNT}:user/collector",
           document(allow(["sts:AssumeRole"], [f"arn:aws:iam::{ACCOUNT}:role/audit"])))
audit = role("audit", f"arn:aws:sts::{ACCOUNT}:assumed-role/hub/martlet",
             document(allow(["s3:ListBucket", "s3:GetObject"], ["arn:aws:s3:::trail", "arn:aws:s3:::trail/*"])))

urllib.request.urlopen(urllib.request.Request(
    f"{endpoint}/moto-api/reset-auth", data=b"0", method="POST", headers={"Content-Type": "text/plain"})).read()
print(json.dumps({"endpoint": endpoint, "collector": collector, "stranger": stranger,
                  "exporter": exporter, "reader": reader, "hub": hub, "audit": audit,
                  "queues": queues}), flush=True)
sys.stdin.read()
server.stop()
