"""Addresses of who handles what, for officers (`/g/`), and of the applicant's request for a recusal."""

from django.urls import path

from jianguan.licensing.duties import pages

urlpatterns = [
    path("g/duties/claim/", pages.claim, name="duty-claim"),
    path("g/duties/give-back/", pages.give_back, name="duty-give-back"),
    path("g/duties/pass/", pages.pass_on, name="duty-pass"),
    path("g/duties/assign/", pages.assign, name="duty-assign"),
    path("g/duties/return/", pages.return_step, name="duty-return"),
    path("g/duties/take/", pages.take_away, name="duty-take"),
    path("g/duties/urge/", pages.urge, name="duty-urge"),
    path("g/cases/<uuid:case_id>/recusal/", pages.recuse, name="recusal-new"),
    path("g/recusals/<uuid:recusal_id>/answer/", pages.answer, name="recusal-answer"),
    path("g/recusals/<uuid:recusal_id>/lift/", pages.lift, name="recusal-lift"),
    path("e/cases/<uuid:case_id>/recusal/", pages.ask, name="recusal-ask"),
]
