"""A moto server in which access has strayed in every way that moto knows, for the commands that set it right.

Prints where it is and the names of what AWS names itself, as JSON. For each line of its input it prints what of it still
stands, as a JSON object of true and false; ends with its input.
"""

import json
import os
import sys

os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

import boto3
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
endpoint = f"http://{host}:{port}"
ACCOUNT = "123456789012"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/power"


def client(service):
    return boto3.client(
        service, endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="setup", aws_secret_access_key="setup")


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, **more):
    return {"Effect": "Allow", "Action": action, "Resource": "*", **more}


def trust(principal):
    return document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal})


iam, s3, ec2, kms, org, trail, sso, lam, rds, secrets = (
    client(name) for name in
    ["iam", "s3", "ec2", "kms", "organizations", "cloudtrail", "sso-admin", "lambda", "rds", "secretsmanager"])

# Identities: a name that a shell would read into, and one that a command would take for an option.
iam.create_policy(PolicyName="power", PolicyDocument=document(allow("s3:GetObject")))
iam.create_policy_version(PolicyArn=POLICY, PolicyDocument=document(allow("*")), SetAsDefault=True)
for name in ["bo", "-dash", "keyed"]:
    iam.create_user(UserName=name)
# A role: moto knows no boundaries of users.
iam.create_role(RoleName="bounded", AssumeRolePolicyDocument=trust({"Service": "ec2.amazonaws.com"}))
iam.create_group(GroupName="admins")
iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=trust({"AWS": "arn:aws:iam::999988887777:root"}))
for name in ["bo", "-dash"]:
    iam.attach_user_policy(UserName=name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
iam.attach_group_policy(GroupName="admins", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
iam.attach_role_policy(RoleName="deploy", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
iam.put_user_policy(UserName="bo", PolicyName="all", PolicyDocument=document(allow("*")))
iam.add_user_to_group(UserName="bo", GroupName="admins")
access_key = iam.create_access_key(UserName="keyed")["AccessKey"]["AccessKeyId"]

# Resources.
for bucket in ["open", "unblocked", "listed"]:
    s3.create_bucket(Bucket=bucket)
s3.put_bucket_policy(Bucket="open", Policy=document(
    {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::open/*"}))
s3.put_bucket_acl(Bucket="listed", ACL="public-read")
key = kms.create_key()["KeyMetadata"]["KeyId"]
grant = kms.create_grant(
    KeyId=key, GranteePrincipal="arn:aws:iam::999988887777:root", Operations=["Decrypt"])["GrantId"]
volume = ec2.create_volume(Size=1, AvailabilityZone="us-east-1a")["VolumeId"]
snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
ec2.modify_snapshot_attribute(
    SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add", UserIds=["999988887777"])
image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
instance = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
own_image = ec2.create_image(InstanceId=instance, Name="own")["ImageId"]
ec2.modify_image_attribute(ImageId=own_image, LaunchPermission={"Add": [{"Group": "all"}]})
rds.create_db_instance(
    DBInstanceIdentifier="db", DBInstanceClass="db.t3.micro", Engine="postgres", AllocatedStorage=20,
    MasterUsername="owner", MasterUserPassword="example-password")
rds.create_db_snapshot(DBSnapshotIdentifier="nightly", DBInstanceIdentifier="db")
rds.modify_db_snapshot_attribute(
    DBSnapshotIdentifier="nightly", AttributeName="restore", ValuesToAdd=["999988887777"])
secrets.create_secret(Name="pay", SecretString="x")
secrets.put_resource_policy(SecretId="pay", ResourcePolicy=document(
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999988887777:root"}, "Action": "secretsmanager:GetSecretValue",
     "Resource": "*"}))

# The organization, Identity Center, the trail.
org.create_organization(FeatureSet="ALL")
root = org.list_roots()["Roots"][0]["Id"]
org.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
unit = org.create_organizational_unit(ParentId=root, Name="prod")["OrganizationalUnit"]["Id"]
denial = org.create_policy(
    Content=document({"Effect": "Deny", "Action": "iam:*", "Resource": "*"}), Description="-", Name="deny",
    Type="SERVICE_CONTROL_POLICY")["Policy"]["PolicySummary"]["Id"]
instance_arn = sso.list_instances()["Instances"]
instance_arn = instance_arn[0]["InstanceArn"] if instance_arn else "arn:aws:sso:::instance/ssoins-1111222233334444"
permission_set = sso.create_permission_set(Name="Admins", InstanceArn=instance_arn)["PermissionSet"]["PermissionSetArn"]
person = "93673c4a-0002-4000-8000-000000000002"
sso.create_account_assignment(
    InstanceArn=instance_arn, TargetId=ACCOUNT, TargetType="AWS_ACCOUNT", PermissionSetArn=permission_set,
    PrincipalType="USER", PrincipalId=person)
s3.create_bucket(Bucket="logs")
trail.create_trail(Name="main", S3BucketName="logs")
trail.stop_logging(Name="main")


def attached(kind, name):
    answer = getattr(iam, f"list_attached_{kind}_policies")(**{f"{kind.capitalize()}Name": name})
    return bool(answer["AttachedPolicies"])


def missing(call):
    try:
        call()
        return False
    except Exception:
        return True


def standing():
    block = None
    try:
        block = s3.get_public_access_block(Bucket="unblocked")["PublicAccessBlockConfiguration"]
    except Exception:
        pass
    return {
        "user": attached("user", "bo"), "dash": attached("user", "-dash"), "group": attached("group", "admins"),
        "role": attached("role", "deploy"),
        "inline": bool(iam.list_user_policies(UserName="bo")["PolicyNames"]),
        "membership": bool(iam.list_groups_for_user(UserName="bo")["Groups"]),
        "accessKey": iam.list_access_keys(UserName="keyed")["AccessKeyMetadata"][0]["Status"] == "Active",
        "version": iam.get_policy(PolicyArn=POLICY)["Policy"]["DefaultVersionId"] != "v1",
        "trust": "999988887777" in json.dumps(iam.get_role(RoleName="deploy")["Role"]["AssumeRolePolicyDocument"]),
        "boundary": "PermissionsBoundary" not in iam.get_role(RoleName="bounded")["Role"],
        "bucketPolicy": not missing(lambda: s3.get_bucket_policy(Bucket="open")),
        "publicAccess": not (block and all(block.values())),
        "accessList": any(
            "AllUsers" in item["Grantee"].get("URI", "") for item in s3.get_bucket_acl(Bucket="listed")["Grants"]),
        "grant": bool(kms.list_grants(KeyId=key)["Grants"]),
        "snapshot": bool(
            ec2.describe_snapshot_attribute(SnapshotId=snapshot, Attribute="createVolumePermission")
            ["CreateVolumePermissions"]),
        "image": bool(
            ec2.describe_image_attribute(ImageId=own_image, Attribute="launchPermission").get("LaunchPermissions")),
        "database": any(
            item["AttributeName"] == "restore" and item["AttributeValues"]
            for item in rds.describe_db_snapshot_attributes(DBSnapshotIdentifier="nightly")
            ["DBSnapshotAttributesResult"]["DBSnapshotAttributes"]),
        "secret": "ResourcePolicy" in secrets.get_resource_policy(SecretId="pay"),
        "guardrail": denial not in [
            item["Id"] for item in org.list_policies_for_target(
                TargetId=unit, Filter="SERVICE_CONTROL_POLICY")["Policies"]],
        "assignment": bool(sso.list_account_assignments(
            InstanceArn=instance_arn, AccountId=ACCOUNT, PermissionSetArn=permission_set)["AccountAssignments"]),
        "trail": not trail.get_trail_status(Name="main")["IsLogging"],
    }


print(json.dumps({
    "endpoint": endpoint, "account": ACCOUNT, "policy": POLICY, "accessKey": access_key, "key": key, "grant": grant,
    "snapshot": snapshot, "image": own_image, "unit": unit, "denial": denial, "permissionSet": permission_set,
    "person": person}), flush=True)
for _ in sys.stdin:
    print(json.dumps(standing()), flush=True)
