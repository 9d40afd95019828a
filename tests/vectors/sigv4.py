"""Prints requests that botocore signed, for `sigv4.json`. Needs `pip install botocore`.

    python sigv4.py > sigv4.json

Two kinds: the cases of AWS's published Signature Version 4 suite, signed again with its published
example key (all but those with a form body were compared with it and have its signatures), and what
AWS's own clients send for operations of ours. Nothing leaves the machine: the clients are stopped
before they send.
"""

import datetime
import json
from unittest import mock
from urllib.parse import urlsplit

import botocore
import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.session

# AWS's published example, and a token that nobody issued.
KEY_ID = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "made-up/session+token==" * 16
VARYING = ("user-agent", "amz-sdk-invocation-id")  # never signed
SUITE_TIME = datetime.datetime(2015, 8, 30, 12, 36, tzinfo=datetime.timezone.utc)
OUR_TIME = datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)


def at(time):
    """Botocore's clock stands at that time."""
    naive = time.replace(tzinfo=None)
    return mock.patch("botocore.auth.get_current_datetime", lambda *_, **__: naive)


def vector(name, time, scope, method, url, headers, body, **more):
    """A request as it comes off the wire."""
    parts = urlsplit(url)
    headers = [(k.lower(), v if isinstance(v, str) else v.decode()) for k, v in headers]
    headers = [(k, "any" if k in VARYING else v) for k, v in headers]
    if "host" not in dict(headers):
        headers.insert(0, ("host", parts.netloc))
    body = body or b""
    return {
        "name": name,
        "now_ms": int(time.timestamp()) * 1000,
        "region": scope[0],
        "service": scope[1],
        "method": method,
        "path": parts.path or "/",
        "query": parts.query,
        "headers": headers,
        "body": (body if isinstance(body, bytes) else body.encode()).decode(),
        **more,
    }


def suite():
    """`Host` and `X-Amz-Date` are in each case; the other headers are as the suite has them."""
    host = "https://example.amazonaws.com"
    unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    several = lambda *values: [("My-Header1", value) for value in values]
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    cases = [
        ("get-header-key-duplicate", "GET", "/", several("value2", "value2", "value1"), ""),
        ("get-header-value-order", "GET", "/", several("value4", "value1", "value3", "value2"), ""),
        ("get-header-value-trim", "GET", "/",
         [("My-Header1", " value1"), ("My-Header2", ' "a   b   c"')], ""),
        ("get-unreserved", "GET", "/" + unreserved, [], ""),
        ("get-utf8", "GET", "/\u1234", [], ""),
        ("get-vanilla", "GET", "/", [], ""),
        ("get-vanilla-empty-query-key", "GET", "/?Param1=value1", [], ""),
        ("get-vanilla-query", "GET", "/", [], ""),
        ("get-vanilla-query-order-key", "GET", "/?Param1=value2&Param1=Value1", [], ""),
        ("get-vanilla-query-order-key-case", "GET", "/?Param2=value2&Param1=value1", [], ""),
        ("get-vanilla-query-order-value", "GET", "/?Param1=value2&Param1=value1", [], ""),
        ("get-vanilla-query-unreserved", "GET", f"/?{unreserved}={unreserved}", [], ""),
        ("get-vanilla-utf8-query", "GET", "/?%E1%88%B4=bar", [], ""),
        ("get-relative", "GET", "/example/..", [], ""),
        ("get-relative-relative", "GET", "/example1/example2/../..", [], ""),
        ("get-slash", "GET", "//", [], ""),
        ("get-slash-dot-slash", "GET", "/./", [], ""),
        ("get-slash-pointless-dot", "GET", "/./example", [], ""),
        ("get-slashes", "GET", "//example//", [], ""),
        ("get-space", "GET", "/example space/", [], ""),
        ("post-header-key-case", "POST", "/", [], ""),
        ("post-header-key-sort", "POST", "/", [("My-Header1", "value1")], ""),
        ("post-header-value-case", "POST", "/", [("My-Header1", "VALUE1")], ""),
        ("post-vanilla", "POST", "/", [], ""),
        ("post-vanilla-query", "POST", "/?Param1=value1", [], ""),
        ("post-x-www-form-urlencoded", "POST", "/", form, "Param1=value1"),
        ("post-x-www-form-urlencoded-parameters", "POST", "/",
         [("Content-Type", "application/x-www-form-urlencoded; charset=utf8")], "Param1=value1"),
    ]
    keys = botocore.credentials.Credentials(KEY_ID, SECRET)
    for name, method, target, headers, body in cases:
        request = botocore.awsrequest.AWSRequest(method=method, url=host + target, data=body)
        for header in headers:
            request.headers.add_header(*header)
        with at(SUITE_TIME):
            botocore.auth.SigV4Auth(keys, "service", "us-east-1").add_auth(request)
        yield vector(name, SUITE_TIME, ("us-east-1", "service"), method, host + target,
                     request.headers.items(), body)


def sent(name, service, operation, token=None, url="http://localhost:8787", **arguments):
    """What a client was about to send."""
    region = "eu-central-1"
    session = botocore.session.Session()
    session.set_credentials(KEY_ID, SECRET, token)
    client = session.create_client(service, region, endpoint_url=url)
    caught = []

    def catch(request, **_):
        caught.append(request)
        raw = mock.Mock(stream=lambda: iter([b"{}"]))
        return botocore.awsrequest.AWSResponse(request.url, 200, {}, raw)

    client.meta.events.register("before-send", catch)
    with at(OUR_TIME):
        try:
            getattr(client, operation)(**arguments)
        except Exception:  # the answer is of no interest
            pass
    [request] = caught
    more = {"session_token": token} if token else {}
    return vector(name, OUR_TIME, (region, service), request.method, request.url,
                  request.headers.items(), request.body, **more)


def clients():
    pool = "eu-central-1_aB3dEf6hI"
    yield sent("list-users", "cognito-idp", "list_users", UserPoolId=pool, Limit=10)
    yield sent("admin-create-user", "cognito-idp", "admin_create_user", UserPoolId=pool,
               Username="z\u00f6e", UserAttributes=[{"Name": "email", "Value": "zoe@example.com"}])
    yield sent("list-user-pools-of-a-temporary-key", "cognito-idp", "list_user_pools", token=TOKEN,
               url="https://id.example.com", MaxResults=1)
    yield sent("list-identity-pools", "cognito-identity", "list_identity_pools", token=TOKEN,
               MaxResults=1)
    yield sent("list-records", "cognito-sync", "list_records", IdentityPoolId="eu-central-1:1",
               IdentityId="eu-central-1:2", DatasetName="a~b+c d/e*'()", LastSyncCount=0,
               MaxResults=5, SyncSessionToken="a b+c/d=&~*\u00e9")
    yield sent("get-caller-identity", "sts", "get_caller_identity", token=TOKEN)
    yield sent("get-object", "s3", "get_object", token=TOKEN, Bucket="bucket",
               Key="a//b/../c d+e~\u00e9.txt")


class HashesTheBody(botocore.auth.SigV4Auth):
    """Signs the body that there is, whatever the header says of it."""

    def canonical_request(self, request):
        *lines, _ = super().canonical_request(request).split("\n")
        return "\n".join([*lines, self.payload(request)])


def signed_apart():
    """What botocore's signers can do and its clients seldom do."""
    keys = botocore.credentials.Credentials(KEY_ID, SECRET)
    temporary = botocore.credentials.Credentials(KEY_ID, SECRET, TOKEN)
    scope = ("eu-central-1", "cognito-idp")
    url = "https://id.example.com/"
    json_1_1 = {"Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPools"}

    def sign(name, signer, scope, method="POST", url=url, headers=json_1_1,
             body='{"MaxResults":1}', keys=keys, context=None, expires_s=None, **more):
        request = botocore.awsrequest.AWSRequest(method, url, dict(headers), body)
        request.context.update(context or {})
        only_presigned = {} if expires_s is None else {"expires": expires_s}
        with at(OUR_TIME):
            signer(keys, scope[1], scope[0], **only_presigned).add_auth(request)
        return vector(name, OUR_TIME, scope, method, request.url, request.headers.items(),
                      body, **only_presigned, **more)

    v4, v4_query = botocore.auth.SigV4Auth, botocore.auth.SigV4QueryAuth
    yield sign("by-date-header", v4, scope, headers={**json_1_1, "Date": "now"})
    yield sign("with-content-hash", botocore.auth.S3SigV4Auth, scope)
    yield sign("unsigned-payload", v4, scope, context={"payload_signing_enabled": False},
               unsigned_payload=True)
    yield sign("presigned", v4_query, scope, "GET", url + "?b=1&a=%2F", {}, "", expires_s=90)
    yield sign("presigned-by-a-temporary-key", v4_query, ("us-east-1", "sts"), "GET",
               url + "?Action=GetCallerIdentity&Version=2011-06-15", {}, "", keys=temporary,
               expires_s=3600, session_token=TOKEN)
    yield sign("with-an-empty-header", v4, scope, headers={**json_1_1, "My-Header1": ""})
    forgotten = sign("without-a-header-that-is-signed", v4, scope,
                     headers={**json_1_1, "My-Header1": ""}, is_refused=True)
    yield {**forgotten, "headers": [h for h in forgotten["headers"] if h[0] != "my-header1"]}
    yield sign("with-the-hash-of-another-body", HashesTheBody, scope, is_refused=True,
               headers={**json_1_1, "X-Amz-Content-SHA256": botocore.auth.EMPTY_SHA256_HASH})
    upload = sign("presigned-object", botocore.auth.S3SigV4QueryAuth, ("auto", "s3"), "PUT",
                  url + "bucket/a//b%20c", {}, "", expires_s=604800, unsigned_payload=True)
    yield {**upload, "body": "what nobody knew when it was signed"}


def main():
    vectors = [*suite(), *clients(), *signed_apart()]
    print(f'{{"botocore": "{botocore.__version__}",')
    print(f' "access_key_id": "{KEY_ID}",')
    print(f' "secret_access_key": "{SECRET}",')
    print(' "vectors": [')
    print(",\n".join("  " + json.dumps(each, ensure_ascii=False) for each in vectors))
    print(" ]}")


if __name__ == "__main__":
    main()
