"""Clock-driven work of this floor: each task is two lines calling a verb."""

from celery import shared_task


@shared_task
def open_returns():
    """Open the returns that are due to open."""
    from kpis.returns import verbs

    verbs.open_due_months()


@shared_task
def send_reminders():
    """Write the reminders owed by now."""
    from kpis.reminders import verbs

    verbs.send()
