"""Addresses of reports; `...-latest` leads to the latest month with returns."""

from django.urls import path

from reporting.reports import themes, views, worths

directorate = "reports/directorates/<slug:slug>/"

urlpatterns = [
    path("reports/", views.report_index, name="report-index"),
    path("reports/council/", views.council_report, name="council-report-latest"),
    path("reports/council/<str:month>/", views.council_report, name="council-report"),
    path("reports/council/<str:month>/worth/", worths.council_worth, name="council-worth"),
    path("reports/themes/", themes.theme_list, name="theme-list"),
    path("reports/themes/<int:pk>/", themes.theme_report, name="theme-report-latest"),
    path("reports/themes/<int:pk>/<str:month>/", themes.theme_report, name="theme-report"),
    path("reports/themes/<int:pk>/<str:month>/worth/", worths.theme_worth, name="theme-worth"),
    path("reports/our-children/", views.cohort_report, name="cohort-report-latest"),
    path("reports/our-children/<str:month>/", views.cohort_report, name="cohort-report"),
    path("reports/measures/<int:pk>/", views.measure_report, name="measure-report-latest"),
    path("reports/measures/<int:pk>/<str:month>/", views.measure_report, name="measure-report"),
    path(directorate, views.directorate_report, name="directorate-report-latest"),
    path(f"{directorate}<str:month>/", views.directorate_report, name="directorate-report"),
    path(f"{directorate}<str:month>/worth/", worths.directorate_worth, name="directorate-worth"),
    path(
        f"{directorate}<str:month>/measures/<int:pk>/",
        views.directorate_measure_report,
        name="directorate-measure-report",
    ),
]
