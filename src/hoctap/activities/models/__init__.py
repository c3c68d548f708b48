"""Deeds: what was held, for whom, who was there; and what people took from it."""

from hoctap.activities.models.attendance import Attendance, Claim, Mark, Registration, Tally
from hoctap.activities.models.deeds import (
    Activity,
    ActivityKind,
    Audience,
    CoHost,
    Cost,
    Evidence,
    Partner,
    Quantity,
    Session,
    Topic,
    Upload,
    UploadPiece,
)
from hoctap.activities.models.needs import Exemption, Need, Reckoning, Survey, TargetMeasure
from hoctap.activities.models.records import Certificate, CertificateSeries, Completion

__all__ = [
    "Activity",
    "ActivityKind",
    "Attendance",
    "Audience",
    "Certificate",
    "CertificateSeries",
    "Claim",
    "CoHost",
    "Completion",
    "Cost",
    "Evidence",
    "Exemption",
    "Mark",
    "Need",
    "Partner",
    "Quantity",
    "Reckoning",
    "Registration",
    "Session",
    "Survey",
    "Tally",
    "TargetMeasure",
    "Topic",
    "Upload",
    "UploadPiece",
]
