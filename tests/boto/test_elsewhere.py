"""Does another STS take what an identity pool says? moto's does, which nobody here wrote."""

import json
import logging
import os
import shutil
import signal
import subprocess
import tempfile

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from moto.server import ThreadedMotoServer

import world
from world import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, Case

ROLE = "arn:aws:iam::123456789012:role/elsewhere"


def client(name, endpoint, key=ACCESS_KEY_ID, secret=SECRET_ACCESS_KEY, token=None, **settings):
    return boto3.client(
        name,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(retries={"total_max_attempts": 1}, **settings),
    )


class Elsewhere(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        cls.other = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        cls.other.start()
        cls.addClassCleanup(cls.other.stop)
        cls.sts = "http://{}:{}/".format(*cls.other.get_host_and_port())
        cls.endpoint = cls._serve(CREDENTIALS="aws", STS_ENDPOINT=cls.sts)
        cls.identities = client("cognito-identity", cls.endpoint)
        cls.pool_id = cls.identities.create_identity_pool(
            IdentityPoolName=world.unique("elsewhere"),
            AllowUnauthenticatedIdentities=True,
            AllowClassicFlow=True,
        )["IdentityPoolId"]
        roles = {"unauthenticated": ROLE}
        cls.identities.set_identity_pool_roles(IdentityPoolId=cls.pool_id, Roles=roles)
        cls.guest = cls.identities.get_id(IdentityPoolId=cls.pool_id)["IdentityId"]

    @classmethod
    def _serve(cls, **variables):
        """Another server of ours, with those settings."""
        state = tempfile.mkdtemp(prefix="cognate-elsewhere-")
        cls.addClassCleanup(shutil.rmtree, state, ignore_errors=True)
        command = os.environ["COGNATE_SERVE"].split(" ")
        server = subprocess.Popen(
            [*command, "--port", "0", "--state", state],
            env=os.environ | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        cls.addClassCleanup(server.stdout.close)
        cls.addClassCleanup(server.wait)
        cls.addClassCleanup(server.send_signal, signal.SIGTERM)
        return json.loads(server.stdout.readline())["endpoint"]

    def _caller(self, key, secret, token):
        return client("sts", self.sts, key, secret, token).get_caller_identity()

    def test_an_identity_gets_the_credentials_that_another_sts_gives(self):
        given = self.identities.get_credentials_for_identity(IdentityId=self.guest)
        self.assertEqual(given["IdentityId"], self.guest)
        credentials = given["Credentials"]
        who = self._caller(
            credentials["AccessKeyId"], credentials["SecretKey"], credentials["SessionToken"]
        )
        arn = "arn:aws:sts::123456789012:assumed-role/elsewhere/CognitoIdentityCredentials"
        self.assertEqual(who["Arn"], arn)

    def test_another_sts_takes_the_token_of_the_basic_flow(self):
        token = self.identities.get_open_id_token(IdentityId=self.guest)["Token"]
        sts = client("sts", self.sts, signature_version=UNSIGNED)
        taken = sts.assume_role_with_web_identity(
            RoleArn=ROLE, RoleSessionName="basic", WebIdentityToken=token
        )["Credentials"]
        who = self._caller(
            taken["AccessKeyId"], taken["SecretAccessKey"], taken["SessionToken"]
        )
        self.assertTrue(who["Arn"].endswith("assumed-role/elsewhere/basic"), who["Arn"])
