"""The Celery application: the database holds the truth, the broker only wakes people up."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialvalue.settings")

# filesystem:// means ours, in which no message is read half written.
TRANSPORT_ALIASES["filesystem"] = "socialvalue.filesystem_broker:Transport"

app = Celery("socialvalue")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["accounts", "contracts", "kpis"])
