"""The living page of the design system; mounted at /design/."""

from __future__ import annotations

from django.urls import path

from sotong.design import views

app_name = "design"
urlpatterns = [path("", views.gallery, name="gallery")]
