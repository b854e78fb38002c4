"""Clock-driven work of this floor."""

from celery import shared_task

from accounts.verbs import letters


@shared_task
def post_letters():
    """Post the letters that wait in the outbox."""
    letters.post_waiting()
