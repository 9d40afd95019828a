"""Do boto3's clients of identity pools, IAM and STS agree?"""

import json
import urllib.request

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

import world
from world import ACCESS_KEY_ID, ENDPOINT, PASSWORD, REGION, SECRET_ACCESS_KEY, Case, admin

ACCOUNT = "123456789012"
ONCE = {"retries": {"total_max_attempts": 1}}


def service(name, credentials=None, **settings):
    """A client of another service, as the administrator unless somebody else signs."""
    key = credentials or {"AccessKeyId": ACCESS_KEY_ID, "SecretKey": SECRET_ACCESS_KEY}
    return boto3.client(
        name,
        endpoint_url=ENDPOINT,
        region_name=REGION,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key.get("SecretKey") or key.get("SecretAccessKey"),
        aws_session_token=key.get("SessionToken"),
        config=Config(**ONCE, **settings),
    )


identities = service("cognito-identity")
anybody = service("cognito-identity", signature_version=UNSIGNED)
iam = service("iam")


def trust(pool_id, method):
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
                "Condition": {
                    "StringEquals": {"cognito-identity.amazonaws.com:aud": pool_id},
                    "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": method},
                },
            }
        ],
    }


def create_role(trusted, *actions):
    name = world.unique("role")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trusted))["Role"]
    if actions:
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        iam.put_role_policy(
            RoleName=name, PolicyName="work", PolicyDocument=json.dumps(document)
        )
    return role["Arn"]


def caller(credentials):
    return service("sts", credentials).get_caller_identity()


class Identities(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = world.create_pool()
        cls.client_id = world.create_client(cls.users)["ClientId"]
        cls.provider = f"cognito-idp.{REGION}.amazonaws.com/{cls.users}"
        cls.pool_id = identities.create_identity_pool(
            IdentityPoolName=world.unique("shop"),
            AllowUnauthenticatedIdentities=True,
            AllowClassicFlow=True,
            DeveloperProviderName="login.shop",
            CognitoIdentityProviders=[
                {"ProviderName": cls.provider, "ClientId": cls.client_id}
            ],
        )["IdentityPoolId"]
        member = trust(cls.pool_id, "authenticated")
        cls.roles = {
            "authenticated": create_role(member),
            "unauthenticated": create_role(trust(cls.pool_id, "unauthenticated")),
            "readers": create_role(member, "cognito-idp:ListUsers"),
            "editors": create_role(
                member, "cognito-idp:ListUsers", "cognito-idp:AdminDisableUser"
            ),
        }
        defaults = {name: cls.roles[name] for name in ("authenticated", "unauthenticated")}
        mapping = {"Type": "Token", "AmbiguousRoleResolution": "AuthenticatedRole"}
        identities.set_identity_pool_roles(
            IdentityPoolId=cls.pool_id,
            Roles=defaults,
            RoleMappings={f"{cls.provider}:{cls.client_id}": mapping},
        )
        for group in ("readers", "editors"):
            admin.create_group(
                UserPoolId=cls.users, GroupName=group, RoleArn=cls.roles[group]
            )

    def _member(self, *groups):
        named = {"UserPoolId": self.users, "Username": world.unique()}
        admin.admin_create_user(MessageAction="SUPPRESS", **named)
        admin.admin_set_user_password(Password=PASSWORD, Permanent=True, **named)
        for group in groups:
            admin.admin_add_user_to_group(GroupName=group, **named)
        answer = admin.admin_initiate_auth(
            UserPoolId=self.users,
            ClientId=self.client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": named["Username"], "PASSWORD": PASSWORD},
        )
        return named, {self.provider: answer["AuthenticationResult"]["IdToken"]}

    def _credentials(self, logins=None, **more):
        logins = {"Logins": logins} if logins else {}
        identity = anybody.get_id(IdentityPoolId=self.pool_id, **logins)["IdentityId"]
        answer = anybody.get_credentials_for_identity(IdentityId=identity, **logins, **more)
        self.assertEqual(answer["IdentityId"], identity)
        return answer["Credentials"]

    def _assert_role(self, credentials, role):
        answer = caller(credentials)
        name = self.roles[role].split("/")[1]
        session = f"assumed-role/{name}/CognitoIdentityCredentials"
        self.assertEqual(answer["Arn"], f"arn:aws:sts::{ACCOUNT}:{session}")
        self.assertEqual(answer["Account"], ACCOUNT)

    def _developer(self, user, **more):
        return identities.get_open_id_token_for_developer_identity(
            IdentityPoolId=self.pool_id, Logins={"login.shop": user}, **more
        )

    def test_sts_tells_who_signed(self):
        root = caller(None)
        self.assertEqual((root["Account"], root["UserId"]), (ACCOUNT, ACCOUNT))
        self.assertEqual(root["Arn"], f"arn:aws:iam::{ACCOUNT}:root")
        self._assert_role(self._credentials(), "unauthenticated")
        self._assert_role(self._credentials(self._member()[1]), "authenticated")

    def test_groups_roles_and_policies_decide_who_writes(self):
        victim, _ = self._member()
        _, reader = self._member("readers")
        _, editor = self._member("editors")
        for logins, role, may_write in ((reader, "readers", False), (editor, "editors", True)):
            credentials = self._credentials(logins)
            self._assert_role(credentials, role)
            users = service("cognito-idp", credentials)
            self.assertTrue(users.list_users(UserPoolId=self.users, Limit=1)["Users"])
            if may_write:
                users.admin_disable_user(**victim)
                continue
            with self.assert_refused("AccessDeniedException"):
                users.admin_disable_user(**victim)
            self.assertTrue(admin.admin_get_user(**victim)["Enabled"])
        self.assertFalse(admin.admin_get_user(**victim)["Enabled"])

    def test_a_member_of_two_groups_chooses(self):
        _, logins = self._member("readers", "editors")
        self._assert_role(self._credentials(logins), "authenticated")
        for role in ("readers", "editors"):
            asked = self._credentials(logins, CustomRoleArn=self.roles[role])
            self._assert_role(asked, role)
        with self.assert_refused("NotAuthorizedException"):
            self._credentials(logins, CustomRoleArn=self.roles["unauthenticated"])

    def test_a_guests_credentials_open_nothing_of_the_account(self):
        credentials = self._credentials()
        for call in (
            lambda: service("cognito-idp", credentials).list_user_pools(MaxResults=1),
            lambda: service("cognito-identity", credentials).list_identity_pools(MaxResults=1),
        ):
            with self.assert_refused("AccessDeniedException"):
                call()
        with self.assertRaises(ClientError) as refused:
            service("iam", credentials).list_roles()
        self.assertEqual(refused.exception.response["Error"]["Code"], "AccessDenied")
        self.assertEqual(refused.exception.response["ResponseMetadata"]["HTTPStatusCode"], 403)

    def test_a_developers_users_are_kept_apart_and_brought_together(self):
        one, two = world.unique("ann"), world.unique("bob")
        first = self._developer(one, TokenDuration=86_400)
        claims = world.claims(first["Token"])
        self.assertEqual(claims["exp"] - claims["iat"], 86_400)
        self.assertEqual(claims["sub"], first["IdentityId"])
        logins = {"cognito-identity.amazonaws.com": first["Token"]}
        given = anybody.get_credentials_for_identity(
            IdentityId=first["IdentityId"], Logins=logins
        )
        self._assert_role(given["Credentials"], "authenticated")
        second = self._developer(two)["IdentityId"]
        named = {"IdentityPoolId": self.pool_id, "DeveloperProviderName": "login.shop"}
        merged = identities.merge_developer_identities(
            SourceUserIdentifier=two, DestinationUserIdentifier=one, **named
        )
        self.assertEqual(merged["IdentityId"], first["IdentityId"])
        with self.assert_refused("NotAuthorizedException"):
            anybody.get_credentials_for_identity(IdentityId=second)
        found = identities.lookup_developer_identity(
            IdentityPoolId=self.pool_id, IdentityId=first["IdentityId"], MaxResults=1
        )
        self.assertEqual(len(found["DeveloperUserIdentifierList"]), 1)
        rest = identities.lookup_developer_identity(
            IdentityPoolId=self.pool_id,
            IdentityId=first["IdentityId"],
            NextToken=found["NextToken"],
        )
        both = found["DeveloperUserIdentifierList"] + rest["DeveloperUserIdentifierList"]
        self.assertEqual(sorted(both), sorted([one, two]))
        identities.unlink_developer_identity(
            IdentityId=first["IdentityId"], DeveloperUserIdentifier=two, **named
        )
        with self.assert_refused("ResourceNotFoundException"):
            identities.lookup_developer_identity(
                IdentityPoolId=self.pool_id, DeveloperUserIdentifier=two
            )
        for refused in ({"TokenDuration": 86_401}, {"IdentityId": second}):
            with self.assertRaises(ClientError):
                self._developer(one, **refused)

    def test_the_token_of_an_identity_says_where_its_keys_are(self):
        _, logins = self._member()
        identity = anybody.get_id(IdentityPoolId=self.pool_id, Logins=logins)["IdentityId"]
        token = anybody.get_open_id_token(IdentityId=identity, Logins=logins)["Token"]
        claims = world.claims(token)
        self.assertEqual((claims["sub"], claims["aud"]), (identity, self.pool_id))
        self.assertEqual(claims["amr"][:2], ["authenticated", self.provider])
        with urllib.request.urlopen(
            f"{claims['iss']}/.well-known/openid-configuration"
        ) as answer:
            self.assertEqual(json.load(answer)["issuer"], claims["iss"])

    def test_identities_are_told_listed_and_deleted(self):
        pool_id = identities.create_identity_pool(
            IdentityPoolName=world.unique("shop"), AllowUnauthenticatedIdentities=True
        )["IdentityPoolId"]
        made = {anybody.get_id(IdentityPoolId=pool_id)["IdentityId"] for _ in range(3)}
        listed = identities.list_identities(IdentityPoolId=pool_id, MaxResults=60)
        self.assertEqual({one["IdentityId"] for one in listed["Identities"]}, made)
        for one in made:
            self.assertNotIn("Logins", identities.describe_identity(IdentityId=one))
        answer = identities.delete_identities(IdentityIdsToDelete=sorted(made))
        self.assertEqual(answer["UnprocessedIdentityIds"], [])
        listed = identities.list_identities(IdentityPoolId=pool_id, MaxResults=60)
        self.assertEqual(listed["Identities"], [])
        identities.delete_identity_pool(IdentityPoolId=pool_id)
        for call in (
            lambda: identities.describe_identity_pool(IdentityPoolId=pool_id),
            lambda: anybody.get_id(IdentityPoolId=pool_id),
        ):
            with self.assert_refused("ResourceNotFoundException"):
                call()
        pools = identities.get_paginator("list_identity_pools").paginate(
            PaginationConfig={"PageSize": 2}
        )
        ids = [pool["IdentityPoolId"] for page in pools for pool in page["IdentityPools"]]
        self.assertIn(self.pool_id, ids)
        self.assertNotIn(pool_id, ids)
        self.assertEqual(len(ids), len(set(ids)))

    def test_tags_and_what_claims_become(self):
        arn = f"arn:aws:cognito-identity:{REGION}:{ACCOUNT}:identitypool/{self.pool_id}"
        identities.tag_resource(ResourceArn=arn, Tags={"team": "orders", "cost": "7"})
        identities.untag_resource(ResourceArn=arn, TagKeys=["cost"])
        tags = identities.list_tags_for_resource(ResourceArn=arn)["Tags"]
        self.assertEqual(tags, {"team": "orders"})
        named = {"IdentityPoolId": self.pool_id, "IdentityProviderName": "accounts.google.com"}
        identities.set_principal_tag_attribute_map(PrincipalTags={"who": "sub"}, **named)
        shown = identities.get_principal_tag_attribute_map(**named)
        self.assertEqual(shown["PrincipalTags"], {"who": "sub"})

    def test_roles_are_made_listed_and_deleted(self):
        name = world.unique("role")
        trusted = trust(self.pool_id, "authenticated")
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trusted))
        self.assertEqual(made["Role"]["Arn"], f"arn:aws:iam::{ACCOUNT}:role/{name}")
        self.assertEqual(made["Role"]["AssumeRolePolicyDocument"], trusted)
        self.assertEqual(iam.get_role(RoleName=name)["Role"]["RoleName"], name)
        pages = iam.get_paginator("list_roles").paginate()
        names = [role["RoleName"] for page in pages for role in page["Roles"]]
        self.assertIn(name, names)
        iam.delete_role(RoleName=name)
        with self.assertRaises(iam.exceptions.NoSuchEntityException):
            iam.get_role(RoleName=name)
