"""Addresses of promises: checks for officers (`/g/`), the same for the applicant (`/e/`), the document for both."""

from django.urls import path

from jianguan.licensing.promises import pages

urlpatterns = [
    path("g/promises/", pages.checks, name="promise-checks"),
    path("g/promises/figures/", pages.figures, name="promise-figures"),
    path("g/promises/<uuid:check_id>/", pages.check, name="promise-check"),
    path("e/promises/<uuid:check_id>/", pages.own_check, name="own-promise-check"),
    path("promises/<uuid:promise_id>/", pages.paper, name="promise-paper"),
    path("promises/checks/<uuid:check_id>/documents/<uuid:document_id>/", pages.document, name="promise-document"),
]
