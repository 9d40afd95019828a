"""Does boto3 change, prove and take away attributes?"""

import world
from world import PASSWORD, Case, admin, anyone


def attribute(user, name):
    return next((one["Value"] for one in user["UserAttributes"] if one["Name"] == name), None)


class Attributes(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool_id = world.create_pool(AliasAttributes=["email"])
        cls.client_id = world.create_client(cls.pool_id)["ClientId"]

    def _signed_in(self):
        username = world.unique()
        named = {"UserPoolId": self.pool_id, "Username": username}
        admin.admin_create_user(MessageAction="SUPPRESS", **named)
        admin.admin_set_user_password(Password=PASSWORD, Permanent=True, **named)
        tokens = anyone.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": username, "PASSWORD": PASSWORD},
        )
        return named, {"AccessToken": tokens["AuthenticationResult"]["AccessToken"]}

    def test_an_address_is_given_proved_and_taken_away(self):
        named, token = self._signed_in()
        email = world.unique_email()
        change = [{"Name": "email", "Value": email}, {"Name": "locale", "Value": "de"}]
        answer = anyone.update_user_attributes(UserAttributes=change, **token)
        [details] = answer["CodeDeliveryDetailsList"]
        self.assertEqual(details["Destination"], "m***@e***")
        code = world.last_sent_to(email)["code"]
        with self.assert_refused(
            "CodeMismatchException", "Invalid verification code provided, please try again."
        ):
            anyone.verify_user_attribute(
                AttributeName="email", Code=world.another_code(code), **token
            )
        details = anyone.get_user_attribute_verification_code(AttributeName="email", **token)
        self.assertEqual(details["CodeDeliveryDetails"]["AttributeName"], "email")
        code = world.last_sent_to(email)["code"]
        anyone.verify_user_attribute(AttributeName="email", Code=code, **token)
        user = admin.admin_get_user(UserPoolId=self.pool_id, Username=email)
        self.assertEqual(user["Username"], named["Username"])
        self.assertEqual(attribute(user, "email_verified"), "true")
        anyone.delete_user_attributes(UserAttributeNames=["email"], **token)
        user = anyone.get_user(**token)
        self.assertEqual([attribute(user, "email"), attribute(user, "locale")], [None, "de"])

    def test_an_administrator_changes_disables_and_enables(self):
        named, token = self._signed_in()
        email = world.unique_email()
        verified = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
        admin.admin_update_user_attributes(UserAttributes=verified, **named)
        self.assertEqual(attribute(anyone.get_user(**token), "email_verified"), "true")
        admin.admin_delete_user_attributes(UserAttributeNames=["email"], **named)
        self.assertIsNone(attribute(anyone.get_user(**token), "email"))
        admin.admin_disable_user(**named)
        with self.assert_refused("NotAuthorizedException", "User is disabled."):
            anyone.get_user(**token)
        self.assertIs(admin.admin_get_user(**named)["Enabled"], False)
        admin.admin_enable_user(**named)
        self.assertIs(admin.admin_get_user(**named)["Enabled"], True)

    def test_attributes_are_added_to_the_schema(self):
        plan = {"Name": world.unique("a"), "AttributeDataType": "Number", "Mutable": True}
        admin.add_custom_attributes(UserPoolId=self.pool_id, CustomAttributes=[plan])
        name = f"custom:{plan['Name']}"
        pool = admin.describe_user_pool(UserPoolId=self.pool_id)["UserPool"]
        self.assertIn(name, [one["Name"] for one in pool["SchemaAttributes"]])
        with self.assert_refused("InvalidParameterException"):
            admin.add_custom_attributes(UserPoolId=self.pool_id, CustomAttributes=[plan])
        named, token = self._signed_in()
        value = [{"Name": name, "Value": "7"}]
        admin.admin_update_user_attributes(UserAttributes=value, **named)
        self.assertEqual(attribute(anyone.get_user(**token), name), "7")

    def test_settings_are_kept_and_a_user_leaves(self):
        named, token = self._signed_in()
        phone = [{"Name": "phone_number", "Value": "+12065550100"}]
        admin.admin_update_user_attributes(UserAttributes=phone, **named)
        options = [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]
        admin.admin_set_user_settings(MFAOptions=options, **named)
        self.assertEqual(anyone.get_user(**token)["MFAOptions"], options)
        anyone.set_user_settings(MFAOptions=[], **token)
        self.assertNotIn("MFAOptions", admin.admin_get_user(**named))
        anyone.delete_user(**token)
        with self.assert_refused("UserNotFoundException", "User does not exist."):
            admin.admin_get_user(**named)
