"""Work on adopted KPIs behind the pages."""

from celery import shared_task


@shared_task
def apply_adoption_import(import_id):
    """Carry a workbook on from where it stands until it is checked, applied or stopped."""
    from kpis.adoption.verbs import carry_on

    carry_on(import_id)


@shared_task
def confirm_adoption_part(part_id):
    """Carry a confirmation on from where it stands until it is done or stopped."""
    from kpis.adoption.confirming import carry_on

    carry_on(part_id)
