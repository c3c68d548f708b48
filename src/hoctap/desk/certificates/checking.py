"""Kiểm tra chứng nhận: open to anybody who holds the QR, or the number and the name; says no more than the paper does."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from hoctap.activities import certificates
from hoctap.activities.credentials import revocations
from hoctap.activities.models import Certificate
from hoctap.activities.rules import certificate_state
from hoctap.desk import errors, throttle
from hoctap.desk.access import open_to_all
from hoctap.desk.certificates.files import as_json, keys_address
from hoctap.desk.render import page, site
from hoctap.kernel.signing import public_keys
from hoctap.orgs import queries as org_queries

RATES = (30, throttle.MINUTE), (300, throttle.HOUR)


@open_to_all(methods=("GET", "POST"))
def typed(request: HttpRequest) -> HttpResponse:
    """By number and name together, since numbers can be counted up; a wrong one of the two is told as neither."""
    number, name = request.POST.get("number", ""), request.POST.get("name", "")
    if request.method == "POST":
        if not throttle.count(request, "check", *RATES):
            return errors.too_many(request)
        found = certificates.by_number(number, name)
        if found:
            return redirect("certificate", found.token)
    answer = page(
        request,
        "certificates/find.html",
        status=422 if request.method == "POST" else 200,
        number=number,
        name=name,
        missed=request.method == "POST",
    )
    return _unlisted(answer)


@open_to_all()
def certificate(request: HttpRequest, token: str) -> HttpResponse:
    """Còn hiệu lực, đã thu hồi, đã thay: with the one in its place."""
    one = _found(token)
    issuer = org_queries.name_on(one.issued_by.unit, certificates.issued_on(one))
    state = certificate_state(one)
    answer = page(request, "certificates/check.html", one=one, state=state, issuer=issuer)
    return _unlisted(answer)


@open_to_all()
def status(request: HttpRequest, token: str) -> HttpResponse:
    """For programs: the revocation list of this one credential."""
    one = _found(token)
    address = site(request) + request.path
    return as_json(revocations(one, site(request), address))


@open_to_all()
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys that credentials are checked with, as a JWK Set."""
    found = public_keys(settings.CREDENTIAL_KEYS, keys_address(request))
    return as_json({"keys": found}, "application/jwk-set+json")


@open_to_all()
def key(request: HttpRequest, thumbprint: str) -> HttpResponse:
    """One of them, by the address that a credential names."""
    start = keys_address(request)
    for found in public_keys(settings.CREDENTIAL_KEYS, start):
        if found["kid"] == f"{start}{thumbprint}":
            return as_json(found, "application/jwk+json")
    raise Http404


def _found(token: str) -> Certificate:
    one = certificates.by_token(token)
    if one is None:
        raise Http404
    return one


def _unlisted(answer: HttpResponse) -> HttpResponse:
    """No search engine keeps it; no other site learns its address, for pages send none elsewhere (settings)."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
