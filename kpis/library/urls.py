"""Addresses of this room."""

from django.urls import path

from kpis.library import views

urlpatterns = [
    path("library/", views.library, name="library"),
    path("library/new/", views.measure_add, name="measure-add"),
    path("library/<str:code>/", views.measure_page, name="measure-page"),
    path("library/<str:code>/edit/", views.measure_edit, name="measure-edit"),
    path("library/<str:code>/retire/", views.measure_retire, name="measure-retire"),
]
