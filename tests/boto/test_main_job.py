"""Does boto3 do the main job, with a secret and without?"""

import json

import world
from matrix import step
from srp import Attempt
from world import PASSWORD, Case, admin, anyone, claims, secret_hash

CHOSEN = "Another-Horse-8"
ROLE = "arn:aws:iam::123456789012:role/"
FLOWS = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


class MainJob(Case):
    """The steps in their order; each goes on from the one before."""

    username = world.unique()
    email = world.unique_email()

    # unittest takes methods in the order of their names.

    @step("create a pool")
    def test_01_create_a_pool(self):
        pool = admin.create_user_pool(
            PoolName=world.unique("pool"), AutoVerifiedAttributes=["email"]
        )["UserPool"]
        self.assertRegex(pool["Id"], r"^eu-west-1_[0-9a-zA-Z]+$")
        described = admin.describe_user_pool(UserPoolId=pool["Id"])["UserPool"]
        self.assertEqual(described["CreationDate"], pool["CreationDate"])
        self.assertEqual(described["AutoVerifiedAttributes"], ["email"])
        MainJob.pool_id = pool["Id"]

    @step("create a client")
    def test_02_create_a_client(self):
        MainJob.open = admin.create_user_pool_client(
            UserPoolId=self.pool_id, ClientName="open", ExplicitAuthFlows=FLOWS
        )["UserPoolClient"]
        self.assertNotIn("ClientSecret", self.open)

    @step("create a client with a secret")
    def test_03_create_a_client_with_a_secret(self):
        MainJob.secret = admin.create_user_pool_client(
            UserPoolId=self.pool_id,
            ClientName="secret",
            GenerateSecret=True,
            ExplicitAuthFlows=FLOWS,
        )["UserPoolClient"]
        described = admin.describe_user_pool_client(
            UserPoolId=self.pool_id, ClientId=self.secret["ClientId"]
        )["UserPoolClient"]
        self.assertEqual(described["ClientSecret"], self.secret["ClientSecret"])

    def _hash(self, app, username):
        has_secret = "ClientSecret" in app
        return {"SECRET_HASH": secret_hash(app, username)} if has_secret else {}

    def _by_password(self, app, password=PASSWORD, username=None):
        username = username or self.username
        parameters = {"USERNAME": username, "PASSWORD": password}
        return anyone.initiate_auth(
            ClientId=app["ClientId"],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters=parameters | self._hash(app, username),
        )

    def _by_srp(self, app, password=PASSWORD, username=None):
        username = username or self.username
        attempt = Attempt()
        parameters = {"USERNAME": username, "SRP_A": attempt.opening}
        challenge = anyone.initiate_auth(
            ClientId=app["ClientId"],
            AuthFlow="USER_SRP_AUTH",
            AuthParameters=parameters | self._hash(app, username),
        )
        self.assertEqual(challenge["ChallengeName"], "PASSWORD_VERIFIER")
        parameters = challenge["ChallengeParameters"]
        proof = attempt.responses(self.pool_id, parameters, password)
        return anyone.respond_to_auth_challenge(
            ClientId=app["ClientId"],
            ChallengeName="PASSWORD_VERIFIER",
            ChallengeResponses=proof | self._hash(app, parameters["USERNAME"]),
        )

    def _tokens(self, app):
        return self._by_password(app)["AuthenticationResult"]

    @step("sign up")
    def test_04_sign_up(self):
        answer = anyone.sign_up(
            ClientId=self.secret["ClientId"],
            SecretHash=secret_hash(self.secret, self.username),
            Username=self.username,
            Password=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": self.email}],
        )
        self.assertIs(answer["UserConfirmed"], False)
        self.assertEqual(answer["CodeDeliveryDetails"]["Destination"], "m***@e***")
        MainJob.sub = answer["UserSub"]

    @step("an unconfirmed user is refused")
    def test_05_an_unconfirmed_user_is_refused(self):
        for sign_in in [self._by_password, self._by_srp]:
            with self.assert_refused("UserNotConfirmedException", "User is not confirmed."):
                sign_in(self.secret)

    @step("resend the code")
    def test_06_resend_the_code(self):
        anyone.resend_confirmation_code(
            ClientId=self.open["ClientId"], Username=self.username
        )
        self.assertEqual(world.last_sent_to(self.email)["reason"], "ResendCode")

    @step("confirm with the code that was sent")
    def test_07_confirm_with_the_code_that_was_sent(self):
        code = world.last_sent_to(self.email)["code"]
        confirmation = {
            "ClientId": self.secret["ClientId"],
            "SecretHash": secret_hash(self.secret, self.username),
            "Username": self.username,
        }
        with self.assert_refused(
            "CodeMismatchException", "Invalid verification code provided, please try again."
        ):
            anyone.confirm_sign_up(ConfirmationCode=world.another_code(code), **confirmation)
        anyone.confirm_sign_up(ConfirmationCode=code, **confirmation)
        user = admin.admin_get_user(UserPoolId=self.pool_id, Username=self.username)
        self.assertEqual(user["UserStatus"], "CONFIRMED")

    @step("sign in by SRP")
    def test_08_sign_in_by_srp(self):
        for app in [self.open, self.secret]:
            tokens = self._by_srp(app)["AuthenticationResult"]
            self.assertEqual(claims(tokens["AccessToken"])["client_id"], app["ClientId"])
            self.assertEqual(claims(tokens["IdToken"])["sub"], self.sub)
            self.assertTrue(tokens["RefreshToken"])

    @step("sign in by password")
    def test_09_sign_in_by_password(self):
        for app in [self.open, self.secret]:
            tokens = self._tokens(app)
            self.assertEqual(claims(tokens["AccessToken"])["username"], self.username)

    @step("a wrong password is refused")
    def test_10_a_wrong_password_is_refused(self):
        for sign_in in [self._by_password, self._by_srp]:
            with self.assert_refused(
                "NotAuthorizedException", "Incorrect username or password."
            ):
                sign_in(self.secret, "Wrong-Horse-7")

    @step("the tokens carry the groups")
    def test_11_the_tokens_carry_the_groups(self):
        for name, settings in [
            ("readers", {"Precedence": 20, "RoleArn": ROLE + "reader"}),
            ("admins", {"Precedence": 1, "RoleArn": ROLE + "admin"}),
            ("plain", {}),
        ]:
            group = {"UserPoolId": self.pool_id, "GroupName": name}
            admin.create_group(**group, **settings)
            admin.admin_add_user_to_group(Username=self.username, **group)
        tokens = self._by_srp(self.secret)["AuthenticationResult"]
        id_claims, access_claims = claims(tokens["IdToken"]), claims(tokens["AccessToken"])
        for token in [id_claims, access_claims]:
            self.assertCountEqual(token["cognito:groups"], ["admins", "plain", "readers"])
        self.assertCountEqual(id_claims["cognito:roles"], [ROLE + "admin", ROLE + "reader"])
        self.assertEqual(id_claims["cognito:preferred_role"], ROLE + "admin")

    @step("complete a new password")
    def test_12_complete_a_new_password(self):
        invited, email = world.unique("invited"), world.unique_email()
        admin.admin_create_user(
            UserPoolId=self.pool_id,
            Username=invited,
            DesiredDeliveryMediums=["EMAIL"],
            UserAttributes=[{"Name": "email", "Value": email}],
        )
        temporary = world.last_sent_to(email)["code"]
        challenge = self._by_srp(self.secret, temporary, invited)
        self.assertEqual(challenge["ChallengeName"], "NEW_PASSWORD_REQUIRED")
        responses = {
            "USERNAME": invited,
            "NEW_PASSWORD": PASSWORD,
            "userAttributes.name": "Invited Guest",
        }
        tokens = anyone.respond_to_auth_challenge(
            ClientId=self.secret["ClientId"],
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=challenge["Session"],
            ChallengeResponses=responses | self._hash(self.secret, invited),
        )["AuthenticationResult"]
        self.assertEqual(claims(tokens["IdToken"])["name"], "Invited Guest")
        again = self._by_password(self.open, PASSWORD, invited)
        self.assertIn("AuthenticationResult", again)

    @step("read the user")
    def test_13_read_the_user(self):
        user = anyone.get_user(AccessToken=self._tokens(self.open)["AccessToken"])
        self.assertEqual(user["Username"], self.username)
        values = world.attributes(user["UserAttributes"])
        expected = {"sub": self.sub, "email": self.email, "email_verified": "true"}
        self.assertEqual(values, expected)
        found = admin.list_users(
            UserPoolId=self.pool_id, Filter=f'email = "{self.email}"'
        )["Users"]
        self.assertEqual([user["Username"] for user in found], [self.username])

    @step("change the password")
    def test_14_change_the_password(self):
        change = {
            "AccessToken": self._tokens(self.secret)["AccessToken"],
            "ProposedPassword": CHOSEN,
        }
        with self.assert_refused("NotAuthorizedException", "Incorrect username or password."):
            anyone.change_password(PreviousPassword="Wrong-Horse-7", **change)
        anyone.change_password(PreviousPassword=PASSWORD, **change)
        self._by_srp(self.open, CHOSEN)

    @step("reset a forgotten password")
    def test_15_reset_a_forgotten_password(self):
        asked = {
            "ClientId": self.secret["ClientId"],
            "SecretHash": secret_hash(self.secret, self.username),
            "Username": self.username,
        }
        details = anyone.forgot_password(**asked)["CodeDeliveryDetails"]
        self.assertEqual(details["Destination"], "m***@e***")
        message = world.last_sent_to(self.email)
        self.assertEqual(message["reason"], "ForgotPassword")
        choice = asked | {"Password": PASSWORD}
        with self.assert_refused("CodeMismatchException"):
            anyone.confirm_forgot_password(
                ConfirmationCode=world.another_code(message["code"]), **choice
            )
        anyone.confirm_forgot_password(ConfirmationCode=message["code"], **choice)
        self._by_srp(self.secret)

    @step("refresh")
    def test_16_refresh(self):
        first = self._tokens(self.secret)
        parameters = {"REFRESH_TOKEN": first["RefreshToken"]}
        second = anyone.initiate_auth(
            ClientId=self.secret["ClientId"],
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters=parameters | self._hash(self.secret, self.username),
        )["AuthenticationResult"]
        third = anyone.get_tokens_from_refresh_token(
            ClientId=self.secret["ClientId"],
            ClientSecret=self.secret["ClientSecret"],
            RefreshToken=first["RefreshToken"],
        )["AuthenticationResult"]
        before = claims(first["AccessToken"])
        for tokens in [second, third]:
            self.assertNotIn("RefreshToken", tokens)
            after = claims(tokens["AccessToken"])
            self.assertNotEqual(after["jti"], before["jti"])
            self.assertEqual(after["origin_jti"], before["origin_jti"])

    @step("sign out everywhere")
    def test_17_sign_out_everywhere(self):
        MainJob.left = self._tokens(self.open)
        anyone.global_sign_out(AccessToken=self._tokens(self.secret)["AccessToken"])

    @step("refresh is refused after it")
    def test_18_refresh_is_refused_after_it(self):
        with self.assert_refused(
            "NotAuthorizedException", "Refresh Token has been revoked"
        ):
            anyone.get_tokens_from_refresh_token(
                ClientId=self.open["ClientId"], RefreshToken=self.left["RefreshToken"]
            )

    @step("reading the user is refused after it")
    def test_19_reading_the_user_is_refused_after_it(self):
        with self.assert_refused("NotAuthorizedException", "Access Token has been revoked"):
            anyone.get_user(AccessToken=self.left["AccessToken"])
        again = anyone.get_user(AccessToken=self._tokens(self.open)["AccessToken"])
        self.assertEqual(again["Username"], self.username)


class Lists(Case):
    """boto3's own paginators walk every list to its end."""

    def test_every_paginator_sees_every_item_once(self):
        pool_id = world.create_pool()
        names = [f"name-{n}" for n in range(7)]
        for name in names:
            admin.admin_create_user(
                UserPoolId=pool_id, Username=name, MessageAction="SUPPRESS"
            )
            admin.create_group(UserPoolId=pool_id, GroupName=name)
            admin.admin_add_user_to_group(
                UserPoolId=pool_id, Username=name, GroupName="name-0"
            )
            admin.admin_add_user_to_group(
                UserPoolId=pool_id, Username="name-0", GroupName=name
            )
            world.create_client(pool_id, ClientName=name)
        for operation, list_name, member, more in [
            ("list_users", "Users", "Username", {}),
            ("list_groups", "Groups", "GroupName", {}),
            ("list_users_in_group", "Users", "Username", {"GroupName": "name-0"}),
            ("admin_list_groups_for_user", "Groups", "GroupName", {"Username": "name-0"}),
            ("list_user_pool_clients", "UserPoolClients", "ClientName", {}),
        ]:
            with self.subTest(operation):
                pages = admin.get_paginator(operation).paginate(
                    UserPoolId=pool_id, PaginationConfig={"PageSize": 3}, **more
                )
                sizes, seen = [], []
                for page in pages:
                    sizes.append(len(page[list_name]))
                    seen += [item[member] for item in page[list_name]]
                self.assertEqual(sorted(seen), names)
                self.assertEqual(sizes, [3, 3, 1])
        pools = admin.get_paginator("list_user_pools").paginate(
            PaginationConfig={"PageSize": 2}
        )
        ids = [pool["Id"] for page in pools for pool in page["UserPools"]]
        self.assertEqual(ids.count(pool_id), 1)


class Models(Case):
    """boto3 parses every answer by AWS's model; what it drops or can't parse would be missing."""

    def test_nothing_is_answered_that_the_model_does_not_have(self):
        seen = []

        def watch(http_response, parsed, model, **_):
            if http_response.status_code == 200:
                seen.append((model, http_response.content))

        watched = world.client()
        watched.meta.events.register("after-call.cognito-identity-provider", watch)
        pool_id = watched.create_user_pool(PoolName="watched")["UserPool"]["Id"]
        app = watched.create_user_pool_client(
            UserPoolId=pool_id,
            ClientName="watched",
            GenerateSecret=True,
            ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )["UserPoolClient"]
        user = {"UserPoolId": pool_id, "Username": "watched"}
        watched.admin_create_user(MessageAction="SUPPRESS", **user)
        watched.admin_set_user_password(Password=PASSWORD, Permanent=True, **user)
        watched.admin_get_user(**user)
        watched.create_group(UserPoolId=pool_id, GroupName="watched", Precedence=1)
        watched.admin_add_user_to_group(GroupName="watched", **user)
        parameters = {"USERNAME": "watched", "PASSWORD": PASSWORD}
        tokens = watched.admin_initiate_auth(
            UserPoolId=pool_id,
            ClientId=app["ClientId"],
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters=parameters | {"SECRET_HASH": secret_hash(app, "watched")},
        )["AuthenticationResult"]
        watched.get_user(AccessToken=tokens["AccessToken"])
        watched.describe_user_pool(UserPoolId=pool_id)
        watched.describe_user_pool_client(UserPoolId=pool_id, ClientId=app["ClientId"])
        watched.list_users(UserPoolId=pool_id)
        watched.list_groups(UserPoolId=pool_id)
        watched.get_group(UserPoolId=pool_id, GroupName="watched")
        watched.list_users_in_group(UserPoolId=pool_id, GroupName="watched")
        watched.admin_list_groups_for_user(**user)
        watched.list_user_pools(MaxResults=5)
        watched.list_user_pool_clients(UserPoolId=pool_id, MaxResults=5)
        self.assertGreater(len(seen), 15)
        for model, body in seen:
            with self.subTest(model.name):
                if model.output_shape is None or not model.output_shape.members:
                    self.assertIn(body, [b"", b"{}"])
                else:
                    self._fits(model.output_shape, json.loads(body), model.name)

    def _fits(self, shape, value, path):
        kind = shape.type_name
        self.assertIsNotNone(value, f"{path} is null")
        if kind == "structure":
            for name in value:
                self.assertIn(name, shape.members, f"{path} has {name}")
                self._fits(shape.members[name], value[name], f"{path}.{name}")
        elif kind == "list":
            for item in value:
                self._fits(shape.member, item, f"{path}[]")
        elif kind == "map":
            for name, item in value.items():
                self._fits(shape.value, item, f"{path}.{name}")
        elif kind == "string":
            self.assertIsInstance(value, str, path)
            if shape.enum:
                self.assertIn(value, shape.enum, path)
        elif kind == "boolean":
            self.assertIsInstance(value, bool, path)
        else:
            self.assertIsInstance(value, (int, float), path)
            self.assertNotIsInstance(value, bool, path)
