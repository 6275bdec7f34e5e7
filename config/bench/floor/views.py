"""The floor of reads, and the floor of writes."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from .models import Row

PAGE = 50


@login_required
def rows(request: HttpRequest) -> HttpResponse:
    """One indexed query of fifty rows in a plain template."""
    found = Row._default_manager.filter(call=1).order_by("-submitted_at")[:PAGE]
    return render(request, "floor/rows.html", {"rows": found})


@require_POST
@login_required
def change(request: HttpRequest) -> HttpResponse:
    """Change one row in a transaction of its own."""
    with transaction.atomic():
        changed = Row._default_manager.filter(pk=request.POST["row"]).update(title=request.POST["title"])
    return JsonResponse({"changed": changed})
