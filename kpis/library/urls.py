"""Addresses of this room."""

from django.urls import path

from kpis.library import (
    choice_views,
    framework_views,
    library_views,
    priority_views,
    template_views,
    theme_views,
    views,
)

FRAMEWORK = "library/frameworks/<int:pk>/"
THEME, OUTCOME = "library/themes/<int:pk>/", "library/outcomes/<int:pk>/"
PRIORITY = "library/priorities/<int:pk>/"

urlpatterns = [
    path("library/", library_views.library, name="library"),
    path("library/print/", library_views.library_print, name="library-print"),
    path("library/compare/", library_views.measure_compare, name="measure-compare"),
    path("library/own-words/", library_views.own_words_list, name="own-words-list"),
    path("library/measures/new/", views.measure_add, name="measure-add"),
    path("library/templates/", template_views.template_list, name="template-list"),
    path("library/templates/new/", template_views.template_add, name="template-add"),
    path("library/templates/<int:pk>/", template_views.template_page, name="template-page"),
    path("library/templates/<int:pk>/edit/", template_views.template_edit, name="template-edit"),
    path("library/templates/<int:pk>/copy/", template_views.template_copy, name="template-copy"),
    path(
        "library/templates/<int:pk>/replace/<int:measure>/",
        template_views.template_replace,
        name="template-replace",
    ),
    path("library/frameworks/", framework_views.framework_list, name="framework-list"),
    path("library/frameworks/new/", framework_views.framework_add, name="framework-add"),
    path(FRAMEWORK, framework_views.framework_page, name="framework-page"),
    path(f"{FRAMEWORK}edit/", framework_views.framework_edit, name="framework-edit"),
    path(f"{FRAMEWORK}status/", framework_views.framework_status, name="framework-status"),
    path(f"{FRAMEWORK}licence/", framework_views.framework_licence, name="framework-licence"),
    path(
        f"{FRAMEWORK}licence/withdraw/",
        framework_views.framework_licence_withdraw,
        name="framework-licence-withdraw",
    ),
    path(f"{FRAMEWORK}remove/", framework_views.framework_remove, name="framework-remove"),
    path(f"{FRAMEWORK}new-edition/", framework_views.framework_copy, name="framework-copy"),
    path(f"{FRAMEWORK}themes/new/", theme_views.theme_add, name="theme-add"),
    path(f"{THEME}edit/", theme_views.theme_edit, name="theme-edit"),
    path(f"{THEME}remove/", theme_views.theme_remove, name="theme-remove"),
    path(f"{THEME}outcomes/new/", theme_views.outcome_add, name="outcome-add"),
    path(f"{OUTCOME}edit/", theme_views.outcome_edit, name="outcome-edit"),
    path(f"{OUTCOME}remove/", theme_views.outcome_remove, name="outcome-remove"),
    path("library/priorities/", priority_views.priority_list, name="priority-list"),
    path("library/priorities/new/", priority_views.priority_add, name="priority-add"),
    path(PRIORITY, priority_views.priority_page, name="priority-page"),
    path(f"{PRIORITY}edit/", priority_views.priority_edit, name="priority-edit"),
    path(f"{PRIORITY}status/", priority_views.priority_status, name="priority-status"),
    path("contracts/<int:number>/frameworks/", choice_views.contract_frameworks, name="contract-frameworks"),
    path("library/measures/<int:pk>/", views.measure_page, name="measure-page"),
    path("library/measures/<int:pk>/make-live/", views.measure_live, name="measure-live"),
    path("library/measures/<int:pk>/edit/", views.measure_edit, name="measure-edit"),
    path("library/measures/<int:pk>/retire/", views.measure_retire, name="measure-retire"),
]
