"""Addresses of this room."""

from django.urls import path

from kpis.lifecycle import views

ONE = "contracts/<int:contract_number>/"

urlpatterns = [
    path(f"{ONE}extend/", views.contract_extend, name="contract-extend"),
    path(f"{ONE}terminate/", views.contract_terminate, name="contract-terminate"),
    path(f"{ONE}terminate/undo/", views.contract_termination_undo, name="contract-termination-undo"),
    path(f"{ONE}suspend/", views.contract_suspend, name="contract-suspend"),
    path(f"{ONE}resume/", views.contract_resume, name="contract-resume"),
    path(
        f"{ONE}suspensions/<int:suspension>/withdraw/",
        views.suspension_withdraw,
        name="suspension-withdraw",
    ),
    path(f"{ONE}novate/", views.contract_novate, name="contract-novate"),
    path(f"{ONE}split/", views.contract_split, name="contract-split"),
    path(f"{ONE}move/", views.contract_move, name="contract-move"),
]
