"""Addresses of inspections, plans and draws: officers `/g/`, enterprises `/e/`, the public `/draws/`."""

from django.urls import path

from jianguan.sites.inspections import pages, planning_pages

urlpatterns = [
    path("g/inspections/", pages.listed, name="inspections"),
    path("g/inspections/new/", pages.new, name="inspection-new"),
    path("g/inspections/<uuid:inspection_id>/", pages.inspection, name="inspection"),
    path("g/inspections/<uuid:inspection_id>/submit/", pages.submit, name="inspection-submit"),
    path("g/inspections/<uuid:inspection_id>/sheets/", pages.add_sheet, name="inspection-sheet-new"),
    path("g/inspections/<uuid:inspection_id>/sheets/<uuid:sheet_id>/", pages.sheet, name="inspection-sheet"),
    path(
        "g/inspections/<uuid:inspection_id>/sheets/<uuid:sheet_id>/remove/",
        pages.remove_sheet,
        name="inspection-sheet-remove",
    ),
    path("g/inspections/<uuid:inspection_id>/correction/", pages.ask, name="inspection-correction"),
    path("g/inspections/corrections/<uuid:correction_id>/", pages.decide, name="correction-decide"),
    path("inspections/<uuid:inspection_id>/result/", pages.result, name="inspection-result"),
    path("e/inspections/", pages.own, name="own-inspections"),
    path("g/plans/", planning_pages.plans, name="plans"),
    path("g/plans/new/", planning_pages.plan, name="plan-new"),
    path("g/plans/draws/new/", planning_pages.seal, name="draw-new"),
    path("g/plans/draws/<uuid:draw_id>/hold/", planning_pages.hold, name="draw-hold"),
    path("g/supervision/<uuid:file_id>/patrols/", planning_pages.quota, name="patrol-quota"),
    path("g/supervision/<uuid:file_id>/recusals/", planning_pages.recuse, name="inspection-recusal"),
    path("g/inspections/recusals/<uuid:recusal_id>/end/", planning_pages.end_recusal, name="inspection-recusal-end"),
    path("draws/", planning_pages.draws, name="draws"),
    path("draws/<uuid:draw_id>/", planning_pages.draw, name="draw"),
    path("draws/<uuid:draw_id>/draw.json", planning_pages.document, name="draw-document"),
]
