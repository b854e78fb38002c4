"""Pages of this room."""

from django.http import Http404


def library(request, **kwargs):
    raise Http404


def measure_add(request, **kwargs):
    raise Http404


def measure_page(request, **kwargs):
    raise Http404


def measure_edit(request, **kwargs):
    raise Http404


def measure_retire(request, **kwargs):
    raise Http404
