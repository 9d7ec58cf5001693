"""Whether Adobe sent a request: its two RSA-SHA256 signatures over the raw body, one of which must hold.

Two, because Adobe's keys rotate. That proves that Adobe sent it to somebody; to whom, its events say.
"""

import binascii
from base64 import b64decode
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from werkzeug.datastructures import Headers

from webui.access.adobe_keys import KeyUnavailable, NoSuchKey

SIGNATURE = "x-adobe-digital-signature-{}"
KEY_PATH = "x-adobe-public-key{}-path"
LONGEST_SIGNATURE = 4_096

FindKey = Callable[[str], RSAPublicKey]  # by its path; raises NoSuchKey or KeyUnavailable


class NotGenuine(Exception):
    """Nothing proves that Adobe sent a request; the message says why."""


def check(headers: Headers, body: bytes, find_key: FindKey) -> None:
    """Return if a signature of the body holds; raise NotGenuine, or KeyUnavailable where a key is lacking."""
    unavailable: KeyUnavailable | None = None
    why = "it is not signed"
    for number in (1, 2):
        signature, path = headers.get(SIGNATURE.format(number)), headers.get(KEY_PATH.format(number))
        if not signature or not path:
            continue
        try:
            if _holds(signature, path, body, find_key):
                return
            why = "its signature does not hold"
        except NoSuchKey:
            why = "it names a key that is none of Adobe's"
        except KeyUnavailable as error:
            unavailable = error
    raise unavailable or NotGenuine(why)


def _holds(signature: str, path: str, body: bytes, find_key: FindKey) -> bool:
    if len(signature) > LONGEST_SIGNATURE:
        return False
    try:
        decoded = b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    try:
        find_key(path).verify(decoded, body, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True
