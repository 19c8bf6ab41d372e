"""Addresses of archive boxes, for departments (`/g/`) and enterprises (`/e/`)."""

from django.urls import path

from jianguan.licensing.archives import pages

urlpatterns = [
    path("g/archive/", pages.boxes, name="archive"),
    path("g/archive/<slug:kind>/<uuid:box_id>/", pages.box, name="archive-box"),
    path("g/archive/<slug:kind>/<uuid:box_id>/export/", pages.export, name="archive-export"),
    path("e/archive/", pages.own_boxes, name="own-archive"),
    path("e/archive/<slug:kind>/<uuid:box_id>/", pages.box, name="own-archive-box"),
    path("e/archive/<slug:kind>/<uuid:box_id>/export/", pages.export, name="own-archive-export"),
]
