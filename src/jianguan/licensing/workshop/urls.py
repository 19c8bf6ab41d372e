"""Addresses of working copies."""

from django.urls import path

from jianguan.licensing.workshop.pages import files, forms, matter, overview, process, scenarios, tables

urlpatterns = [
    path("g/conf/workshop/", overview.listed, name="workshop"),
    path("g/conf/workshop/new/<slug:matter>/<int:version>/", overview.begin, name="workshop-new"),
    path("g/conf/workshop/<uuid:copy_id>/", overview.overview, name="workshop-copy"),
    path("g/conf/workshop/<uuid:copy_id>/decide/", overview.decide, name="workshop-decide"),
    path("g/conf/workshop/<uuid:copy_id>/process/", process.process, name="workshop-process"),
    path("g/conf/workshop/<uuid:copy_id>/tables/", tables.tables, name="workshop-tables"),
    path("g/conf/workshop/<uuid:copy_id>/tables/<slug:key>/", tables.table, name="workshop-table"),
    path("g/conf/workshop/<uuid:copy_id>/form/", forms.questions, name="workshop-form"),
    path("g/conf/workshop/<uuid:copy_id>/form/preview/", forms.preview, name="workshop-preview"),
    path("g/conf/workshop/<uuid:copy_id>/form/preview/<slug:language>/", forms.preview_in, name="workshop-preview-in"),
    path("g/conf/workshop/<uuid:copy_id>/matter/", matter.matter, name="workshop-matter"),
    path("g/conf/workshop/<uuid:copy_id>/matter/<slug:part>/", matter.matter, name="workshop-matter"),
    path("g/conf/workshop/<uuid:copy_id>/scenarios/", scenarios.scenarios, name="workshop-scenarios"),
    path("g/conf/workshop/<uuid:copy_id>/files/", files.files, name="workshop-files"),
    path("g/conf/workshop/<uuid:copy_id>/files/all/", files.download, name="workshop-download"),
]
