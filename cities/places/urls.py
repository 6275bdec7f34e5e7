from django.urls import path

from . import views

urlpatterns = [path("<slug:city>/areas.json", views.area_shapes_json, name="area-shapes")]
