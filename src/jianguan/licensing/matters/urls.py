"""Addresses of matters: officers' case pages, enterprises' applications."""

from django.urls import path

from jianguan.licensing.matters.pages import (
    applications,
    cases,
    configuration,
    corrections,
    lines,
    moving,
    own_cases,
    printing,
    proposals,
    together,
)

urlpatterns = [
    path("g/cases/together/", together.handle_together, name="together"),
    path("g/cases/<uuid:case_id>/", cases.show, name="case"),
    path("g/cases/<uuid:case_id>/decide/", cases.decide, name="case-decide"),
    path("cases/<uuid:case_id>/print/<slug:kind>/", printing.sheet, name="case-sheet"),
    path("cases/<uuid:case_id>/documents/<uuid:document_id>/", cases.document, name="case-document"),
    path("cases/<uuid:case_id>/corrections/<str:number>/", corrections.notice, name="correction"),
    path("g/conf/matters/", configuration.catalogue, name="conf-matters"),
    path("g/conf/matters/<slug:matter>/", configuration.definition, name="conf-matter"),
    path("g/conf/matters/<slug:matter>/preview/", configuration.preview, name="conf-preview"),
    path("g/conf/matters/<slug:matter>/<int:version>/files/", proposals.published_files, name="conf-files"),
    path("g/conf/matters/<slug:matter>/move/", moving.move, name="conf-move"),
    path("g/conf/proposals/", proposals.listed, name="conf-proposals"),
    path("g/conf/proposals/new/", proposals.enter, name="conf-propose"),
    path("g/conf/proposals/<uuid:proposal_id>/", proposals.report, name="conf-proposal"),
    path("g/conf/proposals/<uuid:proposal_id>/process/", proposals.process, name="conf-proposal-process"),
    path("g/conf/proposals/<uuid:proposal_id>/form/", proposals.form, name="conf-proposal-form"),
    path("g/conf/proposals/<uuid:proposal_id>/differences/", proposals.compared, name="conf-proposal-differences"),
    path("g/conf/proposals/<uuid:proposal_id>/rehearsal/", proposals.rehearsal, name="conf-proposal-rehearsal"),
    path("g/conf/proposals/<uuid:proposal_id>/files/", proposals.files, name="conf-proposal-files"),
    path("g/conf/proposals/<uuid:proposal_id>/correct/", proposals.enter, name="conf-proposal-correct"),
    path("g/conf/proposals/<uuid:proposal_id>/edit/", proposals.edit, name="conf-proposal-edit"),
    path("g/conf/proposals/<uuid:proposal_id>/decide/", proposals.decide, name="conf-proposal-decide"),
    path("g/projects/<str:code>/line/", lines.project_line, name="project-line"),
    path("e/projects/<str:code>/line/", lines.project_line, name="own-project-line"),
    path("e/matters/", applications.hall, name="hall"),
    path("e/matters/<slug:matter>/", applications.begin, name="begin"),
    path("e/apply/<uuid:case_id>/", applications.application, name="application"),
    path("e/apply/<uuid:case_id>/receipt/", applications.receipt, name="receipt"),
    path("e/cases/", own_cases.own_cases, name="own-cases"),
    path("e/cases/<uuid:case_id>/", own_cases.own_case, name="own-case"),
]
