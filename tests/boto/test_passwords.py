"""Are passwords forgotten, reset, changed and remembered through boto3?"""

import world
from world import PASSWORD, Case, admin, anyone

CHOSEN = "Another-Horse-8"


class Passwords(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policy = {"MinimumLength": 8, "PasswordHistorySize": 2}
        cls.pool_id = world.create_pool(Policies={"PasswordPolicy": policy})
        cls.client_id = world.create_client(cls.pool_id)["ClientId"]

    def _user(self):
        username, email = world.unique(), world.unique_email()
        named = {"UserPoolId": self.pool_id, "Username": username}
        attributes = {"email": email, "email_verified": "true"}
        admin.admin_create_user(
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": name, "Value": attributes[name]} for name in attributes],
            **named,
        )
        admin.admin_set_user_password(Password=PASSWORD, Permanent=True, **named)
        return named, email

    def _sign_in(self, named, password):
        answer = anyone.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": named["Username"], "PASSWORD": password},
        )
        return answer.get("AuthenticationResult", answer)

    def _choose(self, named, code, password):
        anyone.confirm_forgot_password(
            ClientId=self.client_id,
            Username=named["Username"],
            ConfirmationCode=code,
            Password=password,
        )

    def test_a_password_that_an_administrator_reset_is_chosen_anew(self):
        named, email = self._user()
        admin.admin_reset_user_password(**named)
        with self.assert_refused(
            "PasswordResetRequiredException", "Password reset required for the user"
        ):
            self._sign_in(named, PASSWORD)
        self.assertEqual(admin.admin_get_user(**named)["UserStatus"], "RESET_REQUIRED")
        code = world.last_sent_to(email)["code"]
        with self.assert_refused("CodeMismatchException"):
            self._choose(named, world.another_code(code), CHOSEN)
        with self.assert_refused("InvalidPasswordException"):
            self._choose(named, code, "short")
        self._choose(named, code, CHOSEN)
        with self.assert_refused("ExpiredCodeException"):
            self._choose(named, code, "A-Third-Horse-9")
        self.assertTrue(self._sign_in(named, CHOSEN)["AccessToken"])

    def test_former_passwords_do_not_come_back(self):
        named, _ = self._user()
        reused = ("PasswordHistoryPolicyViolationException", "Password has previously been used")
        token = {"AccessToken": self._sign_in(named, PASSWORD)["AccessToken"]}
        anyone.change_password(PreviousPassword=PASSWORD, ProposedPassword=CHOSEN, **token)
        with self.assert_refused(*reused):
            anyone.change_password(PreviousPassword=CHOSEN, ProposedPassword=PASSWORD, **token)
        with self.assert_refused(*reused):
            admin.admin_set_user_password(Password=PASSWORD, Permanent=True, **named)
        with self.assert_refused("NotAuthorizedException", "Incorrect username or password."):
            anyone.change_password(
                PreviousPassword="Wrong-Horse-7", ProposedPassword="A-Third-Horse-9", **token
            )
        self.assertTrue(self._sign_in(named, CHOSEN)["AccessToken"])

    def test_a_temporary_password_has_to_be_replaced(self):
        named, _ = self._user()
        admin.admin_set_user_password(Password="Temporary-9", Permanent=False, **named)
        self.assertEqual(admin.admin_get_user(**named)["UserStatus"], "FORCE_CHANGE_PASSWORD")
        with self.assert_refused("NotAuthorizedException"):
            anyone.forgot_password(ClientId=self.client_id, Username=named["Username"])
        asked = self._sign_in(named, "Temporary-9")
        self.assertEqual(asked["ChallengeName"], "NEW_PASSWORD_REQUIRED")
        answer = anyone.respond_to_auth_challenge(
            ClientId=self.client_id,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": named["Username"], "NEW_PASSWORD": CHOSEN},
        )
        self.assertTrue(answer["AuthenticationResult"]["AccessToken"])

    def test_five_codes_an_hour_are_sent_and_no_more(self):
        named, _ = self._user()
        asked = {"ClientId": self.client_id, "Username": named["Username"]}
        for _ in range(5):
            details = anyone.forgot_password(**asked)["CodeDeliveryDetails"]
            self.assertEqual(details["Destination"], "m***@e***")
        with self.assert_refused(
            "LimitExceededException", "Attempt limit exceeded, please try after some time."
        ):
            anyone.forgot_password(**asked)

    def test_where_users_are_hidden_a_stranger_is_answered_as_a_user_is(self):
        hidden = world.create_client(self.pool_id, PreventUserExistenceErrors="ENABLED")
        named, _ = self._user()
        for username in (named["Username"], world.unique()):
            asked = {"ClientId": hidden["ClientId"], "Username": username}
            details = anyone.forgot_password(**asked)["CodeDeliveryDetails"]
            self.assertRegex(details["Destination"], r"^[a-z]\*{3}@[a-z]\*{3}$")
            with self.assert_refused("CodeMismatchException"):
                anyone.confirm_forgot_password(
                    ConfirmationCode="wrong", Password=CHOSEN, **asked
                )
            with self.assert_refused("NotAuthorizedException", "Incorrect username or password."):
                anyone.initiate_auth(
                    ClientId=hidden["ClientId"],
                    AuthFlow="USER_PASSWORD_AUTH",
                    AuthParameters={"USERNAME": username, "PASSWORD": "Wrong-Horse-7"},
                )
