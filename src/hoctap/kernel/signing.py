"""Keys that sign what others check without asking us: RSA, kept as a JWK Set, the first of which signs.

RS256 is what every checker of Open Badges must know (docs/decisions, credentials); sets of before, of Ed25519, go on. A new
key is put before the old ones, which stay so that what they signed can be checked.
"""

import json
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwa import EdDSAAlgorithm
from joserfc.jwk import Key, KeySet, RSAKey, import_key
from joserfc.jws import JWSRegistry

_ALGORITHMS = {"RSA": "RS256", "OKP": "EdDSA"}
_BITS = 2048


class _Ed25519(EdDSAAlgorithm):
    """Under the name that programs checking credentials know; the newer one, "Ed25519" (RFC 9864), few of them do."""

    security_warning = ""


class _Registry(JWSRegistry):
    algorithms = {**JWSRegistry.algorithms, "EdDSA": _Ed25519()}


_REGISTRY = _Registry(algorithms=list(_ALGORITHMS.values()))


class NoKey(Exception):
    """No key to sign with was given to this process."""


class NotSigned(Exception):
    """The text is no signed one, or not by these keys."""


def new_keys() -> str:
    """A JWK Set with one new key."""
    return json.dumps({"keys": [RSAKey.generate_key(_BITS).as_dict(private=True)]})


def public_keys(keys: str, address: str) -> list[dict[str, Any]]:
    """The public halves, each named (``kid``) by the address at which it alone is found: ``address`` + thumbprint."""
    return [
        {
            **key.as_dict(private=False),
            "kid": address + key.thumbprint(),
            "alg": _ALGORITHMS[key.key_type],
            "use": "sig",
        }
        for key in _read(keys)
    ]


def sign(claims: Mapping[str, Any], keys: str, address: str) -> str:
    """A compact JWT by the first key. Raises NoKey."""
    known = _read(keys)
    if not known:
        raise NoKey
    header = {"alg": _ALGORITHMS[known[0].key_type], "typ": "JWT", "kid": address + known[0].thumbprint()}
    return jwt.encode(header, dict(claims), known[0], registry=_REGISTRY)


def verified(token: str, published: Mapping[str, Any]) -> dict[str, Any]:
    """The claims, where one of the published keys (a JWK Set) signed them. Raises NotSigned. No network is used."""
    try:
        found = jwt.decode(
            token.strip(),
            KeySet([import_key(key) for key in published["keys"]]),
            registry=_REGISTRY,
        )
    except (JoseError, ValueError, KeyError) as error:
        raise NotSigned(str(error)) from error
    return found.claims


def _read(keys: str) -> list[Key]:
    return [import_key(key) for key in json.loads(keys)["keys"]] if keys else []
