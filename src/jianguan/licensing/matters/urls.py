"""Addresses of matters: officers' case pages, enterprises' applications."""

from django.urls import path

from jianguan.licensing.matters.pages import applications, cases, configuration, own_cases

urlpatterns = [
    path("g/cases/<uuid:case_id>/", cases.show, name="case"),
    path("g/cases/<uuid:case_id>/decide/", cases.decide, name="case-decide"),
    path("cases/<uuid:case_id>/documents/<uuid:document_id>/", cases.document, name="case-document"),
    path("g/conf/matters/", configuration.catalogue, name="conf-matters"),
    path("g/conf/matters/<slug:matter>/", configuration.definition, name="conf-matter"),
    path("g/conf/matters/<slug:matter>/preview/", configuration.preview, name="conf-preview"),
    path("e/matters/", applications.hall, name="hall"),
    path("e/matters/<slug:matter>/", applications.begin, name="begin"),
    path("e/apply/<uuid:case_id>/", applications.application, name="application"),
    path("e/apply/<uuid:case_id>/receipt/", applications.receipt, name="receipt"),
    path("e/cases/", own_cases.own_cases, name="own-cases"),
    path("e/cases/<uuid:case_id>/", own_cases.own_case, name="own-case"),
]
