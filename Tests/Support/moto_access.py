"""A moto server with IAM authentication on, and an organization's access in it. Prints what a client needs as JSON; ends with
its input.

`auditor` may do what the documentation's policies allow; `blind` the same without key policies and the credential report.
"""

import json
import sys
import urllib.request

import boto3
from moto.server import ThreadedMotoServer
from moto.ssoadmin.exceptions import ResourceNotFoundException
from moto.ssoadmin.responses import SSOAdminResponse


def no_boundary(self):
    """What moto does not have: AWS answers so where a permission set has no boundary."""
    raise ResourceNotFoundException("no permissions boundary")


SSOAdminResponse.get_permissions_boundary_for_permission_set = no_boundary
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
endpoint = f"http://{host}:{port}"
REGION, ACCOUNT = "us-east-1", "123456789012"


def client(service):
    return boto3.client(service, endpoint_url=endpoint, region_name=REGION, aws_access_key_id="setup",
                        aws_secret_access_key="setup")


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions):
    return {"Effect": "Allow", "Action": actions, "Resource": "*"}


iam = client("iam")
ACTIONS = [
    "iam:GetAccountAuthorizationDetails", "iam:GenerateCredentialReport", "iam:GetCredentialReport", "iam:ListAccessKeys",
    "iam:GetAccessKeyLastUsed", "sso:ListInstances", "sso:ListPermissionSets", "sso:DescribePermissionSet",
    "sso:GetInlinePolicyForPermissionSet", "sso:ListManagedPoliciesInPermissionSet",
    "sso:ListCustomerManagedPolicyReferencesInPermissionSet", "sso:GetPermissionsBoundaryForPermissionSet",
    "sso:ListAccountsForProvisionedPermissionSet", "sso:ListAccountAssignments", "identitystore:ListUsers",
    "identitystore:ListGroups", "identitystore:ListGroupMemberships", "organizations:ListRoots",
    "organizations:ListAccountsForParent", "organizations:ListOrganizationalUnitsForParent", "organizations:ListPolicies",
    "organizations:DescribePolicy", "organizations:ListTargetsForPolicy", "kms:ListKeys", "kms:DescribeKey",
    "kms:GetKeyPolicy", "kms:ListGrants", "acm:ListCertificates", "ds:DescribeDirectories", "dynamodb:Scan"]


def user(name, actions):
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="audit", PolicyDocument=document(allow(actions)))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}


expected = {name: [] for name in ["iam", "kms", "acm", "directory_service", "organizations", "identity_center", "team"]}
for number in range(7):
    iam.create_user(UserName=f"person-{number}")
    role = iam.create_role(RoleName=f"role-{number}", AssumeRolePolicyDocument=document(
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}))
    group = iam.create_group(GroupName=f"group-{number}")
    policy = iam.create_policy(PolicyName=f"policy-{number}", PolicyDocument=document(allow(["s3:Get*"])))
    expected["iam"] += [role["Role"]["Arn"], group["Group"]["Arn"], policy["Policy"]["Arn"],
                        f"arn:aws:iam::123456789012:user/person-{number}"]
iam.add_user_to_group(GroupName="group-0", UserName="person-0")
key = iam.create_access_key(UserName="person-0")["AccessKey"]
expected["iam"].append(key["AccessKeyId"])

kms = client("kms")
for number in range(3):
    made = kms.create_key(Description=f"key {number}")["KeyMetadata"]
    expected["kms"].append(made["Arn"])
    grant = kms.create_grant(KeyId=made["Arn"], GranteePrincipal="arn:aws:iam::123456789012:role/role-0", Operations=["Decrypt"])
    expected["kms"].append(f"{made['Arn']}/{grant['GrantId']}")

acm = client("acm")
for number in range(2):
    expected["acm"].append(acm.request_certificate(DomainName=f"www{number}.example.com")["CertificateArn"])

ec2 = client("ec2")
vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"][:2]]
expected["directory_service"].append(client("ds").create_microsoft_ad(
    Name="corp.example.com", Password="Password-1", VpcSettings={"VpcId": vpc, "SubnetIds": subnets})["DirectoryId"])

organizations = client("organizations")
organizations.create_organization(FeatureSet="ALL")
root = organizations.list_roots()["Roots"][0]
organizations.enable_policy_type(RootId=root["Id"], PolicyType="SERVICE_CONTROL_POLICY")
unit = organizations.create_organizational_unit(ParentId=root["Id"], Name="prod")["OrganizationalUnit"]
for number in range(3):
    organizations.create_account(AccountName=f"account-{number}", Email=f"a{number}@example.com")
accounts = organizations.list_accounts()["Accounts"]
organizations.move_account(AccountId=accounts[-1]["Id"], SourceParentId=root["Id"], DestinationParentId=unit["Id"])
scp = organizations.create_policy(Name="deny", Description="d", Type="SERVICE_CONTROL_POLICY", Content=document(
    {"Effect": "Deny", "Action": "*", "Resource": "*"}))["Policy"]["PolicySummary"]
organizations.attach_policy(PolicyId=scp["Id"], TargetId=unit["Id"])
expected["organizations"] += [root["Arn"], unit["Arn"], scp["Arn"], f"{scp['Id']}/{unit['Id']}"]
expected["organizations"] += [account["Arn"] for account in accounts]

sso, store = client("sso-admin"), client("identitystore")
instance = sso.list_instances()["Instances"][0]
arn, directory = instance["InstanceArn"], instance["IdentityStoreId"]
person = store.create_user(IdentityStoreId=directory, UserName="alice@example.com", DisplayName="Alice",
                           Name={"GivenName": "Alice", "FamilyName": "Example"})["UserId"]
team = store.create_group(IdentityStoreId=directory, DisplayName="platform")["GroupId"]
membership = store.create_group_membership(IdentityStoreId=directory, GroupId=team, MemberId={"UserId": person})
expected["identity_center"] += [person, team, membership["MembershipId"]]
permission_set = sso.create_permission_set(InstanceArn=arn, Name="Admin")["PermissionSet"]["PermissionSetArn"]
sso.put_inline_policy_to_permission_set(InstanceArn=arn, PermissionSetArn=permission_set,
                                        InlinePolicy=document(allow(["s3:*"])))
sso.attach_managed_policy_to_permission_set(InstanceArn=arn, PermissionSetArn=permission_set,
                                            ManagedPolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
sso.create_account_assignment(InstanceArn=arn, TargetId=ACCOUNT, TargetType="AWS_ACCOUNT",
                              PermissionSetArn=permission_set, PrincipalType="USER", PrincipalId=person)
sso.provision_permission_set(InstanceArn=arn, PermissionSetArn=permission_set, TargetType="AWS_ACCOUNT",
                             TargetId=ACCOUNT)
expected["identity_center"] += [permission_set, f"{permission_set}/{ACCOUNT}/USER/{person}"]

dynamodb = client("dynamodb")
dynamodb.create_table(TableName="requests", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                      AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST")
for number in range(230):
    dynamodb.put_item(TableName="requests", Item={
        "id": {"S": f"r{number}"}, "email": {"S": "alice@example.com"}, "status": {"S": "pending"}, "duration": {"N": "2"}})
    expected["team"].append(f"r{number}")

auditor = user("auditor", ACTIONS)
blind = user("blind", [action for action in ACTIONS if action not in ["kms:GetKeyPolicy", "iam:GetCredentialReport"]])
urllib.request.urlopen(urllib.request.Request(
    f"{endpoint}/moto-api/reset-auth", data=b"0", method="POST", headers={"Content-Type": "text/plain"})).read()
print(json.dumps({"endpoint": endpoint, "auditor": auditor, "blind": blind, "expected": expected}), flush=True)
sys.stdin.read()
server.stop()
