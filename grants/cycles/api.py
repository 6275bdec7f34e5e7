"""Calls over the API: shapes are checked here, rules by the same actions as on the pages."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status as http
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.rules import fetch_or_404
from cities.interface.waiting import waiting_for
from cities.tenancy.models import City
from cities.tenancy.tickets import fingerprint

from .actions import (
    archive_cycle,
    clone_cycle,
    create_blank_cycle,
    create_cycle_from_call,
    publish_cycle,
    withdraw_publication,
)
from .actions.publishing import applied_with
from .actions.updating import DEEDS, update_cycle
from .calls import InvalidCallError, OtherCurrencyError, fitted, not_held, read_call
from .models import Cycle
from .permissions import can_manage_calls, can_manage_cycle, can_see_cycle, can_see_setup
from .queries_staff import today
from .readiness import gaps
from .serializers import (
    CopiedSerializer,
    CopySerializer,
    CycleRowSerializer,
    CycleSerializer,
    NewCycleSerializer,
    SummarySerializer,
    in_city,
)
from .tickets import COLUMNS, ticket_of


def _city(request: Request) -> City:
    city: City = request._request.city  # type: ignore[attr-defined]
    return city


class CycleList(APIView):
    """All calls of the city, and new ones."""

    rules = {"GET": can_see_setup, "POST": can_manage_calls}

    @extend_schema(responses=CycleRowSerializer(many=True))
    def get(self, _request: Request, **_kwargs: Any) -> Response:
        """List the city's calls, newest first."""
        return Response(CycleRowSerializer(Cycle.objects.order_by("-year", "-created_at"), many=True).data)

    @extend_schema(request=NewCycleSerializer, responses={201: CycleRowSerializer})
    def post(self, request: Request, **_kwargs: Any) -> Response:
        """Make a draft, from a call in the call format or with a short form to begin with."""
        given = NewCycleSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        if "call" in values:
            cycle = self._from_call(request, values["call"])
        else:
            cycle = create_blank_cycle(**values, actor=request.user)  # type: ignore[arg-type]
        return Response(CycleRowSerializer(cycle).data, status=http.HTTP_201_CREATED)

    def _from_call(self, request: Request, data: Any) -> Cycle:
        if not isinstance(data, dict):
            raise ValidationError({"call": ["This must be an object in the call format."]})
        city = _city(request)
        try:
            call = read_call(data)
            if call.city["slug"] != city.slug:
                raise ValidationError({"call": ["This call was written for another city."]})
            call = fitted(call, city)
        except InvalidCallError as refusal:
            raise ValidationError(
                {"call": [{"place": e.place, "sentence": e.sentence} for e in refusal.errors]}
            ) from refusal
        except OtherCurrencyError as refusal:
            raise ValidationError({"call": [str(refusal)]}) from refusal
        held = [{"path": n.path, "fate": str(n.fate), "sentence": n.sentence} for n in not_held(call)]
        return create_cycle_from_call(call, actor=request.user, notes={"not_held": held})  # type: ignore[arg-type]


class _CycleView(APIView):
    """A view of one call of the open city; a foreign one is not found."""

    def get_ruled_object(self) -> Cycle:
        cycle: Cycle = fetch_or_404(Cycle, self.kwargs["pk"])
        return cycle


class CycleDetail(_CycleView):
    """One call with all its parts."""

    rules = {"GET": can_see_cycle, "PATCH": can_manage_cycle}

    @extend_schema(responses=CycleSerializer)
    def get(self, request: Request, pk: UUID, **_kwargs: Any) -> Response:
        """Return a call with its rules and the form applied with."""
        return Response(_described(_city(request), Cycle.objects.get(pk=pk)))

    @extend_schema(request=CycleSerializer, responses=CycleSerializer)
    def patch(self, request: Request, pk: UUID, **_kwargs: Any) -> Response:
        """Change any parts of a call in one deed. A form that people answer already is refused."""
        given = CycleSerializer(data=request.data, context=in_city(_city(request)))
        given.is_valid(raise_exception=True)
        parts = dict(given.validated_data)
        if "form" in parts:
            form = parts["form"]
            parts["form"] = {
                "sections": form["definition"],
                **{name: form[name] for name in ("summary_keys", "seen") if name in form},
            }
        return Response(_described(_city(request), update_cycle(pk, actor=request.user, **parts)))  # type: ignore[arg-type]


def _described(city: City, cycle: Cycle) -> Any:
    form = applied_with(cycle)
    cycle.form = form  # type: ignore[attr-defined]
    cycle.seen = {part: ticket_of(cycle, part) for part in (*COLUMNS, *DEEDS)}  # type: ignore[attr-defined]
    if form is not None:
        cycle.seen["form"] = fingerprint(form.definition, form.summary_keys)  # type: ignore[attr-defined]
    cycle.missing = [gap.sentence for gap in gaps(cycle, form, timezone.now())]  # type: ignore[attr-defined]
    return CycleSerializer(cycle, context=in_city(city)).data


class CyclePublish(_CycleView):
    rules = {"POST": can_manage_cycle}

    @extend_schema(request=None, responses=CycleRowSerializer)
    def post(self, request: Request, pk: UUID, **_kwargs: Any) -> Response:
        """Publish a draft. Refused with ``missing``, one sentence per thing that is left to fill in."""
        return Response(CycleRowSerializer(publish_cycle(pk, actor=request.user)).data)  # type: ignore[arg-type]


class CycleWithdraw(_CycleView):
    rules = {"POST": can_manage_cycle}

    @extend_schema(request=None, responses=CycleRowSerializer)
    def post(self, request: Request, pk: UUID, **_kwargs: Any) -> Response:
        """Make a published call a draft again, as long as nobody has begun to apply."""
        return Response(CycleRowSerializer(withdraw_publication(pk, actor=request.user)).data)  # type: ignore[arg-type]


class CycleArchive(_CycleView):
    rules = {"POST": can_manage_cycle}

    @extend_schema(request=None, responses=CycleRowSerializer)
    def post(self, request: Request, pk: UUID, **_kwargs: Any) -> Response:
        """Put a call away that isn't open, and whose applications are all decided."""
        return Response(CycleRowSerializer(archive_cycle(pk, actor=request.user)).data)  # type: ignore[arg-type]


class CycleCopy(_CycleView):
    rules = {"POST": can_manage_cycle}

    @extend_schema(request=CopySerializer, responses={201: CopiedSerializer})
    def post(self, request: Request, pk: UUID, **_kwargs: Any) -> Response:
        """Copy form and rules into a new draft; dates and pool are left blank."""
        given = CopySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        clone = clone_cycle(pk, **given.validated_data, actor=request.user)  # type: ignore[arg-type]
        clone.cycle.left_blank = clone.left_blank  # type: ignore[attr-defined]
        return Response(CopiedSerializer(clone.cycle).data, status=http.HTTP_201_CREATED)


class Summary(APIView):
    """What the staff home shows."""

    rules = {"GET": can_see_setup}

    @extend_schema(responses=SummarySerializer)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """Return what waits on you, the city's calls in figures, its drafts and the places of what came in."""
        city = _city(request)
        found = today(city, reader=request.user)
        context = {"waiting": waiting_for(request.user, city)}
        return Response(SummarySerializer(found, context=context).data)
