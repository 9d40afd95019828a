"""How does a test reach the service, and what does it start from?"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import unittest
from urllib.parse import urlencode
from urllib.request import urlopen

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = os.environ.get("COGNATE_ENDPOINT", "http://127.0.0.1:8787").rstrip("/")
REGION = "eu-west-1"

# The documented credentials of local development.
ACCESS_KEY_ID = os.environ.get("COGNATE_ACCESS_KEY_ID", "AKIACOGNATEDEVELOP01")
SECRET_ACCESS_KEY = os.environ.get(
    "COGNATE_SECRET_ACCESS_KEY", "cognate/development/secret/access/key000"
)

# Keeps to the default policy of passwords.
PASSWORD = "Correct-Horse-7"


def client(key=ACCESS_KEY_ID, secret=SECRET_ACCESS_KEY, **settings):
    """A client of boto3 that calls once, so that nothing is hidden by a retry."""
    settings.setdefault("retries", {"total_max_attempts": 1})
    return boto3.client(
        "cognito-idp",
        endpoint_url=ENDPOINT,
        region_name=REGION,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(**settings),
    )


admin = client()

# Signs nothing: an operation that wants a signature would refuse it.
anyone = client(signature_version=UNSIGNED)


def unique(start="user"):
    return f"{start}-{secrets.token_hex(6)}"


def unique_email():
    return f"{unique('mail')}@example.com"


def create_pool(**settings):
    """A pool that verifies e-mail addresses. Gives its id."""
    settings = {"PoolName": unique("pool"), "AutoVerifiedAttributes": ["email"]} | settings
    return admin.create_user_pool(**settings)["UserPool"]["Id"]


def create_client(pool_id, **settings):
    flows = ["ADMIN_USER_PASSWORD", "REFRESH_TOKEN", "USER_PASSWORD", "USER_SRP"]
    settings = {
        "UserPoolId": pool_id,
        "ClientName": unique("client"),
        "ExplicitAuthFlows": [f"ALLOW_{flow}_AUTH" for flow in flows],
    } | settings
    return admin.create_user_pool_client(**settings)["UserPoolClient"]


def secret_hash(app, username):
    message = (username + app["ClientId"]).encode()
    digest = hmac.new(app["ClientSecret"].encode(), message, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def last_sent_to(destination):
    """The newest message to that address."""
    query = urlencode({"destination": destination})
    with urlopen(f"{ENDPOINT}/_cognate/outbox.json?{query}") as answer:
        messages = json.load(answer)["Messages"]
    assert messages, f"nothing was sent to {destination}"
    return messages[-1]


def another_code(code):
    """A code of the right form that is not that one."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def claims(jwt):
    """What a JWT says, unverified."""
    part = jwt.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def attributes(pairs):
    return {pair["Name"]: pair["Value"] for pair in pairs}


class Case(unittest.TestCase):
    """A test case that knows what AWS's refusals look like."""

    def assert_refused(self, name, message=None):
        return _Refusal(self, name, message)


class _Refusal:
    def __init__(self, case, name, message):
        self.case, self.name, self.message = case, name, message
        self.raises = case.assertRaises(ClientError)

    def __enter__(self):
        self.raises.__enter__()
        return self

    def __exit__(self, *exit):
        suppressed = self.raises.__exit__(*exit)
        if suppressed:
            response = self.raises.exception.response
            self.case.assertEqual(response["Error"]["Code"], self.name, response)
            self.case.assertEqual(response["ResponseMetadata"]["HTTPStatusCode"], 400)
            self.case.assertTrue(response["ResponseMetadata"]["RequestId"])
            if self.message is not None:
                self.case.assertEqual(response["Error"]["Message"], self.message)
        return suppressed
