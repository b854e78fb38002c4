"""Work on registers behind the pages."""

from celery import shared_task


@shared_task
def apply_register_import(import_id):
    """Carry an import on from where it stands until it is applied or stopped."""
    from contracts.register.verbs import carry_on

    carry_on(import_id)
