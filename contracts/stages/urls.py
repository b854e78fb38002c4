"""Addresses of stages, checklists and statements."""

from django.urls import path

from contracts.stages import coverage_views, question_views, statement_views, views

urlpatterns = [
    path("contracts/stages/", coverage_views.stage_coverage, name="stage-coverage"),
    path("contracts/<int:number>/checklist/", views.checklist, name="checklist"),
    path("contracts/<int:number>/stage/", views.stage_move, name="stage-move"),
    path("contracts/<int:number>/statement/", statement_views.statement_draft, name="statement-draft"),
    path("contracts/<int:number>/statement/keep/", statement_views.statement_keep, name="statement-keep"),
    path(
        "contracts/<int:number>/statement/<int:statement>/",
        statement_views.statement_page,
        name="statement-page",
    ),
    path(
        "contracts/<int:number>/statement/<int:statement>/download/",
        statement_views.statement_download,
        name="statement-download",
    ),
    path(
        "contracts/checklist-questions/",
        question_views.checklist_question_list,
        name="checklist-question-list",
    ),
    path(
        "contracts/checklist-questions/new/",
        question_views.checklist_question_add,
        name="checklist-question-add",
    ),
    path(
        "contracts/checklist-questions/<int:pk>/edit/",
        question_views.checklist_question_edit,
        name="checklist-question-edit",
    ),
    path(
        "contracts/checklist-questions/<int:pk>/retire/",
        question_views.checklist_question_retire,
        name="checklist-question-retire",
    ),
]
