"""Addresses of the import; `contracts.urls` takes them in."""

from django.urls import path

from contracts.register import views

urlpatterns = [
    path("contracts/imports/", views.import_list, name="import-list"),
    path("contracts/imports/new/", views.import_start, name="import-start"),
    path("contracts/imports/<int:import_id>/", views.import_page, name="import-page"),
    path("contracts/imports/<int:import_id>/reading/", views.import_reading, name="import-reading"),
    path("contracts/imports/<int:import_id>/columns/", views.import_columns, name="import-columns"),
    path("contracts/imports/<int:import_id>/directorates/", views.import_mapping, name="import-mapping"),
    path("contracts/imports/<int:import_id>/questions/", views.import_questions, name="import-questions"),
    path("contracts/imports/<int:import_id>/problems.csv", views.import_problems, name="import-problems"),
    path("contracts/imports/<int:import_id>/check/", views.import_check, name="import-check"),
    path("contracts/imports/<int:import_id>/apply/", views.import_apply, name="import-apply"),
    path("contracts/imports/<int:import_id>/carry-on/", views.import_carry_on, name="import-carry-on"),
    path("contracts/imports/<int:import_id>/stop/", views.import_stop, name="import-stop"),
    path("contracts/imports/<int:import_id>/abandon/", views.import_abandon, name="import-abandon"),
]
