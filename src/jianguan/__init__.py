"""Jianguan 建管: whole-process supervision of construction."""

__version__ = "0.1.0"
