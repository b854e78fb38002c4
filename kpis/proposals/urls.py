"""Addresses of this room."""

from django.urls import path

from kpis.proposals import exception_views, views

KPI_SETS = "contracts/<int:contract_number>/kpi-sets/"
ONE = f"{KPI_SETS}<int:number>/"

urlpatterns = [
    path(f"{KPI_SETS}new/", views.kpi_set_start, name="kpi-set-start"),
    path(f"{KPI_SETS}new/copy/", views.kpi_set_copy, name="kpi-set-copy"),
    path(f"{KPI_SETS}new/copy/<int:source>/", views.kpi_set_copy_from, name="kpi-set-copy-from"),
    path(ONE, views.kpi_set_page, name="kpi-set-page"),
    path(f"{ONE}about/", views.kpi_set_describe, name="kpi-set-describe"),
    path(f"{ONE}kpis/new/", views.kpi_add, name="kpi-add"),
    path(f"{ONE}kpis/new/own-words/", views.kpi_add_own, name="kpi-add-own"),
    path(f"{ONE}kpis/new/<int:pk>/", views.kpi_add_measure, name="kpi-add-measure"),
    path(f"{ONE}kpis/<int:terms_id>/", views.kpi_edit, name="kpi-edit"),
    path(f"{ONE}kpis/<int:terms_id>/remove/", views.kpi_remove, name="kpi-remove"),
    path(f"{ONE}kpis/<int:terms_id>/newer-value/", views.kpi_take_value, name="kpi-take-value"),
    path(
        "contracts/<int:contract_number>/exceptions/new/",
        exception_views.exception_start,
        name="exception-start",
    ),
    path(f"{ONE}exception/", exception_views.exception_edit, name="exception-edit"),
    path(f"{ONE}check/", views.kpi_set_check, name="kpi-set-check"),
    path(f"{ONE}submit/", views.kpi_set_submit, name="kpi-set-submit"),
    path(f"{ONE}take-back/", views.kpi_set_take_back, name="kpi-set-take-back"),
    path(f"{ONE}withdraw/", views.kpi_set_withdraw, name="kpi-set-withdraw"),
]
