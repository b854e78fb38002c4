"""Addresses of this room."""

from django.urls import path

from kpis.measure_imports import differences_views, views

IMPORTS = "library/imports/"
ONE = f"{IMPORTS}<int:import_id>/"
urlpatterns = [
    path(IMPORTS, views.measure_import_list, name="measure-import-list"),
    path(f"{IMPORTS}new/", views.measure_import_start, name="measure-import-start"),
    path(ONE, views.measure_import_page, name="measure-import-page"),
    path(f"{ONE}reading/", views.measure_import_reading, name="measure-import-reading"),
    path(f"{ONE}columns/", views.measure_import_columns, name="measure-import-columns"),
    path(f"{ONE}units/", views.measure_import_units, name="measure-import-units"),
    path(f"{ONE}edition/", views.measure_import_edition, name="measure-import-edition"),
    path(f"{ONE}problems.csv", views.measure_import_problems, name="measure-import-problems"),
    path(f"{ONE}check/", views.measure_import_check, name="measure-import-check"),
    path(f"{ONE}apply/", views.measure_import_apply, name="measure-import-apply"),
    path(f"{ONE}carry-on/", views.measure_import_carry_on, name="measure-import-carry-on"),
    path(f"{ONE}stop/", views.measure_import_stop, name="measure-import-stop"),
    path(f"{ONE}abandon/", views.measure_import_abandon, name="measure-import-abandon"),
    path(
        "library/frameworks/<int:pk>/differences/",
        differences_views.framework_differences,
        name="framework-differences",
    ),
    path(
        "library/frameworks/<int:pk>/differences.csv",
        differences_views.framework_differences_download,
        name="framework-differences-download",
    ),
]
