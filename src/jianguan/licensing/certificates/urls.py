"""Addresses of the ledger of certificates (`/g/`) and of the wallet (`/e/`)."""

from django.urls import path

from jianguan.licensing.certificates import pages

urlpatterns = [
    path("g/certs/", pages.ledger, name="certificates"),
    path("g/certs/<str:number>/", pages.certificate, name="certificate"),
    path("g/certs/<str:number>/file/", pages.file, name="certificate-file"),
    path("g/certs/<str:number>/status/", pages.change_status, name="certificate-status"),
    path("e/certs/", pages.wallet, name="own-certificates"),
    path("e/certs/<str:number>/", pages.certificate, name="own-certificate"),
    path("e/certs/<str:number>/file/", pages.file, name="own-certificate-file"),
]
