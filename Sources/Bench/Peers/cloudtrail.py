#!/usr/bin/env python3
"""The same job in plain Python with orjson: CloudTrail objects in, OCSF as zstd'd NDJSON out.

usage: cloudtrail.py CORPUS_DIR OUT.ndjson.zst
"""
import glob
import gzip
import sys
from datetime import datetime

import orjson
import zstandard

VERBS = (("Create", 1), ("Run", 1), ("Put", 1), ("Get", 2), ("Describe", 2), ("List", 2), ("Head", 2),
         ("Lookup", 2), ("Update", 3), ("Modify", 3), ("Delete", 4))
LOGONS = {"ConsoleLogin", "AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "GetSessionToken",
          "GetFederationToken"}
CAPTIONS = {3002: "Authentication", 3007: "User Management", 6003: "API Activity"}


def present(record):
    """Without null members and empty objects, as an OCSF writer leaves them out."""
    return {k: v for k, v in record.items() if v is not None and v != {}}


def event(r):
    identity = r.pop("userIdentity", None) or {}
    context = identity.pop("sessionContext", None) or {}
    attributes = context.pop("attributes", None) or {}
    issuer = context.pop("sessionIssuer", None) or {}
    request = r.pop("requestParameters", None)
    name, source = r.pop("eventName", ""), r.pop("eventSource", "")
    error = r.pop("errorCode", None)
    user = None
    if name in LOGONS:
        uid, activity = 3002, 1
        user = {"uid": (request or {}).get("roleArn"), "name": (request or {}).get("roleSessionName")}
    elif source == "iam.amazonaws.com" and "User" in name:
        uid, activity = 3007, 2
        user = {"name": (request or {}).get("userName")}
    else:
        uid, activity = 6003, next((a for verb, a in VERBS if name.startswith(verb)), 99)
    time = datetime.fromisoformat(r.pop("eventTime").replace("Z", "+00:00"))
    tls = r.pop("tlsDetails", None) or {}
    out = {
        "class_uid": uid, "class_name": CAPTIONS[uid], "category_uid": uid // 1000, "activity_id": activity,
        "type_uid": uid * 100 + activity, "severity_id": 1, "severity": "Informational",
        "time": int(time.timestamp() * 1000), "status_id": 2 if error else 1,
        "metadata": present({
            "version": "1.9.0", "profiles": ["cloud"], "uid": r.pop("eventID", None),
            "event_code": r.pop("eventType", None), "log_version": r.pop("eventVersion", None),
            "product": {"name": "CloudTrail", "vendor_name": "AWS",
                        "feature": {"name": r.pop("eventCategory", None)}}}),
        "actor": present({
            "user": present({
                "uid": identity.pop("arn", None), "uid_alt": identity.pop("principalId", None),
                "name": identity.pop("userName", None), "credential_uid": identity.pop("accessKeyId", None),
                "account": present({"uid": identity.pop("accountId", None)})}),
            "session": present({
                "created_time_dt": attributes.pop("creationDate", None),
                "is_mfa": attributes.pop("mfaAuthenticated", None), "issuer": issuer.pop("arn", None)}),
            "invoked_by": identity.pop("invokedBy", None)}),
        "api": present({
            "operation": name, "service": {"name": source}, "version": r.pop("apiVersion", None),
            "request": present({"uid": r.pop("requestID", None), "data": request}),
            "response": present({"data": r.pop("responseElements", None), "error": error,
                                 "message": r.pop("errorMessage", None)})}),
        "cloud": {"provider": "AWS", "region": r.pop("awsRegion", None),
                  "account": {"uid": r.pop("recipientAccountId", None)}},
        "src_endpoint": present({"ip": r.pop("sourceIPAddress", None), "uid": r.pop("vpcEndpointId", None)}),
        "http_request": present({"user_agent": r.pop("userAgent", None)}),
        "tls": present({"version": tls.pop("tlsVersion", None), "cipher": tls.pop("cipherSuite", None)}),
        "resources": [present({"uid": x.get("ARN"), "type": x.get("type"),
                               "owner": {"account": {"uid": x.get("accountId")}}})
                      for x in r.pop("resources", None) or []] or None,
    }
    if user:
        out["user"] = present(user)
    left = present({"userIdentity": present({**identity, "sessionContext": present(
        {**context, "attributes": attributes, "sessionIssuer": issuer})}), "tlsDetails": tls, **r})
    if left:
        out["unmapped"] = left
    return present(out)


def main():
    corpus, target = sys.argv[1:]
    with open(target, "wb") as file, zstandard.ZstdCompressor(level=1).stream_writer(file) as out:
        for path in sorted(glob.glob(corpus + "/*.json.gz")):
            with gzip.open(path) as source:
                records = orjson.loads(source.read())["Records"]
            out.write(b"".join(orjson.dumps(event(r)) + b"\n" for r in records))


main()
