#!/usr/bin/env python3
"""The same job in plain Python with orjson: CloudTrail objects in, OCSF as zstd'd NDJSON out, with the same fields.

usage: cloudtrail.py CORPUS_DIR OUT.ndjson.zst
"""
import glob
import gzip
import os
import re
import sys
from datetime import datetime

import orjson
import zstandard

VERBS = (
    (1, ("Create", "Run", "Put", "Add", "Allocate", "Copy", "Import", "Issue", "Launch", "Publish", "Register", "Request",
         "Upload", "BatchCreate", "BatchPut")),
    (2, ("Get", "Describe", "List", "Head", "BatchGet", "BatchDescribe", "Lookup", "Query", "Scan", "Search", "Select",
         "Simulate", "View", "Download", "Export")),
    (3, ("Update", "Modify", "Set", "Change", "Replace", "Reset", "Restore", "Rotate", "Move", "Enable", "Disable",
         "Attach", "Detach", "Associate", "Disassociate", "Authorize", "Revoke", "Tag", "Untag", "Start", "Stop",
         "Reboot")),
    (4, ("Delete", "BatchDelete", "Remove", "Deregister", "Release", "Terminate", "Purge")))
CLASSES = {3002: "Authentication", 3004: "Entity Management", 3006: "Group Management", 3007: "User Management",
           3008: "Role Management", 6003: "API Activity"}
CATEGORIES = {3: "Identity & Access Management", 6: "Application Activity"}
ACTIVITIES = {
    3002: {1: "Logon", 2: "Logoff", 3: "Authentication Ticket", 4: "Service Ticket Request", 7: "Account Switch"},
    3004: {1: "Create", 2: "Read", 3: "Update", 4: "Delete", 5: "Move", 6: "Enroll", 7: "Unenroll", 8: "Enable", 9: "Disable"},
    3006: {1: "Assign Privileges", 2: "Revoke Privileges", 3: "Add User", 4: "Remove User", 5: "Delete", 6: "Create",
           9: "Update", 10: "Attach Policies", 11: "Detach Policies", 12: "Assign Roles", 13: "Remove Roles"},
    3007: {1: "Create", 2: "Update", 3: "Delete", 4: "Enable", 5: "Disable", 8: "Password Change", 9: "Password Reset",
           10: "Attach Policies", 11: "Detach Policies", 12: "Enable MFA Factors", 13: "Disable MFA Factors",
           14: "Assign Privileges", 15: "Remove Privileges", 16: "Assign Roles", 17: "Remove Roles",
           18: "Add Programmatic Credentials", 19: "Remove Programmatic Credentials"},
    3008: {1: "Create", 2: "Update", 3: "Delete", 6: "Assign Resources", 7: "Remove Resources", 8: "Attach Policies",
           9: "Detach Policies"},
    6003: {1: "Create", 2: "Read", 3: "Update", 4: "Delete"}}
# Where observables are found: (path, type, its caption).
OBSERVABLES = (
    ("cloud.account.uid", 35, "Account UID"), ("http_request.user_agent", 16, "HTTP User-Agent"),
    ("src_endpoint.ip", 2, "IP Address"), ("src_endpoint.uid", 48, "Network Endpoint UID"),
    ("dst_endpoint.hostname", 1, "Hostname"), ("actor.user.uid", 31, "User UID"), ("actor.user.name", 4, "User Name"),
    ("actor.user.account.uid", 35, "Account UID"), ("actor.session.credential_uid", 19, "User Credential ID"),
    ("actor.iam_role.name", 49, "IAM Role Name"), ("actor.iam_role.uid", 50, "IAM Role UID"),
    ("actor.iam_role.account.uid", 35, "Account UID"), ("user.name", 4, "User Name"), ("user.uid", 31, "User UID"),
    ("user.account.uid", 35, "Account UID"), ("session.credential_uid", 19, "User Credential ID"),
    ("iam_role.name", 49, "IAM Role Name"), ("iam_role.uid", 50, "IAM Role UID"),
    ("iam_role.account.uid", 35, "Account UID"))
OBSERVED = tuple((path, tuple(path.split(".")), number, caption) for path, number, caption in OBSERVABLES)
ADDRESS = re.compile(r"[0-9.]+$|[0-9a-fA-F:]*:[0-9a-fA-F:.]*$")


def classes():
    """The table of what is not told by its verb, as the other peer has it."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "cloudtrail.tql")) as file:
        table = file.read().split("let $classes = {")[1].split("}")[0]
    return {name: int(number) for name, number in re.findall(r'"([^"]+)": ([0-9]+)', table)}


TABLE = classes()


def present(record):
    """Without null members and empty objects, as an OCSF writer leaves them out."""
    return {k: v for k, v in record.items() if v is not None and v != {}}


def moment(text):
    return None if text is None else int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


def type_of(source, name):
    known = TABLE.get(f"{source}/{name}")
    if known is not None:
        return known
    return 600300 + next((number for number, verbs in VERBS if name.startswith(verbs)), 99)


def account(uid):
    return {"uid": uid, "type_id": 10, "type": "AWS Account"} if uid else {}


def endpoint(r, identity, source):
    address = r.pop("sourceIPAddress", None)
    out = {"uid": r.pop("vpcEndpointId", None)}
    if address is None:
        out["svc_name"] = identity.get("invokedBy") or source
    elif ADDRESS.match(address):
        out["ip"] = address
    else:
        out["svc_name"] = address
        if address.endswith(".amazonaws.com"):
            out["domain"] = address
    return present(out)


def actor(identity, attributes, issuer):
    kind, arn, key = identity.pop("type", None), identity.pop("arn", None), identity.pop("accessKeyId", None)
    invoked_by, name = identity.pop("invokedBy", None), identity.pop("userName", None)
    role = None
    if kind == "AWSService":
        name = invoked_by
    elif kind == "AssumedRole":
        name = arn.split("/")[-1] if arn else None
        role = present({"name": issuer.get("userName"), "uid": issuer.get("arn"), "uid_alt": issuer.get("principalId"),
                        "account": present({"uid": issuer.get("accountId")})})
    elif kind in ("Root", "FederatedUser") and arn:
        name = name or arn.split("/")[-1]
    principal, created = identity.pop("principalId", None), attributes.get("creationDate")
    return present({
        "app_name": invoked_by,
        "user": present({
            "type_id": 99 if kind else None, "type": kind, "uid": arn or principal, "uid_alt": principal, "name": name,
            "account": account(identity.pop("accountId", None)),
            "programmatic_credentials": [{"uid": key, "type": "AWS Access Key"}] if key else None}),
        "session": present({
            "credential_uid": key, "created_time": moment(created), "created_time_dt": created,
            "is_mfa": attributes.get("mfaAuthenticated"), "issuer": issuer.get("arn")}),
        "iam_role": role})


def entities(out, name, request, response, extra, owner):
    """The classes' own fields."""
    kind, user = out["class_uid"], out["actor"].get("user", {})
    if kind == 3002:
        out["service"], out["is_remote"] = {"name": out["api"]["service"]["name"]}, True
        if name == "ConsoleLogin":
            out["logon_type_id"], out["logon_type"] = 2, "Interactive"
            if response.get("ConsoleLogin") == "Failure":
                out["status_id"] = 2
        out["is_mfa"] = {"Yes": True, "No": False}.get(extra.get("MFAUsed"))
        assumed, given = response.get("assumedRoleUser") or {}, (response.get("credentials") or {}).get("accessKeyId")
        if name.startswith("AssumeRole"):
            role = request.get("roleArn")
            out["user"] = present({
                "uid": role or user.get("uid"), "uid_alt": assumed.get("assumedRoleId"),
                "name": request.get("roleSessionName"),
                "account": present({"uid": role.split(":")[4] if role else owner})})
            out["session"] = present({"uid": assumed.get("arn"), "uid_alt": assumed.get("assumedRoleId"),
                                      "credential_uid": given})
        else:
            out["user"] = present({"uid": user.get("uid"), "uid_alt": user.get("uid_alt"), "name": user.get("name"),
                                   "account": present({"uid": user.get("account", {}).get("uid")})})
            out["session"] = present({"credential_uid": given})
    elif kind == 3007:
        made = response.get("user") or {}
        out["user"] = present({"name": request.get("userName") or made.get("userName"), "uid": made.get("arn"),
                               "uid_alt": made.get("userId"), "account": present({"uid": owner})})
        if name.endswith("AccessKey"):
            key = (response.get("accessKey") or {}).get("accessKeyId") or request.get("accessKeyId")
            out["user"]["programmatic_credentials"] = [{"uid": key, "type": "AWS Access Key"}]
    elif kind == 3008:
        made = response.get("role") or {}
        out["iam_role"] = present({"name": request.get("roleName") or made.get("roleName"), "uid": made.get("arn"),
                                   "uid_alt": made.get("roleId"), "account": present({"uid": owner})})
        if out["activity_id"] in (6, 7) and request.get("instanceProfileName"):
            out["resources"] = [{"name": request["instanceProfileName"], "type": "AWS::IAM::InstanceProfile"}]
    elif kind == 3006:
        made = response.get("group") or {}
        out["group"] = present({"name": request.get("groupName") or made.get("groupName"), "uid": made.get("arn"),
                                "uid_alt": made.get("groupId")})
        if out["activity_id"] in (3, 4):
            out["users"] = [present({"name": request.get("userName")})]
    elif kind == 3004:
        is_policy = name.endswith(("Policy", "PolicyVersion"))
        out["entity"] = present({
            "uid": (response.get("policy") or {}).get("arn") or request.get("policyArn")
            or (response.get("instanceProfile") or {}).get("arn") or owner,
            "name": request.get("policyName") or request.get("instanceProfileName") or request.get("name"),
            "type_id": 5 if is_policy else 99,
            "type": "Policy" if is_policy else "Instance Profile" if name.endswith("InstanceProfile") else "AWS Account"})
    if kind in (3006, 3007, 3008) and name.endswith("Policy"):
        arn = request.get("policyArn")
        out["policies"] = [present({"uid": arn, "name": request.get("policyName") or (arn and arn.split("/")[-1])})]


def observe(out):
    found = []
    for name, path, number, caption in OBSERVED:
        value = out
        for step in path:
            value = value.get(step)
            if value is None:
                break
        if value is not None:
            found.append({"name": name, "type": caption, "type_id": number, "value": value})
    for resource in out.get("resources") or []:
        if resource.get("uid"):
            found.append({"name": "resources[].uid", "type": "Resource UID", "type_id": 10, "value": resource["uid"]})
        if "owner" in resource:
            found.append({"name": "resources[].owner.account.uid", "type": "Account UID", "type_id": 35,
                          "value": resource["owner"]["account"]["uid"]})
    return found


def event(r):
    identity = r.pop("userIdentity", None) or {}
    context = identity.pop("sessionContext", None) or {}
    attributes, issuer = context.pop("attributes", None) or {}, context.pop("sessionIssuer", None) or {}
    request, response = r.pop("requestParameters", None), r.pop("responseElements", None)
    name, source = r.pop("eventName", ""), r.pop("eventSource", "")
    error, message, time = r.pop("errorCode", None), r.pop("errorMessage", None), r.pop("eventTime")
    number = type_of(source, name)
    kind, activity = divmod(number, 100)
    caption = ACTIVITIES[kind].get(activity, name)
    recipient, resources, tls = r.pop("recipientAccountId", None), r.pop("resources", None) or [], r.pop("tlsDetails", None) or {}
    arn = identity.get("arn") or (resources[0].get("ARN") if resources else None)
    owner = recipient or identity.get("accountId")
    out = {
        "activity_id": activity, "activity_name": caption, "category_uid": kind // 1000,
        "category_name": CATEGORIES[kind // 1000], "class_uid": kind, "class_name": CLASSES[kind], "type_uid": number,
        "type_name": f"{CLASSES[kind]}: {'Other' if activity == 99 else caption}", "severity_id": 1, "severity": "Informational",
        "metadata": present({
            "uid": r.pop("eventID", None), "version": "1.9.0", "profiles": ["cloud", "datetime"],
            "product": {"name": "CloudTrail", "vendor_name": "AWS", "version": r.pop("eventVersion", None),
                        "feature": {"name": r.pop("eventCategory", None)}},
            "event_code": r.pop("eventType", None), "correlation_uid": r.pop("sharedEventID", None)}),
        "time": moment(time), "time_dt": time, "status_code": error, "status_detail": message,
        "cloud": present({
            "provider": "AWS", "region": r.pop("awsRegion", None),
            "account": account(recipient) if recipient else present({"uid": owner}),
            "cloud_partition": arn.split(":")[1] if arn else None}),
        "src_endpoint": endpoint(r, identity, source), "http_request": present({"user_agent": r.pop("userAgent", None)}),
        "dst_endpoint": present({"hostname": tls.pop("clientProvidedHostHeader", None)}),
        "actor": actor(identity, attributes, issuer), "status_id": 2 if error or message else 1,
        "api": present({
            "operation": name, "service": {"name": source}, "version": r.pop("apiVersion", None),
            "request": present({"uid": r.pop("requestID", None), "data": request}),
            "response": present({"data": response, "error": error, "message": message})}),
        "resources": [present({"uid": x.get("ARN") or x.get("ARNPrefix"), "type": x.get("type"),
                               "owner": {"account": {"uid": x["accountId"]}} if x.get("accountId") else None})
                      for x in resources] or None,
    }
    extra = r.get("additionalEventData")
    entities(out, name, request if isinstance(request, dict) else {}, response if isinstance(response, dict) else {},
             extra if isinstance(extra, dict) else {}, owner)
    out["status"] = "Failure" if out["status_id"] == 2 else "Success"
    left = present({"userIdentity": present({**identity, "sessionContext": present(context)}), "tlsDetails": tls, **r})
    if left:
        out["unmapped"] = left
    out["observables"] = observe(out)
    return present(out)


def main():
    corpus, target = sys.argv[1:]
    with open(target, "wb") as file, zstandard.ZstdCompressor(level=1).stream_writer(file) as out:
        for path in sorted(glob.glob(corpus + "/*.json.gz")):
            with gzip.open(path) as source:
                records = orjson.loads(source.read())["Records"]
            out.write(b"".join(orjson.dumps(event(r)) + b"\n" for r in records))


main()
