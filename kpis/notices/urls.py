"""Addresses of this room."""

from django.urls import path

from kpis.notices import views

urlpatterns = [
    path("section-52/", views.section_52_list, name="section-52-list"),
    path("contracts/<int:number>/section-52/", views.section_52, name="section-52"),
    path("contracts/<int:number>/notices/new/", views.notice_add, name="notice-add"),
    path("contracts/<int:contract_number>/notices/<int:number>/", views.notice_page, name="notice-page"),
    path("contracts/<int:contract_number>/notices/<int:number>/edit/", views.notice_edit, name="notice-edit"),
    path(
        "contracts/<int:contract_number>/notices/<int:number>/withdraw/",
        views.notice_withdraw,
        name="notice-withdraw",
    ),
]
