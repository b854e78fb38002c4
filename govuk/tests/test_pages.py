"""The page around every page, the brand, the plain pages for refusals, and what may not be served."""

import hashlib
import io
import json
import tarfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

from govuk import views
from govuk.context import brand
from govuk.forms import GovukForm
from govuk.management.commands.vendor_govuk_frontend import vendor
from govuk.refusals import csrf_failure, refuse, stale

STATIC = Path(settings.BASE_DIR) / "static"
NAVIGATION = SimpleNamespace(
    items=[("Home", "/", True), ("Contracts", "/contracts/", False)],
    person_name="Priya <Sharma>",
    account_url="/account/",
    sign_out_url="/account/sign-out/",
)


def signed_out():
    """Return a request as the middleware leaves it when nobody is signed in."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    request.session = {}
    return request


def page(**context):
    request = RequestFactory().get("/")
    return render_to_string("base.html", {**brand(request), **context})


def test_a_signed_out_page_has_no_search_and_no_navigation():
    html = page()
    assert 'name="q"' not in html
    assert "Sign out" not in html
    assert "The law described here is England’s." in html


def test_a_signed_in_page_has_search_my_name_and_sign_out_by_post():
    html = page(navigation=NAVIGATION)
    assert 'action="/search/"' in html
    assert "Priya &lt;Sharma&gt;" in html
    assert '<form method="post" action="/account/sign-out/">' in html
    assert html.count('aria-current="true"') == 1


def test_the_title_says_error_when_a_form_on_the_page_holds_one():
    class One(GovukForm):
        name = forms.CharField()

    assert "<title>Error: " in page(form=One({}))
    assert "<title>Error: " not in page(form=One())
    assert "<title>Error: " in page(has_errors=True)


def test_a_message_is_a_banner_and_is_escaped():
    html = page(messages=[Message(constants.SUCCESS, "<b>May’s</b> return submitted")])
    assert "govuk-notification-banner--success" in html
    assert "&lt;b&gt;May’s&lt;/b&gt;" in html


def test_no_page_carries_inline_style_or_script():
    html = page(navigation=NAVIGATION)
    assert "style=" not in html
    assert "<style" not in html
    assert "<script>" not in html
    assert " onclick" not in html


@override_settings(DEMO=True)
def test_a_demonstration_says_so():
    assert "This is a demonstration" in page()


@override_settings(BRAND_COLOUR="#123456")
def test_the_brand_is_a_cacheable_style_sheet():
    response = views.brand_css(RequestFactory().get("/"))
    assert response["Content-Type"].startswith("text/css")
    assert "max-age" in response["Cache-Control"]
    assert "--app-brand:#123456" in response.content.decode()


@override_settings(BRAND_COLOUR="red;}body{display:none")
def test_a_brand_colour_that_is_none_is_refused():
    with pytest.raises(ImproperlyConfigured):
        views.brand_css(RequestFactory().get("/"))


@pytest.mark.parametrize("name", ["400", "403", "404", "409", "429"])
def test_each_error_page_says_in_words_what_happened(name):
    html = render_to_string(f"{name}.html", brand(RequestFactory().get("/")))
    assert "<h1" in html


def test_the_page_for_a_fault_needs_no_context():
    assert "problem with the service" in render_to_string("500.html")


def test_a_refusal_gives_its_reason_and_a_stale_page_the_way_back():
    request = signed_out()
    refused = refuse(request, "Only the director can approve this <set>.")
    assert refused.status_code == 403
    assert "Only the director can approve this &lt;set&gt;." in refused.content.decode()
    old = stale(request, "Dana Okafor approved this at 2:05pm.", "/sets/2/")
    assert old.status_code == 409
    assert 'href="/sets/2/"' in old.content.decode()
    assert csrf_failure(request).status_code == 403


def served():
    """Return every file under static/, the vendored ones included."""
    return [path for path in STATIC.rglob("*") if path.is_file()]


def test_no_gds_transport_and_no_crest_is_served():
    for path in served():
        assert path.suffix not in (".woff", ".woff2", ".ttf", ".otf"), path
        assert not any(word in path.name.lower() for word in ("crest", "crown", "transport")), path
        text = path.read_text(encoding="utf-8", errors="ignore")
        if path.suffix == ".css":
            assert "@font-face" not in text
            assert "GDS Transport" not in text
            assert "govuk-crest" not in text
            assert "url(" not in text


def test_the_vendored_files_are_those_that_were_checked():
    folder = STATIC / "vendor" / "govuk-frontend"
    sums = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    for name in ("govuk-frontend.min.css", "govuk-frontend.min.js", "LICENSE", "VERSION"):
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sums[name]


def test_vendoring_leaves_out_font_crest_and_source_maps(tmp_path):
    css = (
        "@font-face{font-family:GDS Transport;src:url(/a.woff2)}"
        ".a{font-family:GDS Transport,arial,sans-serif}"
        "@supports (mask-image:none){.b:before{mask-image:url(/assets/images/govuk-crest.svg)}}"
        "/*# sourceMappingURL=x.map */"
    )
    files = {
        "package.json": json.dumps({"version": "9.9.9"}),
        "dist/govuk/govuk-frontend.min.css": css,
        "dist/govuk/govuk-frontend.min.js": "export{}//# sourceMappingURL=y.map",
    }
    with tarfile.open(tmp_path / "x.tgz", "w:gz") as archive:
        for name, body in files.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body.encode()))
    assert vendor(tmp_path / "x.tgz", tmp_path / "out") == "9.9.9"
    text = (tmp_path / "out" / "govuk-frontend.min.css").read_text()
    assert text == ".a{font-family:var(--app-font,arial,sans-serif)}@supports (mask-image:none){}"
    assert (tmp_path / "out" / "govuk-frontend.min.js").read_text() == "export{}"
