"""What the page of an activity's certificates shows."""

from hoctap.activities import certificates
from hoctap.activities.actions.certifying import Candidate, candidates
from hoctap.activities.models import Activity, Certificate
from hoctap.activities.rules import certificate_state
from hoctap.desk.certificates.files import IN_ONE_FILE
from hoctap.desk.learners.screen import STATES
from hoctap.orgs.models import Seat

USUAL_SHARE = 80  # per cent


def choice(seat: Seat, share: str) -> dict:
    """The share asked for, and the position printed last by this unit."""
    last = Certificate.objects.filter(issued_by__unit=seat.unit_id).order_by("-issued_at").first()
    return {"share": share_of(share), "position": last.position if last else ""}


def class_of(activity: Activity, form) -> dict:
    """Those who may get one at the share asked for, those who were too seldom there, and all that was issued."""
    share = share_of(form["share"].value())
    learners = candidates(activity)
    given = [(one, certificate_state(one)) for one in certificates.of_activity(activity)]
    return {
        "activity": activity,
        "form": form,
        "share": share,
        "ready": [(one, one.may_have) for one in learners if one.reaches(share) and _open(one)],
        "seldom": [one for one in learners if not one.reaches(share) and one.certificate is None],
        "withdrawn": [
            one for one in learners if one.reaches(share) and one.withdrawn and one.certificate is None
        ],
        "given": [(one, state, STATES[state]) for one, state in given],
        "files": _files(sum(state == "valid" for _one, state in given)),
    }


def _files(valid: int) -> list[tuple[int, int, int]]:
    """Part, first and last sheet of each file to print."""
    starts = range(0, valid, IN_ONE_FILE)
    return [(part, start + 1, min(start + IN_ONE_FILE, valid)) for part, start in enumerate(starts, 1)]


def _open(candidate: Candidate) -> bool:
    """Has none, or one that was taken back."""
    return not candidate.withdrawn and (
        candidate.certificate is None or candidate.certificate.revoked_at is not None
    )


def share_of(text) -> int:
    """Per cent as typed, or the usual."""
    text = str(text)
    return int(text) if text.isdecimal() and len(text) < 4 and 1 <= int(text) <= 100 else USUAL_SHARE
