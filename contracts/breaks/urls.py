"""Addresses of this room."""

from django.urls import path

from contracts.breaks import views

urlpatterns = [
    path("contracts/<int:number>/break-points/new/", views.break_point_add, name="break-point-add"),
    path(
        "contracts/<int:number>/break-points/<int:pk>/edit/", views.break_point_edit, name="break-point-edit"
    ),
    path(
        "contracts/<int:number>/break-points/<int:pk>/outcome/",
        views.break_point_outcome,
        name="break-point-outcome",
    ),
    path(
        "contracts/<int:number>/break-points/<int:pk>/withdraw/",
        views.break_point_withdraw,
        name="break-point-withdraw",
    ),
]
