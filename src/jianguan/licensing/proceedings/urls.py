"""Addresses of procedures, calls and objections: officers `/g/`, enterprises `/e/`, both without."""

from django.urls import path

from jianguan.licensing.proceedings import pages

urlpatterns = [
    path("g/proceedings/", pages.listed, name="proceedings"),
    path("g/cases/<uuid:case_id>/proceedings/new/", pages.order, name="proceeding-new"),
    path("g/cases/<uuid:case_id>/calls/new/", pages.note_call, name="call-new"),
    path("g/calls/<uuid:call_id>/", pages.call, name="call"),
    path("g/proceedings/<uuid:proceeding_id>/", pages.proceeding, name="proceeding"),
    path("g/proceedings/<uuid:proceeding_id>/documents/", pages.attach, name="proceeding-attach"),
    path("g/proceedings/<uuid:proceeding_id>/record/", pages.record, name="proceeding-record"),
    path("g/proceedings/<uuid:proceeding_id>/call-off/", pages.call_off, name="proceeding-call-off"),
    path("proceedings/<uuid:proceeding_id>/notice/", pages.notice, name="proceeding-notice"),
    path("proceedings/documents/<uuid:document_id>/", pages.document, name="proceeding-document"),
    path("e/cases/<uuid:case_id>/objections/new/", pages.object_, name="objection-new"),
    path("e/objections/<uuid:objection_id>/documents/", pages.attach_to_objection, name="objection-attach"),
    path("objections/<uuid:objection_id>/", pages.objection, name="objection"),
    path("g/objections/<uuid:objection_id>/answer/", pages.answer, name="objection-answer"),
]
