"""Finding measures in the library: what it is narrowed by, how it is listed, compared and taken away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Person
from govuk.forms import GovukForm
from kpis.library.forms import GroupedChoiceField
from kpis.library.models import CouncilPriority, Framework, Kind, Measure, Theme, Unit

Status = Measure.Status
ALL = "all"
PRICED, UNPRICED = "yes", "no"
CHOSEN = ("kind", "status", "priced")


class LibraryFilter(GovukForm):
    """Words and facts to narrow the library by; those who keep it may ask for drafts."""

    q = forms.CharField(label="Search measures", required=False, max_length=100)
    framework = forms.ModelChoiceField(
        label="Framework and edition",
        queryset=Framework.objects.all(),
        required=False,
        empty_label="All editions",
    )
    theme = GroupedChoiceField(
        label="Theme", queryset=Theme.objects.none(), required=False, empty_label="All themes"
    )
    kind = forms.ChoiceField(label="Kind", choices=[("", "All kinds"), *Kind.choices], required=False)
    unit = forms.ModelChoiceField(
        label="Unit", queryset=Unit.objects.all(), required=False, empty_label="All units"
    )
    priority = forms.ModelChoiceField(
        label="Council priority",
        queryset=CouncilPriority.objects.all(),
        required=False,
        empty_label="All priorities",
    )
    status = forms.ChoiceField(label="Status", required=False)
    priced = forms.ChoiceField(
        label="£ value",
        choices=[("", "With or without"), (PRICED, "With a £ value"), (UNPRICED, "Without one")],
        required=False,
    )
    mark_optional = False

    def __init__(self, *args: Any, may_keep: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = (  # type: ignore[attr-defined]
            Theme.objects.filter(Q(measures__isnull=False) | Q(also_measures__isnull=False))
            .select_related("framework")
            .order_by("framework__name", "framework__edition", "position", "pk")
            .distinct()
        )
        drafts = [(Status.DRAFT, "Drafts")] if may_keep else []
        self.fields["status"].choices = [  # type: ignore[attr-defined]
            ("", "Can be proposed"), *drafts, (Status.RETIRED, "Retired"), (ALL, "All"),
        ]  # fmt: skip
        if not CouncilPriority.objects.exists():
            del self.fields["priority"]


def narrowed_by(data, person: Person, *, may_keep: bool) -> tuple[LibraryFilter, dict[str, Any]]:
    """Return the form and what it narrows by; what can't be read narrows nothing."""
    form = LibraryFilter(data or None, may_keep=may_keep)
    if not form.is_bound:
        return form, {}
    form.is_valid()
    return form, {name: value for name, value in form.cleaned_data.items() if value}


def in_words(given: dict[str, Any]) -> list[str]:
    """Return what the library is narrowed by, each as "Kind: Money (£)"."""
    labels = {**dict(Kind.choices), **dict(Status.choices), ALL: "all", PRICED: "with", UNPRICED: "without"}
    names = {name: str(field.label) for name, field in LibraryFilter.base_fields.items()} | {"q": "Words"}
    return [
        f"{names[name]}: {labels.get(value, value) if name in CHOSEN else value}"
        for name, value in given.items()
    ]


def has_a_value() -> Exists:
    """Return what annotates a measure with whether a £ value of it is offered."""
    return Exists(
        Measure.objects.filter(pk=OuterRef("pk"), proxies__isnull=False, proxies__withdrawn_at__isnull=True)
    )


def found_by(given: dict[str, Any], person: Person) -> QuerySet[Measure]:
    """Return the measures this person may see that what is given narrows the library to, in order.

    Each has `is_priced`: whether a £ value of it is offered.
    """
    found = (
        Measure.objects.visible_to(person)
        .annotate(is_priced=has_a_value())
        .select_related("framework", "theme", "unit", "cohort")
    )
    status = given.get("status", Status.LIVE)
    if status != ALL:
        found = found.filter(status=status)
    if "status" not in given and not (given.get("framework") or given.get("theme")):
        # Nobody can propose from a draft or retired edition or without its licence; who asks for it gets it.
        # What one contract wrote for itself is no offer to others either.
        found = found.filter(framework__in=Framework.objects.usable(), contract=None)
    for name in ("framework", "kind", "unit"):
        if given.get(name):
            found = found.filter(**{name: given[name]})
    if given.get("theme"):
        under = Measure.also_under.through.objects.filter(theme=given["theme"]).values("measure")
        found = found.filter(Q(theme=given["theme"]) | Q(pk__in=under))
    if given.get("priority"):
        found = found.filter(priorities=given["priority"])
    if given.get("priced"):
        found = found.filter(is_priced=given["priced"] == PRICED)
    return found.matching(given.get("q", "")).in_order()


HEADERS = (
    "Framework", "Edition", "Theme code", "Theme", "Outcome", "Code", "Title", "Status", "Kind", "Unit",
    "What is counted", "Out of what", "Direction", "Over time", "Across contracts", "Can be negative",
    "Counting rule", "Evidence expected", "Only about", "Groups counted within it", "Recorded only",
    "Council priorities", "Also counts under", "Has a £ value", "Replaced by", "Source", "Licence",
)  # fmt: skip


def table_rows(measures: QuerySet[Measure]) -> Iterable[list[object]]:
    """Return the measures as rows of a file under HEADERS: five queries whatever their number."""
    rows = measures.select_related(
        "framework", "theme", "outcome", "unit", "cohort", "replaced_by"
    ).prefetch_related("cohort_splits", "priorities", "also_under__framework")
    for one in rows:
        yield [
            one.framework.name,
            one.framework.edition,
            one.theme.code,
            one.theme.title,
            str(one.outcome or ""),
            one.code,
            one.title,
            one.get_status_display(),
            one.get_kind_display(),
            one.unit.name,
            one.numerator_name,
            one.denominator_name,
            one.get_direction_display(),
            one.get_roll_up_display(),
            one.get_across_display(),
            "Yes" if one.allows_negative else "No",
            one.counting_rule,
            one.evidence_expected,
            str(one.cohort or ""),
            "; ".join(str(cohort) for cohort in one.cohort_splits.all()),
            "Yes" if one.record_only else "No",
            "; ".join(str(priority) for priority in one.priorities.all()),
            "; ".join(f"{theme} ({theme.framework})" for theme in one.also_under.all()),
            "Yes" if one.is_priced else "No",  # type: ignore[attr-defined]
            str(one.replaced_by or ""),
            one.framework.source,
            one.framework.licence,
        ]


FEWEST, MOST = 2, 4


def to_compare(keys: Iterable[str], person: Person) -> list[Measure]:
    """Return the measures with these keys that the person may see, as asked for, each once."""
    numbers = [int(key) for key in dict.fromkeys(keys) if key.isascii() and key.isdigit() and len(key) < 10]
    found = (
        Measure.objects.visible_to(person)
        .annotate(is_priced=has_a_value())
        .select_related("framework", "theme", "outcome", "unit", "cohort", "replaced_by")
        .prefetch_related("cohort_splits", "priorities", "also_under__framework")
        .in_bulk(numbers)
    )
    asked = [found[number] for number in numbers if number in found]
    codes = [one.code for one in asked]
    for one in asked:
        # What a narrow screen writes beside each fact; the edition only where a code stands twice.
        one.called = f"{one.code}, {one.framework.edition}" if codes.count(one.code) > 1 else one.code  # type: ignore[attr-defined]
    return asked


def compared(measures: list[Measure]) -> list[tuple[str, list[tuple[Measure, str]], bool]]:
    """Return (fact, what each measure says of it, whether they differ), leaving out what none has."""
    lines = []
    for label, read in FACTS:
        said = [(one, read(one)) for one in measures]
        words = {text for _, text in said}
        if words != {""}:
            lines.append((label, said, len(words) > 1))
    return lines


FACTS = (
    ("Framework", lambda one: str(one.framework)),
    ("Theme", lambda one: str(one.theme)),
    ("Meant to bring about", lambda one: str(one.outcome or "")),
    ("What the figure is", lambda one: one.get_kind_display()),
    ("Counted in", lambda one: str(one.unit)),
    ("Above the line", lambda one: one.numerator_name),
    ("Below the line", lambda one: one.denominator_name),
    ("Which way is better", lambda one: one.get_direction_display()),
    ("Over time", lambda one: one.get_roll_up_display()),
    ("Across contracts", lambda one: one.get_across_display()),
    ("Can be below 0", lambda one: "Yes" if one.allows_negative else "No"),
    ("Counting rule", lambda one: one.counting_rule),
    ("Evidence expected", lambda one: one.evidence_expected),
    ("Only about", lambda one: str(one.cohort or "")),
    ("Groups counted within it", lambda one: ", ".join(map(str, one.cohort_splits.all()))),
    ("£ value", lambda one: "Recorded only, never valued" if one.record_only else "Can’t have one"
        if not one.can_be_priced else "Has one" if one.is_priced else "None yet"),
    ("Council priorities", lambda one: ", ".join(map(str, one.priorities.all()))),
    ("Also counts under", lambda one: ", ".join(map(str, one.also_under.all()))),
    ("Status", lambda one: one.get_status_display()),
    ("Licence", lambda one: one.framework.licence),
)  # fmt: skip
