"""Addresses of the library of people."""

from django.urls import path

from jianguan.registry.people import pages

urlpatterns = [
    path("g/people/", pages.people, name="people"),
    path("g/people/new/", pages.register, name="person-new"),
    path("g/people/find/", pages.find, name="person-find"),
    path("g/people/<uuid:person_id>/", pages.person, name="person"),
    path("g/people/<uuid:person_id>/identity/", pages.unmask, name="person-unmask"),
    path("g/people/<uuid:person_id>/registrations/new/", pages.record_registration, name="registration-new"),
    path("g/people/<uuid:person_id>/certificates/new/", pages.record_certificate, name="post-certificate-new"),
    path("e/people/", pages.own_people, name="own-people"),
    path("e/people/<uuid:person_id>/", pages.own_person, name="own-person"),
]
