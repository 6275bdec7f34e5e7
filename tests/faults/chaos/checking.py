"""The history held against the rows. Each complaint is a sentence; none means that nothing was lost, doubled or half done."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from tests.faults.chaos.history import OK, UNKNOWN

TAGS = {
    "submission": ("application", "application:submit"),
    "screening": ("application", "application:mark-eligible"),
    "review": ("application", "review:assign"),
    "opening": ("application", "review:open"),
    "score": ("application", "review:submit"),
    "award": ("id", "award:offer"),
    "acceptance": ("award", "award:accept"),
    "project": ("id", "project:open"),
    "document": ("id", "document:request"),
    "making": ("document", "document:finish"),
    "disbursement": ("id", "disbursement:request"),
    "approval": ("disbursement", "disbursement:approve"),
    "payment": ("disbursement", "disbursement:record-payment"),
    "receipt": ("id", "receipt:add"),
    "decision": ("receipt", "receipt:accepted"),
}
"""What each row has in the trail, once: a row without it, or it without a row, is half a deed."""

MADE_BESIDE = {"project", "making"}
"""What nobody asks for by itself: an acceptance opens a project, a worker makes a document."""

UNTOLD = {"application", "answer", "sheet"}
"""What a person types until they send it: no event tells of it."""

ENTRIES = {
    "award": ("id", "commitment"),
    "payment": ("disbursement", "payment"),
    "decision": ("receipt", "substantiation"),
}
"""And in the books."""

NOTICES = {
    "submission": ("application", "application-submitted"),
    "screening": ("application", "application-screened"),
    "award": ("id", "award-offered"),
    "acceptance": ("award", "award-confirmed"),
    "project": ("id", "project-opened"),
    "payment": ("award", "payment-made"),
    "decision": ("award", "receipt-decided"),
}
"""And in the outbox."""

PROJECTS = {"acceptance": ("award", "project")}
"""And among the projects."""

PARTS = {
    "event": (TAGS, "the trail"),
    "entry": (ENTRIES, "the books"),
    "message": (NOTICES, "the outbox"),
    "project": (PROJECTS, "the projects"),
}

ENDED = {"finished", "failed", "cancelled"}


@dataclass(frozen=True)
class Run:
    """All that is known of one run."""

    calls: list
    rows: dict
    pool: int
    faults: list
    letters: Counter = field(default_factory=Counter)
    """How often each address of the expected notices was written to."""
    expected: frozenset = frozenset()


def check(run):
    return [
        *check_faults(run),
        *check_claims(run),
        *check_keys(run),
        *check_whole(run),
        *check_money(run),
        *check_notices(run),
        *check_documents(run),
    ]


def check_faults(run):
    if not run.faults:
        yield "No fault landed: this run proves nothing."


def check_claims(run):
    """What was acknowledged is there once; what was refused isn't; what is unknown is there once or not at all."""
    outcomes, claims = defaultdict(set), {}
    for call in run.calls:
        if call.claim:
            outcomes[call.claim.name].add(call.outcome)
            claims[call.claim.name] = call.claim
    for name, seen in outcomes.items():
        claim = claims[name]
        found = sum(claim.where.items() <= row.items() for row in run.rows[claim.table])
        if OK in seen and found != 1:
            yield f"Acknowledged, but there {found} times: {name}"
        elif OK not in seen and UNKNOWN in seen and found > 1:
            yield f"Unknown, and there {found} times: {name}"
        elif seen.isdisjoint({OK, UNKNOWN}) and found:
            yield f"Refused, but there: {name}"


def check_keys(run):
    """What was acknowledged under a key is remembered: sent once more, it would be done once more."""
    kept = {row["key"] for row in run.rows["moneycall"]}
    for call in run.calls:
        if call.key and call.outcome == OK and call.key not in kept:
            yield f"Forgotten: {call.deed} under the key {call.key}"


def check_whole(run):
    for part, (facts, words) in PARTS.items():
        counted = Counter((row["kind"], row["subject"]) for row in run.rows[part])
        for table, (column, kind) in facts.items():
            wanted = Counter((kind, row[column]) for row in run.rows[table])
            found = Counter({key: count for key, count in counted.items() if key[0] == kind})
            for key in wanted.keys() | found.keys():
                if wanted[key] != found[key]:
                    yield f"Half done: {kind} of {key[1]} is {found[key]} times in {words}, {wanted[key]} times in its table"


def check_money(run):
    """No overspending, nothing paid twice, and the balances say what the rows say."""
    awarded = sum(row["cents"] for row in run.rows["award"])
    if awarded > run.pool:
        yield f"Overspent: {awarded} of {run.pool} cents were awarded"
    held = {(row["kind"], row["subject"]): row["cents"] for row in run.rows["balance"]}
    available = sum(cents for (kind, _subject), cents in held.items() if kind == "available")
    if available != run.pool - awarded:
        yield f"The pool holds {available} cents, and {run.pool - awarded} weren’t awarded"
    paid = Counter()
    for row in run.rows["payment"]:
        paid[row["award"]] += row["cents"]
    for row in run.rows["award"]:
        if paid[row["id"]] > row["cents"]:
            yield f"Paid {paid[row['id']]} of {row['cents']} cents: award {row['id']}"
        if paid[row["id"]] != held.get(("paid", row["id"]), 0):
            yield f"The books don’t say what was paid: award {row['id']}"


def check_notices(run):
    for address in sorted(run.expected - run.letters.keys())[:20]:
        yield f"Lost: no letter to {address}"
    twice = sum(run.letters[address] - 1 for address in run.expected & run.letters.keys())
    declared = sum(fault.under_way for fault in run.faults)
    if twice > declared:
        yield f"{twice} letters went out once more; {declared} were under way when something was killed"
    for row in run.rows["message"]:
        if not (row["sent"] or (row["failed"] and row["failure"])):
            yield f"Neither sent nor given up with a reason: {row['key']}"


def check_documents(run):
    for row in run.rows["document"]:
        if row["status"] not in ENDED or (row["status"] == "failed" and not row["failure"]):
            yield f"Neither made nor failed with a reason: document {row['id']} ({row['status']})"
