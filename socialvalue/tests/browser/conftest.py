"""A real Chromium, signed in as anybody, that fails a test for a noisy console or an axe violation."""

import json
import os
import re
import shutil
from urllib.parse import urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import sync_playwright

# Playwright's sync API runs an event loop, in which Django refuses database calls unless told otherwise.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# Every rule is asked; only of what fails do we want to hear, which spares a long answer about what passed.
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}

AXE = Axe().axe_script


def chromium_path():
    """Return the Chromium installed on this machine."""
    for name in (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        found = name and shutil.which(name)
        if found:
            return found
    raise RuntimeError("No Chromium found. Install it (Debian: apt-get install chromium) or set CHROMIUM.")


@pytest.fixture(scope="session")
def chromium():
    """Return a running browser for the whole session."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """One person at one browser."""

    def __init__(self, browser, live_server, person=None, width=1280, javascript=True):
        self.base = live_server.url
        self.javascript = javascript
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=javascript, locale="en-GB"
        )
        self.context.set_default_timeout(8000)
        self.page = self.context.new_page()
        self.noise = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        if person is not None:
            self.sign_in(person)

    def _console(self, message):
        # A browser reports every 403, 404 or 409 page as an error: the tests ask for those on purpose.
        if (
            message.type in {"error", "warning"}
            and "the server responded with a status of 4" not in message.text
        ):
            self.noise.append(message.text)

    def sign_in(self, person):
        """Put a session of this person into the browser."""
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        self.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": session.session_key,
                    "domain": urlparse(self.base).hostname,
                    "path": "/",
                }
            ]
        )

    def open(self, path):
        """Go to an address of the service and return the response."""
        return self.page.goto(self.base + path)

    def resize(self, width):
        """Make the window this wide; the page lays itself out again, as when a tablet is turned."""
        self.page.set_viewport_size({"width": width, "height": 900})

    def press(self, name):
        """Press the button, or the link that looks like one, whose name begins so."""
        pattern = re.compile(f"^{re.escape(name)}", re.IGNORECASE)
        button = self.page.get_by_role("button", name=pattern)
        self.follow(button.or_(self.page.get_by_role("link", name=pattern)).first)

    def follow(self, locator):
        """Press what leads to a page, which may be the same one again, and be there when this returns."""
        with self.page.expect_navigation():
            locator.click()

    def check(self, what=""):
        """Fail where axe finds a violation, the console spoke, or the page is wider than the window."""
        assert not self.problems(), f"{what or self.page.url}: {self.problems()}"

    def problems(self):
        """Return what is wrong with the open page: axe's violations, console noise, a sideways scroll."""
        found = list(self.noise)
        if self.javascript:
            if not self.page.evaluate("'axe' in window"):
                self.page.evaluate(AXE)
            results = self.page.evaluate(f"axe.run({json.dumps(WCAG)})")
            found += [
                f"{violation['id']}: {violation['help']} "
                f"at {[node['target'] for node in violation['nodes']][:4]}"
                for violation in results["violations"]
            ]
            wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if wide > 0:
                found.append(f"{wide} pixels wider than the window")
        return found

    def close(self):
        """Leave."""
        self.context.close()


@pytest.fixture
def visit(chromium, live_server, transactional_db, settings):
    """Return a function that opens a browser for somebody (or nobody) at a width."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    visitors = []

    def open_browser(person=None, **how):
        visitor = Visitor(chromium, live_server, person, **how)
        visitors.append(visitor)
        return visitor

    yield open_browser
    for visitor in visitors:
        visitor.close()
