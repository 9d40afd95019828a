"""Does boto3 set what stands beside users: tags, groups, resource servers, domains, secrets, logs?"""

import world
from world import PASSWORD, Case, admin, anyone

ROLE = "arn:aws:iam::123456789012:role/reader"
IDENTIFIER = "https://shop.example.com"
# Tests run one after the other here: the limit is gone before the next one.
CATEGORY = {"LimitClass": "API_CATEGORY", "Attributes": {"Category": "ClientAuthentication"}}


def scopes(*names):
    return [{"ScopeName": name, "ScopeDescription": f"may {name}"} for name in names]


class Settings(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool_id = world.create_pool()
        cls.pool = {"UserPoolId": cls.pool_id}

    def test_tags_are_put_on_and_taken_off(self):
        arn = {"ResourceArn": admin.describe_user_pool(**self.pool)["UserPool"]["Arn"]}
        admin.tag_resource(Tags={"stage": "test", "team": "one"}, **arn)
        admin.tag_resource(Tags={"team": "two"}, **arn)
        tags = admin.list_tags_for_resource(**arn)["Tags"]
        self.assertEqual(tags, {"stage": "test", "team": "two"})
        admin.untag_resource(TagKeys=["stage"], **arn)
        self.assertEqual(admin.list_tags_for_resource(**arn)["Tags"], {"team": "two"})

    def test_a_group_is_updated_in_what_is_named(self):
        group = {"GroupName": world.unique("group")} | self.pool
        admin.create_group(Description="Those who read", Precedence=7, **group)
        updated = admin.update_group(RoleArn=ROLE, Precedence=0, **group)["Group"]
        self.assertEqual(
            [updated[name] for name in ("Description", "RoleArn", "Precedence")],
            ["Those who read", ROLE, 0],
        )
        self.assertEqual(admin.get_group(**group)["Group"], updated)
        with self.assert_refused("ResourceNotFoundException"):
            admin.update_group(GroupName="none", Precedence=1, **self.pool)

    def test_resource_servers_come_and_go(self):
        named = {"Identifier": IDENTIFIER, "UserPoolId": world.create_pool()}
        made = admin.create_resource_server(Name="shop", Scopes=scopes("read"), **named)
        self.assertEqual(made["ResourceServer"]["Scopes"], scopes("read"))
        changed = admin.update_resource_server(Name="market", Scopes=scopes("write"), **named)
        told = admin.describe_resource_server(**named)["ResourceServer"]
        self.assertEqual(told, changed["ResourceServer"])
        self.assertEqual((told["Name"], told["Scopes"]), ("market", scopes("write")))
        pages = admin.get_paginator("list_resource_servers").paginate(
            UserPoolId=named["UserPoolId"], PaginationConfig={"PageSize": 1}
        )
        self.assertEqual([one for page in pages for one in page["ResourceServers"]], [told])
        admin.delete_resource_server(**named)
        with self.assert_refused("ResourceNotFoundException"):
            admin.describe_resource_server(**named)

    def test_a_machine_gets_tokens_and_its_secrets_are_rotated(self):
        admin.create_resource_server(
            Identifier=IDENTIFIER, Name="shop", Scopes=scopes("read", "write"), **self.pool
        )
        app = world.create_client(
            self.pool_id,
            GenerateSecret=True,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=[f"{IDENTIFIER}/read"],
        )
        named = {"ClientId": app["ClientId"]} | self.pool

        def token(secret):
            # boto3 signs it; the secret is what counts.
            stranger = world.client(key="nobody", secret="nothing")
            answer = stranger.get_client_token(ClientId=app["ClientId"], Secret=secret)
            return answer["ClientAuthenticationResult"]

        first = token(app["ClientSecret"])
        self.assertEqual((first["TokenType"], first["ExpiresIn"]), ("Bearer", 3600))
        self.assertEqual(world.claims(first["AccessToken"])["scope"], f"{IDENTIFIER}/read")
        [old] = admin.list_user_pool_client_secrets(**named)["ClientSecrets"]
        added = admin.add_user_pool_client_secret(**named)["ClientSecretDescriptor"]
        secret = added["ClientSecretValue"]
        for either in (app["ClientSecret"], secret):
            self.assertTrue(token(either)["AccessToken"])
        admin.delete_user_pool_client_secret(ClientSecretId=old["ClientSecretId"], **named)
        with self.assert_refused("NotAuthorizedException"):
            token(app["ClientSecret"])
        self.assertTrue(token(secret)["AccessToken"])
        with self.assert_refused("ScopeDoesNotExistException"):
            admin.update_user_pool_client(
                AllowedOAuthFlowsUserPoolClient=True,
                AllowedOAuthFlows=["client_credentials"],
                AllowedOAuthScopes=[f"{IDENTIFIER}/fly"],
                **named,
            )

    def test_a_secret_that_is_gone_signs_nobody_in(self):
        app = world.create_client(self.pool_id, GenerateSecret=True)
        named = {"ClientId": app["ClientId"]} | self.pool
        user = {"Username": world.unique()} | self.pool
        admin.admin_create_user(MessageAction="SUPPRESS", **user)
        admin.admin_set_user_password(Password=PASSWORD, Permanent=True, **user)

        def sign_in(secret):
            known = {"ClientId": app["ClientId"], "ClientSecret": secret}
            answer = anyone.initiate_auth(
                ClientId=app["ClientId"],
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={
                    "USERNAME": user["Username"],
                    "PASSWORD": PASSWORD,
                    "SECRET_HASH": world.secret_hash(known, user["Username"]),
                },
            )
            return answer["AuthenticationResult"]["AccessToken"]

        [old] = admin.list_user_pool_client_secrets(**named)["ClientSecrets"]
        added = admin.add_user_pool_client_secret(**named)["ClientSecretDescriptor"]
        self.assertTrue(sign_in(app["ClientSecret"]))
        admin.delete_user_pool_client_secret(ClientSecretId=old["ClientSecretId"], **named)
        with self.assert_refused("NotAuthorizedException"):
            sign_in(app["ClientSecret"])
        self.assertTrue(sign_in(added["ClientSecretValue"]))

    def test_domains_come_and_go(self):
        named = {"Domain": world.unique("prefix")} | self.pool
        admin.create_user_pool_domain(ManagedLoginVersion=1, **named)
        domain = {"Domain": named["Domain"]}
        told = admin.describe_user_pool_domain(**domain)["DomainDescription"]
        self.assertEqual((told["UserPoolId"], told["Status"]), (self.pool_id, "ACTIVE"))
        admin.update_user_pool_domain(ManagedLoginVersion=2, **named)
        told = admin.describe_user_pool_domain(**domain)["DomainDescription"]
        self.assertEqual(told["ManagedLoginVersion"], 2)
        admin.delete_user_pool_domain(**named)
        self.assertEqual(admin.describe_user_pool_domain(**domain)["DomainDescription"], {})

    def test_delivery_of_logs_is_kept(self):
        group = "arn:aws:logs:eu-west-1:123456789012:log-group:trail"
        wanted = {
            "LogLevel": "ERROR",
            "EventSource": "userNotification",
            "CloudWatchLogsConfiguration": {"LogGroupArn": group},
        }
        expected = {"LogConfigurations": [wanted]} | self.pool
        answer = admin.set_log_delivery_configuration(LogConfigurations=[wanted], **self.pool)
        self.assertEqual(answer["LogDeliveryConfiguration"], expected)
        answer = admin.get_log_delivery_configuration(**self.pool)
        self.assertEqual(answer["LogDeliveryConfiguration"], expected)

    def test_what_is_over_the_limit_is_refused_or_comes_again(self):
        def limited(value):
            answer = admin.update_provisioned_limit(
                LimitDefinition=CATEGORY, RequestedLimitValue=value
            )
            return answer["Limit"]["ProvisionedLimitValue"]

        def told():
            answer = admin.get_provisioned_limit(LimitDefinition=CATEGORY)
            return answer["Limit"]["ProvisionedLimitValue"]

        usual = told()
        app = world.create_client(self.pool_id, GenerateSecret=True)
        asked = {"ClientId": app["ClientId"], "Secret": app["ClientSecret"]}
        # The client is one of people: whoever is let in is told so.
        within, beyond = "NotAuthorizedException", "TooManyRequestsException"
        self.assertEqual(limited(1), 1)
        self.addCleanup(limited, usual)
        self.assertEqual(told(), 1)
        with self.assert_refused(within):
            admin.get_client_token(**asked)
        with self.assert_refused(beyond):
            admin.get_client_token(**asked)
        patient = world.client(retries={"mode": "standard", "total_max_attempts": 6})
        with self.assert_refused(within) as refusal:
            patient.get_client_token(**asked)
        metadata = refusal.raises.exception.response["ResponseMetadata"]
        self.assertGreater(metadata["RetryAttempts"], 0)
