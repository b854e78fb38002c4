"""Begins a new edition as a copy of another, with its measures if wanted, and takes an unused draft away."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts.history import record, record_many
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, check_version, lock, require
from govuk.formats import plural
from kpis.library.framework_verbs import WHAT, check, refuse_own_words, taken, tidy
from kpis.library.models import Framework, Measure, Outcome, Theme
from kpis.library.permissions import may_keep

SHARED = ("name", "about", "source", "source_url", "licence", "licence_url", "needs_licence")


def begin_edition(
    framework: Framework, *, by: Person, edition: str, with_measures: bool = True, **facts: Any
) -> Framework:
    """Return a new draft edition that comes after this one, with its themes and outcomes.

    `facts` say what is otherwise than in the edition copied (name, source, about ...). With measures, those
    that are not retired come with their facts, groups of people and priorities; £ values never do: whoever
    keeps the library says anew what each is worth. It is offered to nobody until it is live, and a licence
    is confirmed anew. Raises Invalid where the edition is there already.
    """
    require(may_keep(by))
    try:
        with transaction.atomic():
            framework = lock(Framework, framework.pk)
            refuse_own_words(framework)
            told = {name: getattr(framework, name) for name in SHARED} | facts
            new = Framework(
                edition=edition,
                status=Framework.Status.DRAFT,
                offered=Framework.Offered.CHOSEN,
                previous=framework,
                **told,
            )
            tidy(new)
            check(new)
            new.save()
            themes, outcomes = _copy_themes(framework, new)
            count = _copy_measures(framework, new, themes, outcomes, by) if with_measures else 0
            record(
                action="library.begin_edition",
                subject=new,
                by=by,
                summary=f"Began {new} as a copy of {framework}",
                after={"Themes": plural(len(themes), "theme"), "Measures": plural(count, "measure")},
            )
    except IntegrityError:
        raise Invalid([taken(new)]) from None
    return new


def _copy_themes(framework: Framework, new: Framework) -> tuple[dict[int, Theme], dict[int, Outcome]]:
    """Return {id copied: copy} of the themes and of the outcomes."""
    themes: dict[int, Theme] = {}
    outcomes: dict[int, Outcome] = {}
    for theme in framework.themes.prefetch_related("outcomes"):
        copy = Theme.objects.create(
            framework=new,
            code=theme.code,
            title=theme.title,
            about=theme.about,
            heading=theme.heading,
            position=theme.position,
        )
        themes[theme.pk] = copy
        for outcome in theme.outcomes.all():
            outcomes[outcome.pk] = Outcome.objects.create(
                theme=copy,
                code=outcome.code,
                title=outcome.title,
                about=outcome.about,
                position=outcome.position,
            )
    return themes, outcomes


def _copy_measures(
    framework: Framework, new: Framework, themes: dict[int, Theme], outcomes: dict[int, Outcome], by: Person
) -> int:
    """Copy every measure that is not retired, with history; return how many there were."""
    alive = framework.measures.exclude(status=Measure.Status.RETIRED)
    rows = []
    for measure in alive.prefetch_related("also_under", "priorities", "cohort_splits"):
        linked = {
            "also_under": list(measure.also_under.all()),
            "priorities": list(measure.priorities.all()),
            "cohort_splits": list(measure.cohort_splits.all()),
        }
        facts = {
            field.attname: getattr(measure, field.attname)
            for field in Measure._meta.concrete_fields
            if field.name not in {"id", "framework", "theme", "outcome", "replaced_by"}
        }
        copy = Measure.objects.create(
            framework=new,
            theme=themes[measure.theme_id],
            outcome=outcomes.get(measure.outcome_id) if measure.outcome_id else None,
            **facts,
        )
        for name, others in linked.items():
            getattr(copy, name).set(others)
        rows.append(
            {
                "action": "library.add_measure",
                "subject": copy,
                "by": by,
                "summary": f"Copied {measure.code} {measure.title} from {framework}",
            }
        )
    record_many(rows)
    return len(rows)


def remove_draft(framework: Framework, *, by: Person, version: int | None = None, note: str = "") -> None:
    """Take a draft away with its themes and measures: one begun by mistake. It stays in the history.

    Refused with Stale where it was live before or anything uses it: a £ value, a template, a note, an import.
    """
    require(may_keep(by))
    try:
        with transaction.atomic():
            found = Framework.objects.select_for_update().filter(pk=framework.pk).first()
            if found is None:
                raise Stale("Somebody removed this framework while you had it open.")
            if found.status != Framework.Status.DRAFT:
                raise Stale(f"{found} is not a draft. It can be retired, but not removed.")
            check_version(found, version, WHAT)
            counts = {"Themes": found.themes.count(), "Measures": found.measures.count()}
            record(
                action="library.remove_framework",
                subject=found,
                by=by,
                note=note,
                summary=f"Removed the draft {found}",
                before=counts,
            )
            found.measures.all().delete()
            Outcome.objects.filter(theme__framework=found).delete()
            found.themes.all().delete()
            found.delete()
    except ProtectedError as kept:
        kinds = {str(one._meta.verbose_name_plural) for one in kept.protected_objects}
        raise Stale(
            f"{framework} can’t be removed: something uses it ({', '.join(sorted(kinds))})."
        ) from None
