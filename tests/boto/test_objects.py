"""Does boto3 store objects, whole and in parts, under the policies of roles?"""

import hashlib
import io
import json
import os
import tempfile
import time
import urllib.error
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

import world
from test_identities import ACCOUNT, iam, service
from world import ACCESS_KEY_ID, ENDPOINT, REGION, SECRET_ACCESS_KEY, Case

BUCKET = "files"
MEGABYTE = 1 << 20
IN_PARTS = TransferConfig(multipart_threshold=5 * MEGABYTE, multipart_chunksize=5 * MEGABYTE)


def client(credentials=None, **settings):
    key = credentials or {"AccessKeyId": ACCESS_KEY_ID, "SecretAccessKey": SECRET_ACCESS_KEY}
    settings = {"retries": {"total_max_attempts": 1}, "s3": {"addressing_style": "path"}} | settings
    return boto3.client(
        "s3",
        endpoint_url=ENDPOINT,
        region_name=REGION,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        aws_session_token=key.get("SessionToken"),
        config=Config(signature_version="s3v4", **settings),
    )


root = client()


def digest(data):
    return hashlib.sha256(data).hexdigest()


class Objects(Case):
    def setUp(self):
        super().setUp()
        self.folder = world.unique("boto")

    def key(self, name):
        return f"{self.folder}/{name}"

    def assert_refused(self, code):
        """S3's errors have codes of their own."""
        return self.assertRaisesRegex(ClientError, rf"\({code}\)")

    def test_files_go_up_and_come_down(self):
        for name, size, config in [
            ("small é+ &", 10, None),
            ("in parts", 11 * MEGABYTE, IN_PARTS),
            ("empty", 0, None),
        ]:
            data = os.urandom(size)
            with tempfile.TemporaryDirectory() as folder:
                up, down = os.path.join(folder, "up"), os.path.join(folder, "down")
                with open(up, "wb") as file:
                    file.write(data)
                extra = {"ContentType": "text/plain", "Metadata": {"name": "one"}}
                root.upload_file(up, BUCKET, self.key(name), ExtraArgs=extra, Config=config)
                root.download_file(BUCKET, self.key(name), down, Config=config)
                with open(down, "rb") as file:
                    self.assertEqual(digest(file.read()), digest(data), name)
            head = root.head_object(Bucket=BUCKET, Key=self.key(name))
            told = (head["ContentLength"], head["ContentType"], head["Metadata"])
            self.assertEqual(told, (size, "text/plain", {"name": "one"}))

    def test_streams_and_checksums_of_all_kinds_are_taken(self):
        data = os.urandom(200_000)
        for algorithm in ("CRC32", "SHA1", "SHA256"):
            key = self.key(algorithm)
            root.put_object(Bucket=BUCKET, Key=key, Body=data, ChecksumAlgorithm=algorithm)
            got = root.get_object(Bucket=BUCKET, Key=key, ChecksumMode="ENABLED")
            self.assertEqual(digest(got["Body"].read()), digest(data))
        key = self.key("file object")
        root.upload_fileobj(io.BytesIO(data), BUCKET, key)
        taken = io.BytesIO()
        root.download_fileobj(BUCKET, key, taken)
        self.assertEqual(digest(taken.getvalue()), digest(data))
        with self.assert_refused("BadDigest"):
            root.put_object(Bucket=BUCKET, Key=key, Body=b"x", ContentMD5="XrY7u+Ae7tCTyyK7j1rNww==")

    def test_paginators_see_each_object_once(self):
        names = [f"{n:02}&<é" for n in range(7)]
        for name in names:
            root.put_object(Bucket=BUCKET, Key=self.key(name), Body=b"x")
        for operation in ("list_objects_v2", "list_objects"):
            pages = root.get_paginator(operation).paginate(
                Bucket=BUCKET, Prefix=f"{self.folder}/", PaginationConfig={"PageSize": 2}
            )
            keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
            self.assertEqual(keys, [self.key(name) for name in names])
        listed = root.list_objects_v2(Bucket=BUCKET, Prefix=self.folder, Delimiter="/")
        self.assertEqual(listed["CommonPrefixes"], [{"Prefix": f"{self.folder}/"}])
        gone = [{"Key": self.key(name)} for name in names]
        done = root.delete_objects(Bucket=BUCKET, Delete={"Objects": gone, "Quiet": True})
        self.assertNotIn("Errors", done)
        self.assertEqual(root.list_objects_v2(Bucket=BUCKET, Prefix=self.folder)["KeyCount"], 0)

    def test_an_upload_is_copied_completed_and_given_up(self):
        source = self.key("source")
        root.put_object(Bucket=BUCKET, Key=source, Body=b"0123456789")
        root.copy({"Bucket": BUCKET, "Key": source}, BUCKET, self.key("copy"))
        target = {"Bucket": BUCKET, "Key": self.key("target")}
        begun = target | {"UploadId": root.create_multipart_upload(**target)["UploadId"]}
        part = root.upload_part_copy(
            PartNumber=1,
            CopySource={"Bucket": BUCKET, "Key": source},
            CopySourceRange="bytes=2-4",
            **begun,
        )
        parts = [{"PartNumber": 1, "ETag": part["CopyPartResult"]["ETag"]}]
        with self.assert_refused("InvalidPart"):
            wrong = [{"PartNumber": 1, "ETag": "other"}]
            root.complete_multipart_upload(MultipartUpload={"Parts": wrong}, **begun)
        root.complete_multipart_upload(MultipartUpload={"Parts": parts}, **begun)
        self.assertEqual(root.get_object(**target)["Body"].read(), b"234")
        with self.assert_refused("NoSuchUpload"):
            root.upload_part(PartNumber=1, Body=b"x", **begun)

    def test_presigned_urls_work_in_any_client_of_http(self):
        target = {"Bucket": BUCKET, "Key": self.key("presigned")}
        put = root.generate_presigned_url("put_object", target, ExpiresIn=60)
        with urllib.request.urlopen(urllib.request.Request(put, b"hello", method="PUT")) as done:
            self.assertEqual(done.status, 200)
        get = root.generate_presigned_url("get_object", target, ExpiresIn=60)
        with urllib.request.urlopen(get) as got:
            self.assertEqual(got.read(), b"hello")
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(get.replace("presigned?", "other?"))
        self.assertEqual(refused.exception.code, 403)

    def test_a_role_that_was_taken_opens_what_its_policy_says(self):
        name = world.unique("keeper")
        trusted = {"Effect": "Allow", "Action": "sts:AssumeRole"}
        trusted |= {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
        document = {"Version": "2012-10-17", "Statement": trusted}
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document))
        allowed = {"Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObject"]}
        allowed |= {"Resource": f"arn:aws:s3:::{BUCKET}/{self.folder}/*"}
        document = {"Version": "2012-10-17", "Statement": allowed}
        iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(document))
        taken = service("sts").assume_role(
            RoleArn=role["Role"]["Arn"],
            RoleSessionName="one",
            Policy=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
                }
            ),
        )["Credentials"]
        reader = client(taken)
        root.put_object(Bucket=BUCKET, Key=self.key("a"), Body=b"a")
        self.assertEqual(reader.get_object(Bucket=BUCKET, Key=self.key("a"))["Body"].read(), b"a")
        # The session may do less than its role.
        with self.assert_refused("AccessDenied"):
            reader.put_object(Bucket=BUCKET, Key=self.key("a"), Body=b"b")
        with self.assert_refused("AccessDenied"):
            reader.get_object(Bucket=BUCKET, Key="elsewhere/a")
        whole = service("sts").assume_role(RoleArn=role["Role"]["Arn"], RoleSessionName="two")
        keeper = client(whole["Credentials"])
        keeper.put_object(Bucket=BUCKET, Key=self.key("a"), Body=b"b")
        with self.assert_refused("AccessDenied"):
            keeper.delete_object(Bucket=BUCKET, Key=self.key("a"))
        iam.delete_role_policy(RoleName=name, PolicyName="p")
        # For so long, what the account said of the role is good.
        time.sleep(2.1)
        with self.assert_refused("AccessDenied"):
            keeper.get_object(Bucket=BUCKET, Key=self.key("a"))
