"""Do boto3's clients of STS and IAM get roles, and only those that they may have?"""

import json

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

import world
from test_identities import ACCOUNT, anybody, caller, iam, identities, service, trust
from world import ENDPOINT, REGION, Case

sts = service("sts")
unsigned = service("sts", signature_version=UNSIGNED)


def create_role(statement):
    name = world.unique("role")
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]


def by_account(*actions):
    return {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": list(actions)}


class Roles(Case):
    def _refused(self, code, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        self.assertEqual(caught.exception.response["Error"]["Code"], code)
        return caught.exception.response["Error"]["Message"]

    def test_a_token_of_an_identity_pool_is_exchanged(self):
        pool_id = identities.create_identity_pool(
            IdentityPoolName=world.unique("shop"),
            AllowUnauthenticatedIdentities=True,
            AllowClassicFlow=True,
        )["IdentityPoolId"]
        role = create_role(trust(pool_id, "unauthenticated")["Statement"][0])
        guest = anybody.get_id(IdentityPoolId=pool_id)["IdentityId"]
        token = anybody.get_open_id_token(IdentityId=guest)["Token"]
        asked = {"RoleArn": role["Arn"], "RoleSessionName": "ann"}
        taken = unsigned.assume_role_with_web_identity(WebIdentityToken=token, **asked)
        self.assertEqual(taken["SubjectFromWebIdentityToken"], guest)
        self.assertEqual(taken["Audience"], pool_id)
        self.assertEqual(caller(taken["Credentials"])["Arn"], taken["AssumedRoleUser"]["Arn"])
        web = unsigned.assume_role_with_web_identity
        self._refused("InvalidIdentityToken", web, WebIdentityToken="a.b.c", **asked)
        nobody = asked | {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/nobody"}
        self._refused("AccessDenied", web, WebIdentityToken=token, **nobody)
        long = {"DurationSeconds": 3601} | asked
        self._refused("ValidationError", web, WebIdentityToken=token, **long)

    def test_a_role_is_taken_with_tags_and_a_policy(self):
        role = create_role(by_account("sts:AssumeRole", "sts:TagSession"))
        asked = {"RoleArn": role["Arn"], "RoleSessionName": "ann"}
        policy = {"Version": "2012-10-17", "Statement": []}
        self._refused(
            "MalformedPolicyDocument", sts.assume_role, Policy=json.dumps(policy), **asked
        )
        tags = [{"Key": "team", "Value": "blue"}, {"Key": "desk", "Value": ""}]
        taken = sts.assume_role(Tags=tags, TransitiveTagKeys=["team"], **asked)
        self.assertGreater(taken["PackedPolicySize"], 0)
        self.assertTrue(caller(taken["Credentials"])["UserId"].endswith(":ann"))
        many = [{"Key": f"k{n}", "Value": "v" * 256} for n in range(50)]
        self._refused("PackedPolicyTooLarge", sts.assume_role, Tags=many, **asked)
        external = by_account("sts:AssumeRole")
        external["Condition"] = {"StringEquals": {"sts:ExternalId": "shop-7"}}
        partner = {"RoleArn": create_role(external)["Arn"], "RoleSessionName": "ann"}
        self._refused("AccessDenied", sts.assume_role, **partner)
        sts.assume_role(ExternalId="shop-7", **partner)

    def test_the_account_gets_credentials_of_its_own(self):
        given = sts.get_session_token()["Credentials"]
        self.assertEqual(caller(given)["Arn"], f"arn:aws:iam::{ACCOUNT}:root")
        self._refused("AccessDenied", service("iam", given).list_roles)
        self._refused("AccessDenied", service("sts", given).get_session_token)

    def test_boto3_takes_a_role_by_itself(self):
        """As a profile with `role_arn` and `source_profile` does."""
        role = create_role(by_account("sts:AssumeRole"))
        taken = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="profile")["Credentials"]
        session = boto3.Session(
            aws_access_key_id=taken["AccessKeyId"],
            aws_secret_access_key=taken["SecretAccessKey"],
            aws_session_token=taken["SessionToken"],
            region_name=REGION,
        )
        once = Config(retries={"total_max_attempts": 1})
        who = session.client("sts", endpoint_url=ENDPOINT, config=once).get_caller_identity()
        self.assertTrue(who["Arn"].endswith("/profile"), who["Arn"])

    def test_providers_come_and_go(self):
        url = f"https://{world.unique('id')}.example.com"
        arn = iam.create_open_id_connect_provider(
            Url=url, ClientIDList=["one"], ThumbprintList=["0" * 40]
        )["OpenIDConnectProviderArn"]
        named = {"OpenIDConnectProviderArn": arn}
        self._refused("EntityAlreadyExists", iam.create_open_id_connect_provider, Url=url)
        iam.add_client_id_to_open_id_connect_provider(ClientID="two", **named)
        iam.remove_client_id_from_open_id_connect_provider(ClientID="one", **named)
        shown = iam.get_open_id_connect_provider(**named)
        self.assertEqual((shown["Url"], shown["ClientIDList"]), (url[8:], ["two"]))
        listed = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        self.assertIn({"Arn": arn}, listed)
        iam.delete_open_id_connect_provider(**named)
        self._refused("NoSuchEntity", iam.get_open_id_connect_provider, **named)
        plain = {"Url": "http://id.example.com"}
        self._refused("InvalidInput", iam.create_open_id_connect_provider, **plain)

    def test_saml_is_told_to_be_for_later(self):
        self._refused(
            "InvalidIdentityToken",
            unsigned.assume_role_with_saml,
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/any",
            PrincipalArn=f"arn:aws:iam::{ACCOUNT}:saml-provider/corporate",
            SAMLAssertion="PHNhbWw+",
        )
