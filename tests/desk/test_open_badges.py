"""A credential beside the Open Badges Specification 3.0 (1EdTech), clause by clause: https://www.imsglobal.org/spec/ob/v3p0/

The rules of its clauses 8.2 (JSON Web Token Proof Format), A.1 and A.2 (serialization) and B.1 (data models), and of the
1EdTech Revocation List Status Method 1.0 (https://www.imsglobal.org/spec/vcrl/v1p0/), as an issuer has to keep them.
"""

import base64
import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from joserfc.jwk import RSAKey
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier
from openbadgeslib.ob3.contexts import document_loader
from pyld.jsonld import JsonLdProcessor

from hoctap.activities.actions.certifying import issue_certificates, replace_certificate, revoke_certificate
from hoctap.activities.models import Certificate
from hoctap.kernel.signing import new_keys
from tests.learning import PIN, attend, card, held_class, learner

SITE = "https://hoctap.example.vn"
REPEATED = {"iss", "jti", "sub", "nbf"}  # claims of the JWT, no terms of the credential
# B.1.31 IdentifierTypeEnum, B.1.29 AchievementType: the terms of each that we use.
IDENTIFIER_TYPES, ACHIEVEMENT_TYPES = {"name"}, {"CertificateOfCompletion"}


@pytest.fixture
def one(cast) -> Certificate:
    activity = held_class(cast.pgd_officer, 3)
    attend(activity, learner(cast.pgd, "Nguyễn Thị Hoa"))
    return issue_certificates(seat=cast.pgd_leader, activity=activity, share=80, position="Trưởng phòng")[0]


@pytest.fixture
def hers(one) -> Client:
    client = Client()
    client.post(reverse("card", args=[card(one.person).token]), {"pin": PIN})
    return client


@pytest.fixture
def token(one, hers, settings) -> str:
    settings.CREDENTIAL_KEYS, settings.SITE_URL = new_keys(), SITE
    return hers.get(reverse("mine-credential", args=[one.pk])).content.decode()


def part(text: str) -> dict:
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


@pytest.fixture
def header(token) -> dict:
    return part(token.split(".")[0])


@pytest.fixture
def claims(token) -> dict:
    return part(token.split(".")[1])


def is_uri(text: str) -> bool:
    return bool(urlsplit(text).scheme) and " " not in text and text.isascii()


def test_8_2_2_it_is_a_compact_jws(token):
    parts = token.split(".")
    assert len(parts) == 3 and all(parts) and "=" not in token


def test_8_2_3_the_header_has_these_members_alone_and_names_its_key(header):
    """Additional headers are not allowed; ``typ`` is JWT; RS256 is what every checker knows."""
    assert set(header) <= {"alg", "kid", "jwk", "typ"}
    assert (header["alg"], header["typ"]) == ("RS256", "JWT")
    assert header["kid"].startswith("https://")


def test_8_5_the_key_is_found_at_its_address_without_its_private_part(header):
    key = Client().get(header["kid"].removeprefix(SITE)).json()
    assert key["kty"] == "RSA" and {"n", "e"} <= set(key)
    assert not {"d", "p", "q", "dp", "dq", "qi"} & set(key)


def test_8_2_4_1_and_8_2_6_1_the_claims_repeat_the_credential(claims):
    """The payload is the credential itself, not a ``vc`` in it."""
    assert claims["iss"] == claims["issuer"]["id"]
    assert claims["sub"] == claims["credentialSubject"]["id"]
    assert claims["jti"] == claims["id"]
    assert "vc" not in claims and "exp" not in claims and "validUntil" not in claims
    valid_from = datetime.strptime(claims["validFrom"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert claims["nbf"] == valid_from.timestamp() <= datetime.now(UTC).timestamp()


def test_a_1_nothing_is_null_and_no_list_is_empty(claims):
    def walk(value) -> None:
        assert value not in (None, [], {})
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(inner)

    walk(claims)


def test_a_2_both_contexts_in_their_order_and_every_term_is_of_one(claims):
    """Read as JSON-LD nothing is dropped, and no type is left as a word that nobody defined."""
    assert claims["@context"][:2] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    unknown = []
    processor = JsonLdProcessor(on_property_dropped=unknown.append)
    options = {"base": "https://undefined.example/", "documentLoader": document_loader()}
    read = processor.expand({name: claims[name] for name in set(claims) - REPEATED}, options)
    assert (unknown, "undefined.example" in json.dumps(read)) == ([], False)


def test_another_implementation_accepts_it_and_no_change_of_it(token, header):
    """openbadgeslib, written by others from the same specification."""
    key = RSAKey.import_key(Client().get(header["kid"].removeprefix(SITE)).json())
    checker = OB3Verifier(key.as_pem(private=False))
    taken = checker.verify(token)
    assert taken.identifiers[0].identity_hash == "Nguyễn Thị Hoa"
    assert taken.achievement.achievement_type == "CertificateOfCompletion"
    head, body, signature = token.split(".")
    other = json.dumps(part(body) | {"name": "Lớp khác"}).encode()
    changed = base64.urlsafe_b64encode(other).rstrip(b"=").decode()
    with pytest.raises(OB3VerificationError):
        checker.verify(f"{head}.{changed}.{signature}")


def test_b_1_the_credential_has_what_it_must(claims):
    assert {"@context", "id", "type", "name", "credentialSubject", "issuer", "validFrom"} <= set(claims)
    assert {"VerifiableCredential", "OpenBadgeCredential"} == set(claims["type"])
    assert is_uri(claims["id"]) and isinstance(claims["name"], str)


def test_b_1_issuer_and_creator_are_profiles(claims):
    for profile in (claims["issuer"], claims["credentialSubject"]["achievement"]["creator"]):
        assert is_uri(profile["id"]) and profile["type"] == ["Profile"] and isinstance(profile["name"], str)


def test_b_1_the_subject_is_identified_and_has_an_achievement(claims, one):
    subject = claims["credentialSubject"]
    assert set(subject) == {"id", "type", "identifier", "achievement"} and is_uri(subject["id"])
    assert subject["type"] == ["AchievementSubject"]
    (who,) = subject["identifier"]
    assert set(who) == {"type", "hashed", "identityHash", "identityType"}
    assert (who["type"], who["hashed"], who["identityHash"]) == ("IdentityObject", False, one.name)
    assert who["identityType"] in IDENTIFIER_TYPES


def test_b_1_the_achievement_has_what_it_must(claims):
    achievement = claims["credentialSubject"]["achievement"]
    assert {"id", "type", "criteria", "description", "name"} <= set(achievement)
    assert is_uri(achievement["id"]) and achievement["type"] == ["Achievement"]
    assert achievement["achievementType"] in ACHIEVEMENT_TYPES and achievement["inLanguage"] == "vi"
    assert "6 giờ" in achievement["criteria"]["narrative"]


def test_two_credentials_of_one_person_do_not_tell_that_they_are(cast, claims, one, hers):
    """Not of the specification: the subject's id is another one in each."""
    activity = held_class(cast.pgd_officer, 1, name="Lớp khác")
    attend(activity, one.person)
    issue_certificates(seat=cast.pgd_leader, activity=activity, share=80, position="Trưởng phòng")
    other = one.person.certificates.exclude(pk=one.pk).get()
    again = part(hers.get(reverse("mine-credential", args=[other.pk])).content.decode().split(".")[1])
    assert again["sub"] != claims["sub"]


@pytest.mark.parametrize("how", ["revoked", "superseded"])
def test_vcrl_the_list_names_it_once_it_was_taken_back(cast, claims, one, how):
    """Revoked: in the list, with ``revoked`` true or left out. A checker reads the address without signing in."""
    status = claims["credentialStatus"]
    assert status["type"] == "1EdTechRevocationList" and status["id"].startswith("https://")

    def listed() -> dict:
        return Client().get(status["id"].removeprefix(SITE)).json()

    before = listed()
    assert (before["id"], before["issuer"], before["revokedCredential"]) == (status["id"], claims["iss"], [])
    if how == "revoked":
        revoke_certificate(seat=cast.pgd_leader, certificate=one, reason="Điểm danh nhầm")
    else:
        replace_certificate(seat=cast.pgd_leader, certificate=one, name="Nguyễn Thị Hòa")
    after = listed()
    assert after["revokedCredential"] == [{"id": claims["id"], "revoked": True, "revocationReason": how}]
    assert after["revokedCredentials"] == after["revokedCredential"]
    assert "Điểm danh nhầm" not in json.dumps(after, ensure_ascii=False)
