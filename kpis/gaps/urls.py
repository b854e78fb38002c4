"""Addresses of this room."""

from django.urls import path

from kpis.gaps import award_years, exceptions, radar, register, stock_takes, sweep, views

ONE = "stock-takes/<int:stock_take>/"

urlpatterns = [
    path("contracts/gaps/", register.gap_register, name="gap-register"),
    path("contracts/<int:number>/gap/", views.gap_say, name="gap-say"),
    path("exceptions/", exceptions.exception_list, name="exception-list"),
    path("contracts/radar/", radar.radar, name="radar"),
    path("contracts/by-award-year/", award_years.award_year_coverage, name="award-year-coverage"),
    path("stock-takes/", stock_takes.stock_take_list, name="stock-take-list"),
    path("stock-takes/new/", stock_takes.stock_take_start, name="stock-take-start"),
    path(ONE, stock_takes.stock_take_page, name="stock-take-page"),
    path(f"{ONE}contracts/<int:number>/", sweep.stock_take_contract, name="stock-take-contract"),
    path(f"{ONE}close/", stock_takes.stock_take_close, name="stock-take-close"),
]
