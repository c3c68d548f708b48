"""A certificate as an Open Badges 3.0 credential (a W3C Verifiable Credential 2.0), its claims ready to be signed.

As a VC-JWT the credential's own members are the claims, beside ``iss``, ``jti``, ``sub`` and ``nbf`` that repeat four of
them, as clause 8.2.6.1 of the specification asks.
"""

from datetime import UTC
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from hoctap.activities.models import Certificate
from hoctap.activities.record import issued_on
from hoctap.orgs import queries as org_queries

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",  # has 1EdTechRevocationList
]


def credential_id(certificate: Certificate) -> str:
    return uuid5(NAMESPACE_URL, certificate.token).urn


def subject_id(certificate: Certificate) -> str:
    """Another one for each credential: who holds two of a person learns from neither that they are."""
    return uuid5(NAMESPACE_URL, f"{certificate.token}#subject").urn


def credential(certificate: Certificate, site: str, status: str) -> dict[str, Any]:
    """Its claims. ``site``: where this Hoctap is found, ``status``: where its revocation is (absolute addresses)."""
    unit, issued = certificate.issued_by.unit, certificate.issued_at
    name = org_queries.name_on(unit, issued_on(certificate))
    issuer = {"id": f"{site}/don-vi/{unit.code}/", "type": ["Profile"], "name": name}
    return {
        "@context": CONTEXTS,
        "id": credential_id(certificate),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": certificate.activity.name,
        "issuer": issuer,
        "validFrom": issued.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {
            "id": subject_id(certificate),
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": certificate.name,
                    "identityType": "name",
                }
            ],
            "achievement": _achievement(certificate, site, issuer),
        },
        "credentialStatus": {"id": status, "type": "1EdTechRevocationList"},
        "iss": issuer["id"],
        "jti": credential_id(certificate),
        "sub": subject_id(certificate),
        "nbf": int(issued.timestamp()),
    }


def revocations(certificate: Certificate, site: str, status: str) -> dict[str, Any]:
    """What a checker finds at ``status``: a list of this credential alone, so that nobody else's is given away.

    The list is ``revokedCredential``; under the plural, which the text of the method speaks of, some checkers look for it.
    """
    gone = certificate.revoked_at or certificate.superseded_by_id
    why = "superseded" if certificate.superseded_by_id else "revoked"
    listed = [{"id": credential_id(certificate), "revoked": True, "revocationReason": why}] if gone else []
    return {
        "id": status,
        "issuer": f"{site}/don-vi/{certificate.issued_by.unit.code}/",
        "revokedCredential": listed,
        "revokedCredentials": listed,
    }


def _achievement(certificate: Certificate, site: str, issuer: dict[str, Any]) -> dict[str, Any]:
    activity = certificate.activity
    said = f"Đã dự {certificate.sessions} buổi"
    if certificate.hours is not None:
        said += f", {certificate.hours.normalize():f} giờ".replace(".", ",")
    return {
        "id": f"{site}/hoat-dong/{activity.pk}/",
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": activity.name,
        "description": activity.description or f"{activity.kind.name}: {activity.name}",
        "criteria": {"narrative": f"{said}. Chứng nhận số {certificate.number}."},
        "creator": issuer,
        "inLanguage": "vi",
    }
