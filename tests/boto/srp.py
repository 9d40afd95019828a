"""Cognito's SRP on the client's side, which boto3 leaves to its users."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timezone

# The group of 3072 bits of RFC 3526 §4.
N = int(
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74"
    "020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437"
    "4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed"
    "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf05"
    "98da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb"
    "9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b"
    "e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf695581718"
    "3995497cea956ae515d2261898fa051015728e5a8aaac42dad33170d04507a33"
    "a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7"
    "abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864"
    "d87602733ec86a64521f2b18177b200cbbe117577a615d6c770988c0bad946e2"
    "08e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff",
    16,
)
G = 2


def _sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def _hmac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def _padded(value):
    """Big-endian, as short as can be, and never with its first bit set."""
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def _number(data):
    return int.from_bytes(data, "big")


K = _number(_sha256(_padded(N), _padded(G)))


def timestamp(moment=None):
    """`TIMESTAMP` as SDKs write it: `Tue Nov 3 08:05:09 UTC 2026`."""
    moment = moment or datetime.now(timezone.utc)
    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]
    months += ["Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    day, month = days[moment.weekday()], months[moment.month - 1]
    return f"{day} {month} {moment.day} {moment:%H:%M:%S} UTC {moment.year}"


class Attempt:
    """One attempt to prove knowledge of a password."""

    def __init__(self, a=None):
        self.a = a or secrets.randbits(256)
        self.A = pow(G, self.a, N)

    @property
    def opening(self):
        """`SRP_A`."""
        return f"{self.A:x}"

    def responses(self, pool_id, parameters, password, at=None):
        """`ChallengeResponses` to `PASSWORD_VERIFIER`."""
        at = at or timestamp()
        identity = (pool_id.split("_")[1] + parameters["USER_ID_FOR_SRP"]).encode()
        b = int(parameters["SRP_B"], 16)
        u = _number(_sha256(_padded(self.A), _padded(b)))
        inner = _sha256(identity, b":", password.encode())
        x = _number(_sha256(_padded(int(parameters["SALT"], 16)), inner))
        s = pow(b - K * pow(G, x, N), self.a + u * x, N)
        key = _hmac(_hmac(_padded(u), _padded(s)), b"Caldera Derived Key\x01")[:16]
        block = base64.b64decode(parameters["SECRET_BLOCK"])
        return {
            "USERNAME": parameters["USERNAME"],
            "PASSWORD_CLAIM_SECRET_BLOCK": parameters["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(
                _hmac(key, identity, block, at.encode())
            ).decode(),
            "TIMESTAMP": at,
        }
