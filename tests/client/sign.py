"""Sends a request that botocore signs, and prints the status and the answer."""

import json
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

asked = json.load(sys.stdin)
given = asked["credentials"]
credentials = Credentials(given["accessKeyId"], given["secretAccessKey"], given["sessionToken"])
request = AWSRequest(asked["method"], asked["url"], data=asked.get("body"))
SigV4Auth(credentials, asked["service"], asked["region"]).add_auth(request)
body = request.body.encode() if isinstance(request.body, str) else request.body
sent = Request(request.url, body, dict(request.headers), method=request.method)
try:
    with urlopen(sent, timeout=30) as response:
        answer = response.status, response.read().decode()
except HTTPError as error:
    answer = error.code, error.read().decode()
print(json.dumps(answer))
