"""Addresses of this room."""

from django.urls import path

from kpis.adoption import part_views, views

IMPORTS = "adoption/"
ONE = f"{IMPORTS}<int:import_id>/"
PARTS = f"{IMPORTS}parts/<int:part_id>/"
LINE = f"{PARTS}sets/<int:line_id>/"
urlpatterns = [
    path(IMPORTS, views.adoption_list, name="adoption-list"),
    path(f"{IMPORTS}new/", views.adoption_start, name="adoption-start"),
    path(ONE, views.adoption_page, name="adoption-page"),
    path(f"{ONE}reading/", views.adoption_reading, name="adoption-reading"),
    path(f"{ONE}columns/", views.adoption_columns, name="adoption-columns"),
    path(f"{ONE}first-month/", views.adoption_month, name="adoption-month"),
    path(f"{ONE}questions/", views.adoption_questions, name="adoption-questions"),
    path(f"{ONE}rows-to-put-right.csv", views.adoption_problems, name="adoption-problems"),
    path(f"{ONE}check/", views.adoption_check, name="adoption-check"),
    path(f"{ONE}apply/", views.adoption_apply, name="adoption-apply"),
    path(f"{ONE}carry-on/", views.adoption_carry_on, name="adoption-carry-on"),
    path(f"{ONE}stop/", views.adoption_stop, name="adoption-stop"),
    path(f"{ONE}abandon/", views.adoption_abandon, name="adoption-abandon"),
    path(PARTS, part_views.adoption_part_page, name="adoption-part-page"),
    path(f"{PARTS}confirm/", part_views.adoption_part_confirm, name="adoption-part-confirm"),
    path(f"{PARTS}return/", part_views.adoption_part_return, name="adoption-part-return"),
    path(f"{PARTS}stop/", part_views.adoption_part_stop, name="adoption-part-stop"),
    path(f"{PARTS}carry-on/", part_views.adoption_part_carry_on, name="adoption-part-carry-on"),
    path(LINE, part_views.adoption_line_page, name="adoption-line-page"),
    path(f"{LINE}take-in/", part_views.adoption_line_take_in, name="adoption-line-take-in"),
]
