"""When money is missing: how much of it is under way, and whose turn it is."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from cities.interface.formats import day, money
from cities.tenancy.models import City
from cities.tenancy.scopes import current_city_id
from grants.cycles.models import Cycle
from grants.programs.queries import Funding, fundings_received

from .queries import unallocated_cents

Step = tuple[int, str]
"""So many minor units come by this step, and the sentence that says whose turn it is."""


def missing_sentence(cycle: Cycle, missing_cents: int) -> str:
    """Say in the open city that ``missing_cents`` are not there, and who brings how much of it, nearest first."""
    currency = City.objects.get(pk=current_city_id()).currency
    said = [
        _("%(missing)s is missing in “%(cycle)s”.")
        % {"missing": money(missing_cents, currency), "cycle": cycle.name}
    ]
    left = missing_cents
    for cents, sentence in _steps(currency):
        if left <= 0:
            break
        said.append(sentence)
        left -= cents
    if left > 0:
        said.append(
            _("For %(left)s there is no money under way: award less, or ask the Center.")
            % {"left": money(left, currency)}
        )
    return " ".join(said)


def _steps(currency: str) -> Iterator[Step]:
    if held := unallocated_cents():
        yield held, _("A manager can allocate %(held)s that is received.") % {"held": money(held, currency)}
    fundings = fundings_received()
    accepted = [funding for funding in fundings if funding.acceptance]
    for funding in accepted:
        yield from _to_confirm(funding, currency)
    for funding in accepted:
        if unsent := funding.unsent_cents:
            said = _("The Center has yet to send %(cents)s of %(reference)s.")
            yield unsent, said % {"cents": money(unsent, currency), "reference": funding.grant.reference}
    for funding in fundings:
        if not funding.acceptance:
            cents, reference = funding.grant.amount_cents, funding.grant.reference
            said = _("Finance must accept the program grant %(reference)s of %(cents)s.")
            yield cents, said % {"cents": money(cents, currency), "reference": reference}


def _to_confirm(funding: Funding, currency: str) -> Iterator[Step]:
    for one in funding.unconfirmed:
        tranche = one.tranche
        said = _("Finance must confirm tranche %(number)s of %(reference)s: %(cents)s, sent on %(day)s.")
        facts = {
            "number": tranche.number,
            "reference": funding.grant.reference,
            "cents": money(tranche.amount_cents, currency),
            "day": day(tranche.sent_on),
        }
        yield tranche.amount_cents, said % facts
