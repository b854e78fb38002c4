"""Puts govuk-frontend's compiled css and js under static/vendor/, without its font, crest or pictures."""

import hashlib
import json
import re
import tarfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

WANTED = ("govuk-frontend.min.css", "govuk-frontend.min.js")
FONT_VARIABLE = "var(--app-font,arial,sans-serif)"

LICENCE = """The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


def without_crown_property(css: str) -> str:
    """Return the css without GDS Transport, crest and pictures; its font becomes `--app-font`."""
    css = re.sub(r"[^{}]+\{[^{}]*url\([^{}]*\}", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", FONT_VARIABLE)
    return without_source_map(css)


def without_source_map(text: str) -> str:
    """Return the text without its source map comment, which would name a file that is not shipped."""
    text = re.sub(r"/\*# sourceMappingURL=[^*]*\*/", "", text)
    return re.sub(r"//# sourceMappingURL=\S*", "", text)


def vendor(tarball: Path, target: Path) -> str:
    """Write the two files, LICENSE, VERSION and SHA256SUMS into target; return the version."""
    with tarfile.open(tarball, "r:gz") as archive:

        def text(name: str) -> str:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise KeyError(name)
            return member.read().decode("utf-8")

        version: str = json.loads(text("package.json"))["version"]
        css, js = (text(f"dist/govuk/{name}") for name in WANTED)
    files = {
        WANTED[0]: without_crown_property(css),
        WANTED[1]: without_source_map(js),
        "LICENSE": LICENCE,
        "VERSION": f"govuk-frontend {version}\n",
    }
    target.mkdir(parents=True, exist_ok=True)
    sums = [f"{hashlib.sha256(tarball.read_bytes()).hexdigest()}  {tarball.name}"]
    for name, body in files.items():
        (target / name).write_text(body, encoding="utf-8")
        sums.append(f"{hashlib.sha256(body.encode('utf-8')).hexdigest()}  {name}")
    (target / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")
    return version


class Command(BaseCommand):
    """`manage.py vendor_govuk_frontend govuk-frontend-6.6.0.tgz`, the tarball of the npm registry."""

    requires_system_checks: list[str] = []
    help = "Refresh static/vendor/govuk-frontend from a downloaded npm tarball of govuk-frontend."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("tarball", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        target = Path(settings.BASE_DIR) / "static" / "vendor" / "govuk-frontend"
        try:
            version = vendor(options["tarball"], target)
        except (OSError, KeyError, tarfile.TarError) as error:
            raise CommandError(f"That is not a govuk-frontend tarball: {error}") from error
        self.stdout.write(f"govuk-frontend {version} is in {target}")
