"""Is an administrator's call taken from nobody but the administrator?"""

import datetime
import re
import unittest
from unittest import mock

import wire
import world
from world import Case

LIST = {"MaxResults": 1}


class Signatures(Case):
    def assert_error(self, answer, name, message=None):
        self.assertEqual(answer.status, 400, answer.body)
        self.assertEqual(answer.json()["__type"], name, answer.body)
        self.assertEqual(answer.headers["x-amzn-errortype"].split(":")[0], name)
        self.assertEqual(answer.headers["content-type"], wire.CONTENT_TYPE)
        self.assertTrue(answer.headers["x-amzn-requestid"])
        if message is not None:
            self.assertRegex(answer.json()["message"], message)

    def send(self, headers, body):
        return wire.send("POST", headers=headers, body=body)

    def test_a_rightly_signed_call_is_taken(self):
        answer = self.send(*wire.signed("ListUserPools", LIST))
        self.assertEqual(answer.status, 200, answer.body)
        self.assertIn("UserPools", answer.json())

    def test_boto3_names_each_fault_as_it_does_with_aws(self):
        for key, secret, name in [
            (world.ACCESS_KEY_ID, "not-the-secret", "InvalidSignatureException"),
            ("AKIANOBODYKNOWSTHIS0", world.SECRET_ACCESS_KEY, "UnrecognizedClientException"),
        ]:
            with self.subTest(name), self.assert_refused(name):
                world.client(key, secret).list_user_pools(MaxResults=1)
        with self.assert_refused("MissingAuthenticationTokenException"):
            world.anyone.list_user_pools(MaxResults=1)

    def test_no_operation_of_administrators_is_open(self):
        model = world.admin.meta.service_model
        open_to_all = {
            name
            for name in model.operation_names
            if "smithy.api#noAuth" in (model.operation_model(name).auth or [])
            or model.operation_model(name).auth_type == "none"
        }
        self.assertIn("SignUp", open_to_all)
        names = [name for name in OPERATIONS if name not in open_to_all]
        self.assertGreater(len(names), 20)
        for name in names:
            with self.subTest(name):
                self.assert_error(
                    wire.call(name), "MissingAuthenticationTokenException"
                )

    def test_a_tampered_body_is_refused(self):
        headers, body = wire.signed("ListUserPools", LIST)
        self.assertIn(b"1", body)
        tampered = body.replace(b"1", b"2")
        self.assert_error(self.send(headers, tampered), "InvalidSignatureException")

    def test_a_tampered_target_is_refused(self):
        headers, body = wire.signed("ListUserPools", LIST)
        headers["X-Amz-Target"] = wire.TARGET + "DeleteUserPool"
        self.assert_error(self.send(headers, body), "InvalidSignatureException")

    def test_a_spoiled_signature_is_refused(self):
        headers, body = wire.signed("ListUserPools", LIST)
        last = headers["Authorization"][-1]
        spoiled = headers["Authorization"][:-1] + ("0" if last != "0" else "1")
        self.assert_error(
            self.send(headers | {"Authorization": spoiled}, body), "InvalidSignatureException"
        )

    def test_a_header_that_has_to_be_signed_must_be(self):
        headers, body = wire.signed("ListUserPools", LIST)
        unsigned = re.sub(r";x-amz-target\b", "", headers["Authorization"])
        self.assertNotEqual(unsigned, headers["Authorization"])
        self.assert_error(
            self.send(headers | {"Authorization": unsigned}, body),
            "InvalidSignatureException",
        )

    def test_an_amz_header_that_came_after_the_signature_is_refused(self):
        headers, body = wire.signed("ListUserPools", LIST)
        self.assert_error(
            self.send(headers | {"X-Amz-Security-Token": "token"}, body),
            "InvalidSignatureException",
        )

    def test_root_credentials_come_without_a_token(self):
        headers, body = wire.signed("ListUserPools", LIST, token="token")
        self.assert_error(self.send(headers, body), "UnrecognizedClientException")

    def test_the_scope_names_the_service(self):
        headers, body = wire.signed("ListUserPools", LIST, service="sts")
        self.assert_error(self.send(headers, body), "InvalidSignatureException")

    def test_the_scope_is_part_of_the_signature(self):
        headers, body = wire.signed("ListUserPools", LIST)
        moved = headers["Authorization"].replace(world.REGION, "us-east-2")
        self.assert_error(
            self.send(headers | {"Authorization": moved}, body), "InvalidSignatureException"
        )

    def test_an_unsigned_payload_is_refused(self):
        headers, body = wire.signed(
            "ListUserPools", LIST, headers={"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}
        )
        self.assert_error(self.send(headers, body), "InvalidSignatureException")

    def test_a_skewed_clock_is_refused(self):
        def at(minutes):
            now = datetime.datetime.now(datetime.timezone.utc)
            moment = (now + datetime.timedelta(minutes=minutes)).replace(tzinfo=None)
            with mock.patch("botocore.auth.get_current_datetime", return_value=moment):
                headers, body = wire.signed("ListUserPools", LIST)
            self.assertIn(moment.strftime("%Y%m%dT%H%M"), headers["X-Amz-Date"])
            return self.send(headers, body)

        for minutes in [-16, -60 * 25, 16, 60 * 25]:
            with self.subTest(minutes=minutes):
                self.assert_error(at(minutes), "InvalidSignatureException", "Signature")
        for minutes in [-4, 4]:
            with self.subTest(minutes=minutes):
                self.assertEqual(at(minutes).status, 200)

    def test_an_authorization_that_can_not_be_read_is_refused(self):
        headers, body = wire.signed("ListUserPools", LIST)
        good = headers["Authorization"]
        for spoiled in [
            "AWS4-HMAC-SHA256",
            "AWS4-HMAC-SHA256 Credential=, SignedHeaders=, Signature=",
            good.split(", Signature")[0],
            good.replace("Credential=", "Cred="),
            good.replace("/aws4_request", ""),
            good + ", Signature=0",
            good + " and more",
            "AWS4-HMAC-SHA256 " + "=" * 30000,
        ]:
            with self.subTest(spoiled[:60]):
                answer = self.send(headers | {"Authorization": spoiled}, body)
                self.assertIn(answer.status, [400, 431], answer.body)
                if answer.status == 400:
                    names = ["IncompleteSignatureException", "InvalidSignatureException"]
                    self.assertIn(answer.json()["__type"], names)
        for scheme in ["Bearer abc", "Basic abc", "AWS4-HMAC-SHA512 x"]:
            with self.subTest(scheme):
                answer = self.send(headers | {"Authorization": scheme}, body)
                self.assertEqual(answer.status, 400, answer.body)

    def test_a_refused_call_changes_nothing(self):
        name = world.unique("refused")
        headers, body = wire.signed("CreateUserPool", {"PoolName": name}, secret="wrong")
        self.assert_error(self.send(headers, body), "InvalidSignatureException")
        pages = world.admin.get_paginator("list_user_pools").paginate(
            PaginationConfig={"PageSize": 60}
        )
        names = [pool["Name"] for page in pages for pool in page["UserPools"]]
        self.assertNotIn(name, names)

    def test_operations_of_everybody_do_not_look_at_a_signature(self):
        app = world.create_client(world.create_pool())
        request = {
            "ClientId": app["ClientId"],
            "Username": world.unique(),
            "Password": world.PASSWORD,
        }
        headers, body = wire.signed("SignUp", request, key="AKIANOBODYKNOWSTHIS0")
        answer = self.send(headers, body)
        self.assertEqual(answer.status, 200, answer.body)


OPERATIONS = """
    AdminAddUserToGroup AdminConfirmSignUp AdminCreateUser AdminDeleteUser AdminGetUser
    AdminInitiateAuth AdminListGroupsForUser AdminRemoveUserFromGroup
    AdminRespondToAuthChallenge AdminSetUserPassword AdminUserGlobalSignOut ConfirmSignUp
    CreateGroup CreateUserPool CreateUserPoolClient DeleteGroup DeleteUserPool
    DeleteUserPoolClient DescribeUserPool DescribeUserPoolClient GetGroup
    GetTokensFromRefreshToken GetUser GlobalSignOut InitiateAuth ListGroups ListUserPoolClients
    ListUserPools ListUsers ListUsersInGroup ResendConfirmationCode RespondToAuthChallenge
    RevokeToken SignUp UpdateUserPool UpdateUserPoolClient
""".split()

if __name__ == "__main__":
    unittest.main()
