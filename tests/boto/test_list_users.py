"""Does boto3's paginator find users by every filter?"""

import world
from world import Case, admin

VALUES = {
    "email": "Mail-{}@example.com",
    "phone_number": "+1206555010{}",
    "name": "Robin Lee {}",
    "given_name": "Robin{}",
    "family_name": "Lee{}",
    "preferred_username": "Nick-{}",
}


class Filters(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool_id = world.create_pool()
        cls.names = [f"Robin-{n}" for n in range(5)]
        cls.subs = []
        for n, name in enumerate(cls.names):
            attributes = [{"Name": key, "Value": VALUES[key].format(n)} for key in VALUES]
            made = admin.admin_create_user(
                UserPoolId=cls.pool_id,
                Username=name,
                MessageAction="SUPPRESS",
                UserAttributes=attributes,
            )
            cls.subs.append(world.attributes(made["User"]["Attributes"])["sub"])
        admin.admin_set_user_password(
            UserPoolId=cls.pool_id, Username="Robin-4", Password=world.PASSWORD, Permanent=True
        )
        admin.admin_disable_user(UserPoolId=cls.pool_id, Username="Robin-3")

    def _found(self, text, size=2):
        paginator = admin.get_paginator("list_users")
        pages = paginator.paginate(
            UserPoolId=self.pool_id, Filter=text, PaginationConfig={"PageSize": size}
        )
        found = []
        for page in pages:
            self.assertLessEqual(len(page["Users"]), size)
            found += [user["Username"] for user in page["Users"]]
        return sorted(found)

    def test_by_attributes_in_any_case_and_by_their_beginnings(self):
        for key, value in VALUES.items():
            with self.subTest(key):
                one = value.format(2)
                self.assertEqual(self._found(f'{key} = "{one}"'), ["Robin-2"])
                self.assertEqual(self._found(f'{key} = "{one.lower()}"'), ["Robin-2"])
                beginning = value.split("{")[0]
                self.assertEqual(self._found(f'{key} ^= "{beginning}"'), self.names)
                self.assertEqual(self._found(f'{key} = "{beginning}"'), [])

    def test_by_name_and_sub(self):
        self.assertEqual(self._found('username = "Robin-2"'), ["Robin-2"])
        self.assertEqual(self._found('username = "robin-2"'), [])
        self.assertEqual(self._found('username ^= "Rob"'), self.names)
        self.assertEqual(self._found(f'sub = "{self.subs[1]}"'), ["Robin-1"])
        self.assertEqual(self._found(f'sub ^= "{self.subs[1][:13]}"'), ["Robin-1"])

    def test_by_status(self):
        forced = 'cognito:user_status = "FORCE_CHANGE_PASSWORD"'
        self.assertEqual(self._found(forced), self.names[:4])
        self.assertEqual(self._found('cognito:user_status = "confirmed"'), ["Robin-4"])
        self.assertEqual(self._found('cognito:user_status ^= "conf"'), ["Robin-4"])
        self.assertEqual(self._found('status = "Disabled"'), ["Robin-3"])
        self.assertEqual(len(self._found('status = "Enabled"')), 4)

    def test_what_is_no_filter_is_refused(self):
        for text in ("email", 'custom:plan = "x"', 'email > "x"', 'nickname = "x"', 'a = "b" or'):
            with self.assert_refused("InvalidParameterException"):
                self._found(text)
