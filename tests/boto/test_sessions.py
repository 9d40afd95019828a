"""Does boto3 see sessions, bound them and end them?"""

import world
from world import PASSWORD, Case, admin, anyone


class Sessions(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool_id = world.create_pool()
        cls.client_id = world.create_client(cls.pool_id)["ClientId"]
        cls.settings = {"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 3}}
        admin.set_user_pool_session_configuration(UserPoolId=cls.pool_id, **cls.settings)

    def _user(self):
        named = {"UserPoolId": self.pool_id, "Username": world.unique()}
        admin.admin_create_user(MessageAction="SUPPRESS", **named)
        admin.admin_set_user_password(Password=PASSWORD, Permanent=True, **named)
        return named

    def _sign_in(self, named):
        answer = anyone.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": named["Username"], "PASSWORD": PASSWORD},
        )
        return answer["AuthenticationResult"]

    def _assert_ended(self, tokens, code="NotAuthorizedException"):
        token = {"AccessToken": tokens["AccessToken"]}
        nickname = [{"Name": "nickname", "Value": "late"}]
        for use in (
            lambda: anyone.get_user(**token),
            lambda: anyone.update_user_attributes(UserAttributes=nickname, **token),
            lambda: anyone.list_user_sessions(**token),
        ):
            with self.assert_refused(code):
                use()
        with self.assert_refused("NotAuthorizedException"):
            anyone.get_tokens_from_refresh_token(
                ClientId=self.client_id, RefreshToken=tokens["RefreshToken"]
            )

    def test_how_sessions_are_kept_is_told(self):
        answer = admin.get_user_pool_session_configuration(UserPoolId=self.pool_id)
        self.assertEqual({name: answer[name] for name in self.settings}, self.settings)
        client = {"UserPoolId": self.pool_id, "ClientId": self.client_id}
        sso = {"SSOSession": {"MaxValidityMinutes": 30}}
        admin.set_user_pool_client_session_configuration(**client, **sso)
        answer = admin.get_user_pool_client_session_configuration(**client)
        self.assertEqual(answer["SSOSession"], sso["SSOSession"])

    def test_a_user_ends_a_session_elsewhere(self):
        named = self._user()
        here, there = self._sign_in(named), self._sign_in(named)
        token = {"AccessToken": here["AccessToken"]}
        sessions = anyone.list_user_sessions(**token)["Sessions"]
        self.assertEqual(sorted(one["IsCurrentSession"] for one in sessions), [False, True])
        for one in sessions:
            self.assertEqual((one["SessionType"], one["ClientId"]), ("TOKEN", self.client_id))
            self.assertTrue(one["DeviceType"].startswith("AWS SDK for Python"), one)
            self.assertGreaterEqual(one["LastActiveDate"], one["CreateDate"])
        [other] = [one["SessionId"] for one in sessions if not one["IsCurrentSession"]]
        anyone.revoke_user_session(SessionId=other, **token)
        self._assert_ended(there)
        anyone.get_user(**token)
        with self.assert_refused("ResourceNotFoundException"):
            anyone.revoke_user_session(SessionId=other, **token)

    def test_an_administrator_ends_a_session(self):
        named = self._user()
        tokens = self._sign_in(named)
        [session] = admin.admin_list_user_sessions(**named)["Sessions"]
        admin.admin_revoke_user_session(SessionId=session["SessionId"], **named)
        self._assert_ended(tokens)
        self.assertEqual(admin.admin_list_user_sessions(**named)["Sessions"], [])

    def test_more_sessions_than_a_user_may_have_end_the_oldest(self):
        named = self._user()
        first, *rest = [self._sign_in(named) for _ in range(4)]
        self._assert_ended(first)
        for tokens in rest:
            anyone.get_user(AccessToken=tokens["AccessToken"])
        self.assertEqual(len(admin.admin_list_user_sessions(**named)["Sessions"]), 3)

    def test_a_disabled_or_deleted_user_has_no_session(self):
        named = self._user()
        tokens = self._sign_in(named)
        admin.admin_disable_user(**named)
        self._assert_ended(tokens)
        admin.admin_enable_user(**named)
        self._assert_ended(tokens)
        tokens = self._sign_in(named)
        admin.admin_delete_user(**named)
        self._assert_ended(tokens, "UserNotFoundException")
