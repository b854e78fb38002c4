"""Pages of this room."""

from django.http import Http404


def kpi_set_start(request, **kwargs):
    raise Http404


def kpi_set_page(request, **kwargs):
    raise Http404


def kpi_set_describe(request, **kwargs):
    raise Http404


def kpi_choose(request, **kwargs):
    raise Http404


def kpi_add(request, **kwargs):
    raise Http404


def kpi_edit(request, **kwargs):
    raise Http404


def kpi_remove(request, **kwargs):
    raise Http404


def kpi_set_check(request, **kwargs):
    raise Http404


def kpi_set_submit(request, **kwargs):
    raise Http404


def kpi_set_take_back(request, **kwargs):
    raise Http404


def kpi_set_withdraw(request, **kwargs):
    raise Http404
