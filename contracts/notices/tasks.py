"""Work on published notices behind the pages."""

from celery import shared_task


@shared_task
def apply_notice_import(import_id):
    """Carry an import of notices on from where it stands until it is applied or stopped."""
    from contracts.notices.verbs import carry_on

    carry_on(import_id)
