"""Pages of this room."""

from django.http import Http404


def approval_list(request, **kwargs):
    raise Http404


def kpi_set_decide(request, **kwargs):
    raise Http404


def kpi_set_record(request, **kwargs):
    raise Http404
