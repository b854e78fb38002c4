"""What can be done with guidance pages: write, change, publish, take off, put in another place."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.history import changes, record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, check_version, lock, require
from kpis.practice.models import GuidancePage
from kpis.practice.permissions import may_keep_guidance

FIELDS = ("title", "summary", "body")
CHANGED = "guidance.change"
WHAT = "this page"
# Addresses that stand for something else.
TAKEN = {"new"}


def add_page(*, by: Person, title: str, summary: str = "", body: str) -> GuidancePage:
    """Add a page behind the others, not published yet, and return it. Raises Refused and Invalid."""
    require(may_keep_guidance(by))
    facts = _checked(None, title=title, summary=summary, body=body)
    try:
        with transaction.atomic():
            last = GuidancePage.objects.order_by("-position").first()
            page = GuidancePage.objects.create(
                slug=_free_slug(facts["title"]),
                position=last.position + 1 if last else 1,
                changed_by=by,
                **facts,
            )
            _record("add", page, by, f"Wrote the guidance page “{page}”")
    except IntegrityError:
        raise Invalid([("title", f"Somebody has just written a page called {title}")]) from None
    return page


def change_page(
    page: GuidancePage, *, by: Person, title: str, summary: str, body: str, version: int | None = None
) -> GuidancePage:
    """Change a page and return it; its address stays. Raises Refused, Stale and Invalid."""
    with transaction.atomic():
        page = _locked(page, by, version)
        facts = _checked(page, title=title, summary=summary, body=body)
        before, after = changes(page, FIELDS, facts)
        if not before and not after:
            return page
        for name, value in facts.items():
            setattr(page, name, value)
        _save(page, by)
        _record("change", page, by, f"Changed the guidance page “{page}”", before=before, after=after)
    return page


def publish(page: GuidancePage, *, by: Person, version: int | None = None) -> GuidancePage:
    """Show the page to everybody with a post."""
    return _show(page, True, "publish", "Published", by=by, version=version)


def take_off(page: GuidancePage, *, by: Person, version: int | None = None) -> GuidancePage:
    """Show the page to nobody but its keepers."""
    return _show(page, False, "take_off", "Took off", by=by, version=version)


def _show(page: GuidancePage, shown: bool, verb: str, did: str, *, by: Person, version: int | None):
    with transaction.atomic():
        page = _locked(page, by, version)
        if page.is_published == shown:
            raise Stale(f"This page is {'published' if shown else 'not published'} already.")
        page.is_published = shown
        _save(page, by)
        _record(verb, page, by, f"{did} the guidance page “{page}”")
    return page


def move(page: GuidancePage, *, by: Person, up: bool) -> GuidancePage:
    """Put the page one place up or down among the others and return it; the first stays first."""
    require(may_keep_guidance(by))
    with transaction.atomic():
        # All of them, in key order: two who order at once wait for each other.
        pages = sorted(
            GuidancePage.objects.select_for_update(of=("self",)).order_by("pk"),
            key=lambda one: (one.position, one.title, one.pk),
        )
        here = next((place for place, one in enumerate(pages) if one.pk == page.pk), None)
        if here is None:
            raise Stale("This page is no longer there.")
        there = here - 1 if up else here + 1
        if not 0 <= there < len(pages):
            return page
        pages[here], pages[there] = pages[there], pages[here]
        for place, one in enumerate(pages, start=1):
            if one.position != place:
                one.position = place
                one.save(update_fields=["position"])
        page = pages[there]
        _record(
            "move", page, by, f"Moved the guidance page “{page}”",
            before={"Place": here + 1}, after={"Place": there + 1},
        )  # fmt: skip
    return page


def _locked(page: GuidancePage, by: Person, version: int | None) -> GuidancePage:
    page = lock(GuidancePage, page.pk)
    require(may_keep_guidance(by))
    check_version(page, version, WHAT)
    return page


def _checked(page: GuidancePage | None, **facts: str) -> dict[str, str]:
    # A browser sends lines that end in CR LF; history compares lines.
    facts = {name: value.replace("\r\n", "\n").strip() for name, value in facts.items()}
    errors = [
        (name, f"Enter {words}")
        for name, words in (("title", "a title"), ("body", "the text of the page"))
        if not facts[name]
    ]
    others = GuidancePage.objects.exclude(pk=page.pk) if page else GuidancePage.objects.all()
    if facts["title"] and others.filter(title__iexact=facts["title"]).exists():
        errors.append(("title", f"There is already a page called {facts['title']}. Enter another title"))
    if errors:
        raise Invalid(errors)
    return facts


def _free_slug(title: str) -> str:
    stem = slugify(title)[:70].strip("-") or "page"
    taken = TAKEN | set(GuidancePage.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    if stem not in taken:
        return stem
    return next(name for number in range(2, 10_000) if (name := f"{stem}-{number}") not in taken)


def _save(page: GuidancePage, by: Person) -> None:
    page.version += 1
    page.changed_by, page.changed_at = by, timezone.now()
    page.save()


def _record(verb: str, page: GuidancePage, by: Person, summary: str, **more) -> None:
    record(action=f"guidance.{verb}", subject=page, by=by, summary=summary, **more)
