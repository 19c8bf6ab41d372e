"""Places: administrative divisions and the management areas that the standard lacks."""

from __future__ import annotations

from django.db import models


class RegionKind(models.TextChoices):
    """Where the code of a place comes from."""

    DIVISION = "division"  # GB/T 2260 行政区划
    GROUP = "group"  # 省直辖县级行政区划 and the like: a code, but no government
    MANAGEMENT_AREA = "management_area"  # 开发区、园区、综保区: our own code below that of the division it lies in


class Region(models.Model):
    """A place with a code of its own. Old codes stay, with the day they ended and what replaced them."""

    code = models.TextField(primary_key=True)
    name = models.TextField()
    name_en = models.TextField()
    kind = models.TextField(choices=RegionKind)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    confidence = models.TextField()
