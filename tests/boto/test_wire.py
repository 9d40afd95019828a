"""Is every answer a clear one, whatever comes over the wire?"""

import json
import unittest

import wire
import world
from world import PASSWORD, Case, admin


class Wire(Case):
    @classmethod
    def setUpClass(cls):
        cls.pool_id = world.create_pool()
        cls.client_id = world.create_client(cls.pool_id)["ClientId"]

    def assert_error(self, answer, name, status=400):
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.headers["content-type"], wire.CONTENT_TYPE)
        self.assertRegex(answer.headers["x-amzn-requestid"], r"^[0-9a-f-]{36}$")
        self.assertEqual(answer.headers["x-amzn-errortype"].split(":")[0], name)
        error = answer.json()
        self.assertEqual(error["__type"], name)
        self.assertIsInstance(error["message"], str)
        self.assertEqual(answer.headers["access-control-allow-origin"], "*")
        return error["message"]

    def sign_up(self, **members):
        return {
            "ClientId": self.client_id,
            "Username": world.unique(),
            "Password": PASSWORD,
        } | members

    def test_a_good_call_has_the_headers_of_aws(self):
        answer = wire.call("SignUp", self.sign_up())
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(answer.headers["content-type"], wire.CONTENT_TYPE)
        self.assertRegex(answer.headers["x-amzn-requestid"], r"^[0-9a-f-]{36}$")
        self.assertNotIn("x-amzn-errortype", answer.headers)
        again = wire.call("SignUp", self.sign_up())
        self.assertNotEqual(
            answer.headers["x-amzn-requestid"], again.headers["x-amzn-requestid"]
        )

    def test_what_is_no_json_object_is_no_request(self):
        for body in [
            b"{",
            b"not json",
            b"{'ClientId': 'x'}",
            b'{"ClientId": "x",}',
            b'{"ClientId": "x"} and more',
            b'{"ClientId": "\xff\xfe"}',
            b'{"ClientId": "\\ud800"}',
            b'{"ClientId": NaN}',
            b"[]",
            b'"text"',
            b"1",
            b"null",
            b"\x00",
            b"[" * 100_000,
            b'{"a":' * 50_000,
        ]:
            with self.subTest(body[:40]):
                self.assert_error(wire.call("SignUp", body), "SerializationException")

    def test_a_member_of_the_wrong_type_is_no_request(self):
        for wrong in [
            {"ClientId": 5},
            {"ClientId": ["x"]},
            {"ClientId": {"x": "y"}},
            {"Username": True},
            {"UserAttributes": "email"},
            {"UserAttributes": {"Name": "email"}},
            {"UserAttributes": ["email"]},
            {"UserAttributes": [{"Name": 1}]},
            {"ClientMetadata": ["x"]},
            {"ClientMetadata": {"x": 1}},
            {"AnalyticsMetadata": "x"},
        ]:
            with self.subTest(wrong):
                answer = wire.call("SignUp", self.sign_up(**wrong))
                self.assert_error(answer, "SerializationException")
        for wrong in [
            {"ForceAliasCreation": "yes"},
            {"ForceAliasCreation": 1},
            {"UserContextData": []},
        ]:
            with self.subTest(wrong):
                request = {
                    "ClientId": self.client_id,
                    "Username": "x",
                    "ConfirmationCode": "123456",
                } | wrong
                self.assert_error(wire.call("ConfirmSignUp", request), "SerializationException")

    def test_null_stands_for_nothing_and_unknown_members_are_passed_over(self):
        request = self.sign_up(
            SecretHash=None, UserAttributes=None, Unknown={"x": [1, None]}
        )
        answer = wire.call("SignUp", request)
        self.assertEqual(answer.status, 200, answer.body)
        message = self.assert_error(
            wire.call("SignUp", self.sign_up(Username=None)), "InvalidParameterException"
        )
        self.assertEqual(
            message,
            "1 validation error detected: Value at 'username' failed to satisfy constraint: "
            "Member must not be null",
        )

    def test_an_unknown_operation_is_named_as_such(self):
        headers = {"Content-Type": wire.CONTENT_TYPE}
        for target in [
            wire.TARGET + "NoSuchOperation",
            wire.TARGET + "signup",
            wire.TARGET,
            "SignUp",
            "DynamoDB_20120810.ListTables",
            "AWSCognitoIdentityProviderService",
            "." * 3000,
        ]:
            with self.subTest(target[:60]):
                answer = wire.send("POST", headers=headers | {"X-Amz-Target": target}, body=b"{}")
                self.assert_error(answer, "UnknownOperationException")
        self.assert_error(
            wire.send("POST", headers=headers, body=b"{}"), "UnknownOperationException"
        )

    def test_all_broken_constraints_are_told_at_once(self):
        message = self.assert_error(wire.call("InitiateAuth"), "InvalidParameterException")
        self.assertTrue(message.startswith("2 validation errors detected: "), message)
        # AWS calls the id of a client sensitive, and tells nothing of sensitive values.
        for start in ["Value null at 'authFlow'", "Value at 'clientId'"]:
            fault = f"{start} failed to satisfy constraint: Member must not be null"
            self.assertIn(fault, message)
        self.assertEqual(message.count("; "), 1)
        message = self.assert_error(
            wire.call(
                "InitiateAuth",
                {"AuthFlow": "NO_SUCH_FLOW", "ClientId": "not a client!", "Session": "short"},
            ),
            "InvalidParameterException",
        )
        self.assertTrue(message.startswith("3 validation errors detected: "), message)
        self.assertIn("Value 'NO_SUCH_FLOW' at 'authFlow' failed", message)
        self.assertIn("Member must satisfy enum value set: [", message)
        self.assertIn(r"Member must satisfy regular expression pattern: [\w+]+", message)
        self.assertIn("Member must have length greater than or equal to 20", message)

    def test_a_fault_deep_inside_names_its_place(self):
        attributes = [{"Name": "email", "Value": "x"}, {"Value": "no name"}]
        message = self.assert_error(
            wire.call("SignUp", self.sign_up(UserAttributes=attributes)),
            "InvalidParameterException",
        )
        self.assertIn("'userAttributes.2.member.name'", message)

    def test_a_password_is_never_told_back(self):
        secret = "Not For Logs 7!"
        answer = wire.call("SignUp", self.sign_up(Password=secret))
        self.assert_error(answer, "InvalidParameterException")
        self.assertNotIn(secret.encode(), answer.body)
        message = answer.json()["message"]
        self.assertIn("Value at 'password' failed to satisfy constraint", message)

    def test_a_body_over_the_limit_is_too_large(self):
        body = json.dumps(self.sign_up(Padding="x" * (1 << 20))).encode()
        answer = wire.call("SignUp", body)
        self.assert_error(answer, "RequestEntityTooLargeException", 413)
        body = json.dumps(self.sign_up(Padding="x" * 900_000)).encode()
        self.assertEqual(wire.call("SignUp", body).status, 200)

    def test_other_methods_and_paths_are_answered_clearly(self):
        self.assertEqual(wire.send("GET").status, 200)
        head = wire.send("HEAD")
        self.assertEqual((head.status, head.body), (200, b""))
        for method, path in [
            ("PUT", "/"),
            ("DELETE", "/"),
            ("PATCH", "/"),
            ("GET", "/no/such/path"),
            ("POST", "/no/such/path"),
            ("GET", "/%ff%00"),
            ("GET", "/eu-west-1_NoSuchPool/.well-known/jwks.json"),
            ("GET", "/..%2f..%2f/.well-known/jwks.json"),
            ("GET", f"/{self.pool_id}/.well-known/unknown"),
            ("GET", "/" + "x" * 10_000),
        ]:
            with self.subTest(f"{method} {path[:50]}"):
                status = wire.send(method, path).status
                self.assertIn(status, [400, 404, 405, 414])

    def test_browsers_of_every_origin_may_call(self):
        asked = "cache-control,content-type,x-amz-target,x-amz-user-agent,amz-sdk-invocation-id"
        answer = wire.send(
            "OPTIONS",
            headers={
                "Origin": "https://app.example.com",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": asked,
            },
        )
        self.assertIn(answer.status, [200, 204])
        self.assertEqual(answer.headers["access-control-allow-origin"], "*")
        self.assertIn("POST", answer.headers["access-control-allow-methods"])
        allowed = answer.headers["access-control-allow-headers"].lower().replace(" ", "")
        self.assertEqual(set(asked.split(",")) - set(allowed.split(",")), set())
        self.assertGreater(int(answer.headers["access-control-max-age"]), 0)
        answer = wire.call("SignUp", self.sign_up(), {"Origin": "https://app.example.com"})
        self.assertEqual(answer.headers["access-control-allow-origin"], "*")
        exposed = answer.headers["access-control-expose-headers"].lower()
        for name in ["x-amzn-requestid", "x-amzn-errortype"]:
            self.assertIn(name, exposed)

    def test_a_refused_call_leaves_nothing_half_written(self):
        username = world.unique()
        attributes = [{"Name": "custom:absent", "Value": "x"}]
        answer = wire.call(
            "SignUp", self.sign_up(Username=username, UserAttributes=attributes)
        )
        self.assert_error(answer, "InvalidParameterException")
        with self.assert_refused("UserNotFoundException", "User does not exist."):
            admin.admin_get_user(UserPoolId=self.pool_id, Username=username)
        found = admin.list_users(UserPoolId=self.pool_id, Filter=f'username = "{username}"')
        self.assertEqual(found["Users"], [])
        self.assertEqual(wire.call("SignUp", self.sign_up(Username=username)).status, 200)

    def test_names_of_any_script_come_back_as_they_went(self):
        for username in ["Zoë", "Борис", "山田太郎", "😀", "a'b\"c\\d", "%2F..%00", "__proto__"]:
            with self.subTest(username):
                answer = wire.call("SignUp", self.sign_up(Username=username))
                self.assertEqual(answer.status, 200, answer.body)
                user = admin.admin_get_user(UserPoolId=self.pool_id, Username=username)
                self.assertEqual(user["Username"], username)


if __name__ == "__main__":
    unittest.main()
