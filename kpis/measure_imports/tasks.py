"""Work on tables of measures behind the pages."""

from celery import shared_task


@shared_task
def apply_measure_import(import_id):
    """Carry an import on from where it stands until it is applied or stopped."""
    from kpis.measure_imports.verbs import carry_on

    carry_on(import_id)
