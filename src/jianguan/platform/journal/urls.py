"""Addresses of the audit log."""

from django.urls import path

from jianguan.platform.journal import pages

urlpatterns = [
    path("g/conf/audit/", pages.audit_log, name="audit-log"),
    path("g/conf/audit/<uuid:entry_id>/", pages.audit_entry, name="audit-entry"),
]
