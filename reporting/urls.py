"""Addresses of this floor."""

from django.urls import path

from reporting.pages import about, contract, home, search, supplier, worth
from reporting.reports import urls as reports

app_name = "reporting"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("contracts/without-kpis/", contract.contracts_without_kpis, name="contracts-without-kpis"),
    path("contracts/<int:number>/", contract.contract_page, name="contract-page"),
    path("contracts/<int:number>/history/", contract.contract_history, name="contract-history"),
    path("contracts/<int:number>/worth/", worth.contract_worth_page, name="contract-worth"),
    path("suppliers/<int:pk>/worth/", worth.supplier_worth_page, name="supplier-worth"),
    path("suppliers/<int:pk>/", supplier.supplier_page, name="supplier-page"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("cookies/", about.cookies, name="cookies"),
    path("privacy/", about.privacy, name="privacy"),
    *reports.urlpatterns,
]
