"""Routes for the tests of the middleware."""

from django.http import Http404, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path
from rest_framework.views import APIView

from cities.access.rules import anybody
from cities.places.models import Area
from cities.tenancy.errors import RuleError


def write_then(outcome):
    def view(request, city):
        Area.objects.create(name="written", geometry={})
        return outcome(request)

    view.rule = anybody
    return view


def refuse(_request):
    raise Http404


def boom(_request):
    raise ValueError("boom")


def lazy(request, city):
    template = engines["django"].from_string("{% for area in areas %}[{{ area.name }}]{% endfor %}")
    return TemplateResponse(request, template, {"areas": Area.objects.all()})


class WriteThenRaise(APIView):
    rules = {"POST": anybody}
    authentication_classes = ()

    def post(self, request, city):
        Area.objects.create(name="written", geometry={})
        raise RuleError("This is refused.")


def form(request, city):
    """A redisplayed form wrote nothing."""
    return HttpResponse("again", status=422)


urlpatterns = [
    path("<slug:city>/ok/", write_then(lambda _r: HttpResponse("ok"))),
    path("<slug:city>/missing/", write_then(refuse)),
    path("<slug:city>/forbidden/", write_then(lambda _r: HttpResponse(status=403))),
    path("<slug:city>/boom/", write_then(boom)),
    path("<slug:city>/lazy/", lazy),
    path("<slug:city>/api/", WriteThenRaise.as_view()),
]
