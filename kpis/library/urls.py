"""Addresses of this room."""

from django.urls import path

from kpis.library import template_views, views

urlpatterns = [
    path("library/", views.library, name="library"),
    path("library/measures/new/", views.measure_add, name="measure-add"),
    path("library/templates/", template_views.template_list, name="template-list"),
    path("library/templates/new/", template_views.template_add, name="template-add"),
    path("library/templates/<int:pk>/", template_views.template_page, name="template-page"),
    path("library/templates/<int:pk>/edit/", template_views.template_edit, name="template-edit"),
    path("library/measures/<int:pk>/", views.measure_page, name="measure-page"),
    path("library/measures/<int:pk>/edit/", views.measure_edit, name="measure-edit"),
    path("library/measures/<int:pk>/retire/", views.measure_retire, name="measure-retire"),
]
