"""Certificates and credentials as files to save, with the addresses that stand in them."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from hoctap.activities.credentials import credential
from hoctap.activities.enums import CertificateState
from hoctap.activities.models import Certificate
from hoctap.activities.rules import certificate_state
from hoctap.desk.kept import saved
from hoctap.desk.render import site
from hoctap.kernel.errors import Refusal
from hoctap.kernel.signing import NoKey, sign
from hoctap.papers.certificates import certificates_pdf

IN_ONE_FILE = 500  # sheets; some five seconds


def keys_address(request: HttpRequest) -> str:
    """Each key is found at this, followed by its name."""
    return site(request) + reverse("credential-key", args=["x"]).removesuffix("x")


def certificates_file(request: HttpRequest, certificates: list[Certificate], name: str) -> HttpResponse:
    """One PDF of them all; Refusal when there is none."""
    if not certificates:
        raise Refusal(_("Chưa có chứng nhận nào còn hiệu lực để in. Cấp chứng nhận rồi in."))
    start = site(request)
    data = certificates_pdf(certificates, lambda one: start + reverse("certificate", args=[one.token]))
    return saved(data, f"{name}.pdf", "application/pdf")


def credential_file(request: HttpRequest, certificate: Certificate) -> HttpResponse:
    """The signed Open Badges credential; Refusal for one that is no longer valid, or where no key was set up."""
    if certificate_state(certificate) != CertificateState.VALID:
        raise Refusal(_("Chứng nhận này không còn hiệu lực nên không xuất được bản điện tử."))
    start = site(request)
    status = start + reverse("certificate-status", args=[certificate.token])
    try:
        signed = sign(credential(certificate, start, status), settings.CREDENTIAL_KEYS, keys_address(request))
    except NoKey:
        raise Refusal(
            _("Máy chủ chưa có khóa ký bản điện tử (HOCTAP_CREDENTIAL_KEYS). Báo cho người vận hành máy chủ.")
        ) from None
    return saved(signed, f"chung-nhan-{certificate.number.replace('/', '-')}.jwt", "application/vc+jwt")


def as_json(data: dict, content_type: str = "application/json") -> HttpResponse:
    """For programs that check, from anywhere."""
    answer = HttpResponse(json.dumps(data, ensure_ascii=False), content_type=content_type)
    answer["Access-Control-Allow-Origin"] = "*"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
