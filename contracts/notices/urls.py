"""Addresses of the import of notices; `contracts.urls` takes them in."""

from django.urls import path

from contracts.notices import views

NOTICES = "contracts/notices/"
ONE = f"{NOTICES}<int:import_id>/"
urlpatterns = [
    path(NOTICES, views.notice_import_list, name="notice-import-list"),
    path(f"{NOTICES}new/", views.notice_import_start, name="notice-import-start"),
    path(ONE, views.notice_import_page, name="notice-import-page"),
    path(f"{ONE}buyers/", views.notice_import_buyers, name="notice-import-buyers"),
    path(f"{ONE}mapping/", views.notice_import_mapping, name="notice-import-mapping"),
    path(f"{ONE}questions/", views.notice_import_questions, name="notice-import-questions"),
    path(f"{ONE}problems.csv", views.notice_import_problems, name="notice-import-problems"),
    path(f"{ONE}check/", views.notice_import_check, name="notice-import-check"),
    path(f"{ONE}apply/", views.notice_import_apply, name="notice-import-apply"),
    path(f"{ONE}carry-on/", views.notice_import_carry_on, name="notice-import-carry-on"),
    path(f"{ONE}stop/", views.notice_import_stop, name="notice-import-stop"),
    path(f"{ONE}abandon/", views.notice_import_abandon, name="notice-import-abandon"),
]
