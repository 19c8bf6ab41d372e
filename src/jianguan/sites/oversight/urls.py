"""Addresses of supervision files."""

from django.urls import path

from jianguan.sites.oversight import pages

urlpatterns = [
    path("g/supervision/", pages.files, name="supervision-files"),
    path("g/supervision/<uuid:file_id>/", pages.file, name="supervision-file"),
    path("g/supervision/<uuid:file_id>/supervisors/<uuid:assignment_id>/", pages.change, name="supervisor-change"),
    path("g/supervision/<uuid:file_id>/supervisors/<slug:speciality>/new/", pages.assign, name="supervisor-new"),
]
