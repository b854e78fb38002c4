"""Clock-driven work of this floor: each task is two lines calling a verb."""

from celery import shared_task

from kpis.adoption.tasks import apply_adoption_import, confirm_adoption_part
from kpis.measure_imports.tasks import apply_measure_import

__all__ = [
    "apply_adoption_import",
    "apply_measure_import",
    "ask_who_can_decide",
    "close_returns",
    "confirm_adoption_part",
    "continue_adoptions",
    "continue_measure_imports",
    "end_contracts",
    "open_returns",
    "send_reminders",
]


@shared_task
def open_returns():
    """Open the returns that are due to open."""
    from kpis.returns import verbs

    verbs.open_due_months()


@shared_task
def send_reminders():
    """Write the reminders owed by now, on working days in working hours."""
    from kpis.reminders import verbs

    verbs.send_by_the_clock()


@shared_task
def ask_who_can_decide():
    """Ask those who can decide a waiting set now and were not asked yet."""
    from kpis.approvals import routing

    routing.ask_who_can_decide_now()


@shared_task
def close_returns():
    """Close submitted returns that nobody sampled in time."""
    from kpis.verification import verbs

    verbs.close_unsampled()


@shared_task
def end_contracts():
    """Give contracts whose last day is past the stage “ended”."""
    from kpis.lifecycle import verbs

    verbs.end_what_is_over()


@shared_task
def continue_measure_imports():
    """Take up imports of measures whose worker died."""
    from kpis.measure_imports import verbs

    verbs.carry_on_abandoned()


@shared_task
def continue_adoptions():
    """Take up adoptions and confirmations whose worker died; record results of sets decided by themselves."""
    from kpis.adoption import confirming, verbs

    verbs.carry_on_abandoned()
    confirming.carry_on_abandoned()
