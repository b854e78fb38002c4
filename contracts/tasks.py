"""Clock-driven work of this floor."""

from celery import shared_task


@shared_task
def apply_register_import(import_id):
    """Carry an import on from where it stands until it is applied or stopped."""
    from contracts.register.verbs import carry_on

    carry_on(import_id)


@shared_task
def continue_imports():
    """Take up imports whose worker died."""
    from contracts.register.verbs import carry_on_abandoned

    carry_on_abandoned()
