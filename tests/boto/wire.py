"""Requests made by hand: what no SDK would send."""

import http.client
import json
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import world

TARGET = "AWSCognitoIdentityProviderService."
CONTENT_TYPE = "application/x-amz-json-1.1"


class Answer:
    """Status, headers by lower-case name, and the body as bytes."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


def send(method, path="/", headers=None, body=None):
    """Sends exactly that, and nothing that a library finds better."""
    url = urlsplit(world.ENDPOINT)
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = kind(url.netloc, timeout=30)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def call(operation, body=b"{}", headers=None):
    """An unsigned call with that body, which need not be JSON."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    own = {"Content-Type": CONTENT_TYPE, "X-Amz-Target": TARGET + operation}
    return send("POST", headers=own | (headers or {}), body=body)


def signed(
    operation,
    body,
    key=world.ACCESS_KEY_ID,
    secret=world.SECRET_ACCESS_KEY,
    service="cognito-idp",
    region=world.REGION,
    token=None,
    target=None,
    headers=None,
):
    """Headers and body of a call, signed by botocore."""
    request = AWSRequest(
        method="POST",
        url=world.ENDPOINT + "/",
        data=json.dumps(body).encode(),
        headers={
            "Content-Type": CONTENT_TYPE,
            "X-Amz-Target": target or TARGET + operation,
            "Host": urlsplit(world.ENDPOINT).netloc,
        }
        | (headers or {}),
    )
    SigV4Auth(Credentials(key, secret, token), service, region).add_auth(request)
    return dict(request.headers.items()), request.data
