"""What holds for a whole table: which edition it is, from where, licensed how, offered to whom, £ of when."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from accounts.calendar import today
from accounts.verbs.recipe import Invalid
from kpis.library.models import Framework
from kpis.proxies.checks import FIRST_PRICES
from kpis.proxies.models import Proxy

NAME, EDITION, SOURCE, LICENCE, WORDS, AREA = 150, 60, 300, 200, 300, 120
NOT_STATED = "Not stated"
# £ values older than this are called old where they are listed.
OLD_YEARS = 5


@dataclass
class Terms:
    """The terms of one import; texts are blank and years None where nothing was said."""

    name: str = ""
    edition: str = ""
    about: str = ""
    source: str = ""
    source_url: str = ""
    licence: str = ""
    licence_url: str = ""
    needs_licence: bool = False
    licence_note: str = ""
    # The council confirms that it holds the licence; only its lead can say so.
    is_confirmed: bool = False
    # Whose word that is: the number of the person who said so, whoever applies the table.
    confirmed_by: int | None = None
    offered: str = Framework.Offered.CHOSEN
    procured_from: str = ""
    procured_until: str = ""
    # The edition before: "auto" is the newest of the same name, "none" or a framework's number.
    previous: str = "auto"
    # Prices of the year where the columns don't say, and for the further columns of £ values.
    price_year: int | None = None
    price_years: dict[str, int] = field(default_factory=dict)
    geography: str = ""
    stream: str = Proxy.Stream.SOCIAL
    # Which column's £ new KPIs take: the name of its field, "" for none.
    usual: str = "value"

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Terms:
        """Return terms as they were kept."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in kept.items() if name in known})

    def as_json(self) -> dict[str, Any]:
        """Return the terms as they are kept."""
        return asdict(self)

    def check(self) -> list[tuple[str, str]]:
        """Return (field, sentence) for everything that does not fit."""
        errors = []
        for name, longest, what in (
            ("name", NAME, "the name of the framework"), ("edition", EDITION, "the edition"),
            ("source", SOURCE, "the source"),
        ):  # fmt: skip
            text = getattr(self, name)
            if not text and name != "source":
                errors.append((name, f"Enter {what}"))
            elif len(text) > longest:
                errors.append((name, f"{what[0].upper()}{what[1:]} must be {longest} characters or fewer"))
        if len(self.licence) > LICENCE:
            errors.append(("licence", f"The licence must be {LICENCE} characters or fewer"))
        if self.is_confirmed and not self.licence_note:
            errors.append(("licence_note", "Say which licence the council holds, and until when"))
        if self.offered == Framework.Offered.BY_DATE and not (self.procured_from or self.procured_until):
            errors.append(("procured_from", "Enter the day procurement began from, or until"))
        if self.procured_from and self.procured_until and self.procured_until < self.procured_from:
            errors.append(("procured_until", "It must be the day procurement began from, or later"))
        for name, year in (("price_year", self.price_year), *self.price_years.items()):
            if year is not None and not FIRST_PRICES <= year <= today().year:
                errors.append(
                    (name, f"The year of the prices must be between {FIRST_PRICES} and {today().year}")
                )
        return errors

    def standing(self, but: int | None = None) -> Framework | None:
        """Return the edition of this name that is in the library already, however it is spelled."""
        same = Framework.objects.filter(name__iexact=self.name, edition__iexact=self.edition)
        return same.exclude(pk=but or 0).first()

    def edition_before(self, but: int | None = None) -> Framework | None:
        """Return the edition this one follows, None where it is the first."""
        if self.previous == "none":
            return None
        others = Framework.objects.exclude(pk=but or 0)
        if self.previous != "auto":
            return others.filter(pk=self.previous).first() if self.previous.isdigit() else None
        same = others.filter(name__iexact=self.name).exclude(edition__iexact=self.edition)
        return same.exclude(status=Framework.Status.DRAFT).order_by("-pk").first()


def taken(standing: Framework, file_name: str) -> Invalid:
    """Return what to say where the edition is in the library, from something else than this file."""
    came = f" It came from {file_name}." if file_name else ""
    return Invalid(
        [
            (
                "edition",
                f"{standing} is in the library already.{came} An edition is never written over, so that "
                "contracts stay on the words and values they were tendered under. Give this table an edition "
                f"name of its own: it then stands beside {standing.edition}, as the edition after it.",
            )
        ]
    )


def year_in(heading: str) -> int | None:
    """Return the year of prices that a heading names, None where it names none."""
    found = re.search(r"\b((?:19|20)[0-9]{2})(?:\s*[-/–]\s*[0-9]{2,4})?\b", heading)
    return int(found[1]) if found else None


def day_of(iso: str) -> dt.date | None:
    """Return a kept day."""
    return dt.date.fromisoformat(iso) if iso else None
