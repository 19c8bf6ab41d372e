"""Addresses of the library of projects, for departments (`/g/`) and enterprises (`/e/`)."""

from django.urls import path

from jianguan.registry.projects import pages

urlpatterns = [
    path("g/projects/", pages.projects, name="projects"),
    path("g/projects/new/", pages.register, name="project-new"),
    path("g/projects/<str:code>/", pages.project, name="project"),
    path("g/projects/<str:code>/works/new/", pages.add_works, name="works-new"),
    path("g/projects/<str:code>/sections/new/", pages.form_section, name="section-new"),
    path("g/projects/<str:code>/records/new/", pages.record_stage, name="stage-record-new"),
    path("e/projects/", pages.own_projects, name="own-projects"),
    path("e/projects/new/", pages.register, name="own-project-new"),
    path("e/projects/<str:code>/", pages.project, name="own-project"),
    path("e/projects/<str:code>/works/new/", pages.add_works, name="own-works-new"),
    path("e/projects/<str:code>/sections/new/", pages.form_section, name="own-section-new"),
]
