"""Does boto3 import users from files, with hashes that others made?"""

import hashlib
import os
import time
from base64 import b64encode
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import argon2.low_level
import bcrypt

import srp
import wire
import world
from world import Case, admin, anyone

ROLE = "arn:aws:iam::123456789012:role/logs"
PASSWORD = "Löwe-and-Horse-7"
SECONDS_MAX = 60


def _bcrypt(password, cost=4):
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(cost)).decode()


def _scrypt(password, n=1024, r=8, p=1):
    salt = os.urandom(16)
    memory = 1024 * n * r
    key = hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=memory, dklen=32)
    return f"{n}${r}${p}${salt.hex()}${key.hex()}"


def _argon2id(password, memory=1024, passes=2):
    made = argon2.low_level.hash_secret(
        password.encode(),
        os.urandom(16),
        time_cost=passes,
        memory_cost=memory,
        parallelism=1,
        hash_len=32,
        type=argon2.low_level.Type.ID,
    )
    return made.decode()


def _pbkdf2(password, rounds=1000):
    salt = os.urandom(16)
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, rounds)
    salt, key = [b64encode(part).decode().rstrip("=").replace("+", ".") for part in (salt, key)]
    return f"$pbkdf2-sha256${rounds}${salt}${key}"


class Imports(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool_id = world.create_pool()
        cls.client_id = world.create_client(cls.pool_id)["ClientId"]

    def _line(self, columns, name, values):
        values = {
            "cognito:username": name,
            "email": f"{name}@example.com",
            "email_verified": "true",
            "cognito:mfa_enabled": "false",
        } | values
        return ",".join(values.get(column, "").replace(",", "\\,") for column in columns)

    def _file(self, rows, has_hashes=True):
        columns = admin.get_csv_header(UserPoolId=self.pool_id)["CSVHeader"]
        columns += ["password_hash"] if has_hashes else []
        lines = [self._line(columns, name, values) for name, values in rows.items()]
        return "\n".join([",".join(columns), *lines]).encode()

    def _job(self, **settings):
        made = admin.create_user_import_job(
            UserPoolId=self.pool_id, JobName="move", CloudWatchLogsRoleArn=ROLE, **settings
        )
        self.assertEqual(made["UserImportJob"]["Status"], "Created")
        return made["UserImportJob"]

    def _put(self, job, file):
        headers = {"x-amz-server-side-encryption": "aws:kms"}
        with urlopen(Request(job["PreSignedUrl"], file, headers, method="PUT")) as answer:
            return answer.status

    def _run(self, job):
        named = {"UserPoolId": self.pool_id, "JobId": job["JobId"]}
        started = admin.start_user_import_job(**named)["UserImportJob"]
        self.assertEqual(started["Status"], "Pending")
        until = time.monotonic() + SECONDS_MAX
        while time.monotonic() < until:
            job = admin.describe_user_import_job(**named)["UserImportJob"]
            if job["Status"] not in ("Pending", "InProgress"):
                return job
            time.sleep(0.05)
        self.fail(f"the import takes too long: {job}")

    def _imported(self, rows, **settings):
        job = self._job(**settings)
        self.assertEqual(self._put(job, self._file(rows, bool(settings))), 200)
        return self._run(job)

    def _lines(self, job):
        target = "Cognate.ListUserImportJobLines"
        asked = {"UserPoolId": self.pool_id, "JobId": job["JobId"]}
        headers, body = wire.signed(None, asked, target=target)
        return wire.send("POST", headers=headers, body=body).json()["Lines"]

    def _by_password(self, name, password=PASSWORD):
        return anyone.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": password},
        )["AuthenticationResult"]

    def _by_srp(self, name, password=PASSWORD):
        attempt = srp.Attempt()
        asked = anyone.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_SRP_AUTH",
            AuthParameters={"USERNAME": name, "SRP_A": attempt.opening},
        )
        parameters = asked["ChallengeParameters"]
        return anyone.respond_to_auth_challenge(
            ClientId=self.client_id,
            ChallengeName=asked["ChallengeName"],
            ChallengeResponses=attempt.responses(self.pool_id, parameters, password),
        )["AuthenticationResult"]

    def test_each_line_of_a_file_has_its_outcome(self):
        there, new, poor, odd = (world.unique(start) for start in ["there", "new", "poor", "odd"])
        admin.admin_create_user(
            UserPoolId=self.pool_id, Username=there, MessageAction="SUPPRESS"
        )
        rows = {
            there: {},
            new: {"name": "Ann, the first", "birthdate": "12/31/1990", "locale": " de "},
            poor: {"email_verified": "false"},
            odd: {"birthdate": "1990-12-31"},
        }
        job = self._imported(rows)
        counts = [job[f"{what}Users"] for what in ("Imported", "Skipped", "Failed")]
        self.assertEqual((job["Status"], counts), ("Succeeded", [1, 1, 2]))
        self.assertGreaterEqual(job["CompletionDate"], job["StartDate"])
        outcomes = ["SKIPPED", "SUCCEEDED", "FAILED", "FAILED"]
        starts = [f"[{what}] Line Number {n} - " for n, what in enumerate(outcomes, start=2)]
        lines = self._lines(job)
        self.assertEqual(len(lines), 4)
        for line, start in zip(lines, starts):
            self.assertTrue(line.startswith(start), line)
        user = admin.admin_get_user(UserPoolId=self.pool_id, Username=new)
        self.assertEqual(user["UserStatus"], "RESET_REQUIRED")
        attributes = world.attributes(user["UserAttributes"])
        named = [attributes[name] for name in ("name", "birthdate", "locale")]
        self.assertEqual(named, ["Ann, the first", "1990-12-31", "de"])
        with self.assert_refused("PasswordResetRequiredException"):
            self._by_password(new)
        anyone.forgot_password(ClientId=self.client_id, Username=new)
        code = world.last_sent_to(f"{new}@example.com")["code"]
        anyone.confirm_forgot_password(
            ClientId=self.client_id, Username=new, ConfirmationCode=code, Password=PASSWORD
        )
        self.assertTrue(self._by_srp(new)["AccessToken"])

    def test_a_password_whose_hash_was_imported_works_at_once_and_by_srp_from_then_on(self):
        for algorithm, make in [
            ("ARGON2ID", _argon2id),
            ("BCRYPT", _bcrypt),
            ("PBKDF2_SHA256", _pbkdf2),
            ("SCRYPT", _scrypt),
        ]:
            with self.subTest(algorithm):
                hashed, plain, wrong = (world.unique(start) for start in "hpw")
                other = {"ARGON2ID": _bcrypt}.get(algorithm, _argon2id)
                rows = {
                    hashed: {"password_hash": make(PASSWORD)},
                    plain: {},
                    wrong: {"password_hash": other(PASSWORD)},
                }
                job = self._imported(rows, PasswordHashingAlgorithm=algorithm)
                counts = [job[f"{what}Users"] for what in ("Imported", "Skipped", "Failed")]
                self.assertEqual(counts, [2, 0, 1], self._lines(job))
                self.assertEqual(job["PasswordHashingAlgorithm"], algorithm)
                statuses = [
                    admin.admin_get_user(UserPoolId=self.pool_id, Username=name)["UserStatus"]
                    for name in (hashed, plain)
                ]
                self.assertEqual(statuses, ["CONFIRMED", "RESET_REQUIRED"])
                for attempt in (self._by_srp, lambda name: self._by_password(name, "Wrong-7!")):
                    with self.assert_refused("NotAuthorizedException"):
                        attempt(hashed)
                for attempt in (self._by_password, self._by_srp, self._by_password):
                    self.assertTrue(attempt(hashed)["AccessToken"])
                with self.assert_refused("NotAuthorizedException"):
                    self._by_srp(hashed, "Wrong-7!")

    def test_hashes_of_the_greatest_cost_that_is_taken_work(self):
        for algorithm, dear, too_dear in [
            ("ARGON2ID", _argon2id(PASSWORD, 19_456), _argon2id(PASSWORD, 19_457)),
            ("BCRYPT", _bcrypt(PASSWORD, 10), _bcrypt(PASSWORD, 4).replace("$04$", "$13$")),
            ("PBKDF2_SHA256", _pbkdf2(PASSWORD, 600_000), _pbkdf2(PASSWORD, 600_001)),
            ("SCRYPT", _scrypt(PASSWORD, 65_536), _scrypt(PASSWORD, 131_072)),
        ]:
            with self.subTest(algorithm):
                name, refused = world.unique("dear"), world.unique("dearer")
                rows = {name: {"password_hash": dear}, refused: {"password_hash": too_dear}}
                job = self._imported(rows, PasswordHashingAlgorithm=algorithm)
                self.assertEqual([job["ImportedUsers"], job["FailedUsers"]], [1, 1])
                with self.assert_refused("NotAuthorizedException"):
                    self._by_password(name, "Wrong-7!")
                self.assertTrue(self._by_password(name)["AccessToken"])
                self.assertTrue(self._by_srp(name)["AccessToken"])

    def test_a_file_of_another_form_is_refused_as_a_whole(self):
        job = self._job()
        self._put(job, b"cognito:username,email\nann,ann@example.com")
        ended = self._run(job)
        self.assertEqual((ended["Status"], ended["ImportedUsers"]), ("Failed", 0))
        self.assertIn("header", ended["CompletionMessage"])

    def test_a_job_waits_for_its_file_and_is_listed(self):
        job = self._job()
        named = {"UserPoolId": self.pool_id, "JobId": job["JobId"]}
        with self.assert_refused("PreconditionNotMetException"):
            admin.start_user_import_job(**named)
        with self.assertRaises(HTTPError) as spoiled:
            url = job["PreSignedUrl"].replace("X-Amz-Signature=", "X-Amz-Signature=0")
            self._put(job | {"PreSignedUrl": url}, b"x")
        self.assertEqual(spoiled.exception.code, 403)
        spoiled.exception.close()
        listed, more = [], {}
        while not listed or more:
            page = admin.list_user_import_jobs(UserPoolId=self.pool_id, MaxResults=1, **more)
            listed += [one["JobId"] for one in page["UserImportJobs"]]
            more = {"PaginationToken": page["PaginationToken"]} if "PaginationToken" in page else {}
        self.assertEqual(listed.count(job["JobId"]), 1)
        self.assertEqual(len(set(listed)), len(listed))
        with self.assert_refused("ResourceNotFoundException"):
            admin.stop_user_import_job(UserPoolId=self.pool_id, JobId="import-none")
        with self.assert_refused("InvalidParameterException"):
            admin.create_user_import_job(
                UserPoolId=self.pool_id,
                JobName="move",
                CloudWatchLogsRoleArn=ROLE,
                PasswordHashingAlgorithm="MD5",
            )
