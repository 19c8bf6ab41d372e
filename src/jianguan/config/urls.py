"""Addresses of all faces: public `/`, enterprises `/e/`, officers `/g/`."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("jianguan.platform.accounts.urls")),
    path("", include("jianguan.platform.web.urls")),
    path("", include("jianguan.platform.journal.urls")),
    path("", include("jianguan.platform.regions.urls")),
    path("", include("jianguan.registry.dictionaries.urls")),
    path("", include("jianguan.registry.enterprises.urls")),
    path("", include("jianguan.registry.people.urls")),
    path("", include("jianguan.registry.projects.urls")),
    path("", include("jianguan.licensing.certificates.urls")),
    path("", include("jianguan.licensing.archives.urls")),
    path("", include("jianguan.licensing.duties.urls")),
    path("", include("jianguan.licensing.proceedings.urls")),
    path("", include("jianguan.licensing.promises.urls")),
    path("", include("jianguan.sites.oversight.urls")),
    path("", include("jianguan.sites.inspections.urls")),
    path("", include("jianguan.licensing.workshop.urls")),
    path("", include("jianguan.licensing.packages.urls")),
    path("", include("jianguan.licensing.matters.urls")),
    path("", include("jianguan.portal.urls")),
    path("", include("jianguan.workbench.urls")),
]
