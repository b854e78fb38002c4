"""Editions and measures of a made-up framework, for tests."""

from kpis.library.models import Framework, Measure, Outcome, Theme, Unit


def make_edition(edition="2025", name="County charter", **facts):
    """Return a live edition, by default only for contracts it is chosen for."""
    return Framework.objects.create(
        **{"name": name, "edition": edition, "source": "County papers", "licence": "Open", **facts}
    )


def make_measure(framework, code="CC1", title="Hours of mentoring", **facts):
    """Return a live measure under the edition's theme T and its outcome."""
    theme, _ = Theme.objects.get_or_create(framework=framework, code="T", defaults={"title": "Town"})
    outcome, _ = Outcome.objects.get_or_create(theme=theme, title="Better lives")
    return Measure.objects.create(
        **{
            "framework": framework,
            "theme": theme,
            "outcome": outcome,
            "code": code,
            "title": title,
            "unit": Unit.objects.get(code="hours"),
            "counting_rule": "Count each hour given.",
            "evidence_expected": "A log.",
            **facts,
        }
    )
