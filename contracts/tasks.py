"""Clock-driven work of this floor."""

from celery import shared_task


@shared_task
def apply_register_import(import_id):
    """Carry an import on from where it stands until it is applied or stopped."""
    from contracts.register.verbs import carry_on

    carry_on(import_id)


@shared_task
def apply_notice_import(import_id):
    """Carry an import of notices on from where it stands until it is applied or stopped."""
    from contracts.notices.verbs import carry_on

    carry_on(import_id)


@shared_task
def continue_imports():
    """Take up imports whose worker died."""
    from contracts.notices import verbs as notices
    from contracts.register import verbs as register

    register.carry_on_abandoned()
    notices.carry_on_abandoned()
