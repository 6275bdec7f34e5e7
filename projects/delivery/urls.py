"""Routes of projects: for everybody, for who tells about one, and for the desk; pages and API."""

from django.urls import path

from .api import desk as desk_api
from .api import public as api
from .views import desk, public, telling

PROJECTS = "<slug:city>/projects/"
PROJECT = f"{PROJECTS}<uuid:pk>/"
PHOTO = f"{PROJECTS}photos/<uuid:pk>/"
DESK = "<slug:city>/staff/projects/"
DESK_PROJECT = f"{DESK}<uuid:pk>/"
DESK_UPDATE = f"{DESK}updates/<uuid:pk>/"
API = "api/v1/cities/<slug:city>/projects/"
API_DESK = "api/v1/cities/<slug:city>/desk/projects/"
API_UPDATES = "api/v1/cities/<slug:city>/desk/project-updates/"

urlpatterns = [
    path(DESK, desk.desk, name="desk"),
    path(f"{DESK}all/", desk.desk_projects, name="desk-projects"),
    path(DESK_PROJECT, desk.desk_project, name="desk-project"),
    path(f"{DESK_PROJECT}status/", desk.project_status, name="project-status"),
    path(f"{DESK_PROJECT}page/", desk.project_page, name="project-page"),
    path(f"{DESK_PROJECT}show/", desk.project_show, name="project-show"),
    path(f"{DESK_PROJECT}hide/", desk.project_hide, name="project-hide"),
    path(f"{DESK_UPDATE}publish/", desk.update_publish, name="update-publish"),
    path(f"{DESK_UPDATE}hide/", desk.update_hide, name="update-hide"),
    path(PROJECTS, public.project_list, name="project-list"),
    path(PROJECT, public.project_detail, name="project-detail"),
    path(f"{PROJECT}updates/new/", telling.update_create, name="update-create"),
    path(f"{PROJECTS}updates/<uuid:pk>/remove/", telling.update_remove, name="update-remove"),
    path(f"{PROJECTS}of/<uuid:award>/", public.project_of, name="project-of"),
    path(PHOTO, public.photo_read, name="photo-read"),
    path(f"{PHOTO}small/", public.photo_small, name="photo-small"),
    path(API, api.Projects.as_view(), name="api-project-list"),
    path(f"{API}<uuid:pk>/", api.ProjectDetail.as_view(), name="api-project-detail"),
    path(f"{API}<uuid:pk>/updates/", api.ProjectUpdates.as_view(), name="api-update-list"),
    path(f"{API}updates/<uuid:pk>/", api.UpdateDetail.as_view(), name="api-update-detail"),
    path(API_DESK, desk_api.DeskProjects.as_view(), name="api-desk-project-list"),
    path(f"{API_DESK}<uuid:pk>/", desk_api.DeskProject.as_view(), name="api-desk-project-detail"),
    path(API_UPDATES, desk_api.WaitingUpdates.as_view(), name="api-desk-update-list"),
    path(f"{API_UPDATES}<uuid:pk>/publication/", desk_api.Publication.as_view(), name="api-update-publish"),
    path(f"{API_UPDATES}<uuid:pk>/hiding/", desk_api.Hiding.as_view(), name="api-update-hide"),
]
