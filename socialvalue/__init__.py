"""The porch: settings, addresses and the Celery application. Nothing imports it."""

from socialvalue.celery import app as celery_app

__all__ = ["celery_app"]
