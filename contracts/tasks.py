"""Clock-driven work of this floor; the tasks of its rooms are gathered here for Celery to find."""

from celery import shared_task

from contracts.notices.tasks import apply_notice_import
from contracts.register.tasks import apply_register_import

__all__ = ["apply_notice_import", "apply_register_import", "continue_imports"]


@shared_task
def continue_imports():
    """Take up imports whose worker died."""
    from contracts.notices import verbs as notices
    from contracts.register import verbs as register

    register.carry_on_abandoned()
    notices.carry_on_abandoned()
