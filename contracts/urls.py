"""Addresses of this floor."""

from django.urls import path

from contracts import unmapped, views
from contracts.breaks import urls as breaks
from contracts.notices import urls as notices
from contracts.offers import urls as offers
from contracts.register import urls as register
from contracts.rules import urls as rules
from contracts.stages import urls as stages
from contracts.suppliers import urls as suppliers

app_name = "contracts"
urlpatterns = [
    path("contracts/", views.contract_list, name="contract-list"),
    path("contracts/new/", views.contract_add, name="contract-add"),
    path("contracts/assign/", views.contract_assign, name="contract-assign"),
    path("contracts/unmapped/", unmapped.unmapped_list, name="unmapped-list"),
    path("contracts/unmapped/map/", unmapped.unmapped_map, name="unmapped-map"),
    path("contracts/<int:number>/edit/", views.contract_edit, name="contract-edit"),
    *breaks.urlpatterns,
    *notices.urlpatterns,
    *offers.urlpatterns,
    *register.urlpatterns,
    *rules.urlpatterns,
    *stages.urlpatterns,
    *suppliers.urlpatterns,
]
