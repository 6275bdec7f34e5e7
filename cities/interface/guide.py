"""Made-up data for the style guide."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django import forms
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import timezone

from cities.interface.charts import Point, Series
from cities.interface.fields import DateInput, MoneyField


@dataclass(frozen=True)
class SampleCity:
    """A city as the bases read it."""

    name: str = "Baltimore"
    slug: str = ""
    region: str = "Maryland"
    timezone: str = "America/New_York"
    currency: str = "USD"
    accent_color: str = "#7a1f5c"
    contact_name: str = "Dana Whitfield, city lead"
    contact_phone: str = "410-555-0134"
    contact_email: str = "block@example.org"
    contact_address: str = "100 Holliday Street, Baltimore, MD 21202"


@dataclass(frozen=True)
class NavItem:
    """One entry of a navigation."""

    label: str
    icon: str = ""
    url: str = "#"
    current: bool = False


class SampleForm(forms.Form):
    """One field of every kind the components draw."""

    title = forms.CharField(
        label="What is your project called?", help_text="A few words your neighbors would say."
    )
    story = forms.CharField(
        label="What will change on your block?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-max-words": "150"}),
    )
    email = forms.EmailField(label="E-mail")
    asked = MoneyField(label="How much do you ask for?", max_cents=200_000, help_text="Up to $2,000.")
    begins_on = forms.DateField(label="When do you start?", widget=DateInput())
    ward = forms.ChoiceField(
        label="Ward", choices=[("", "Choose a ward"), ("1", "Ward 1"), ("2", "Ward 2")], required=False
    )
    kind = forms.ChoiceField(
        label="What kind of project is it?",
        widget=forms.RadioSelect,
        choices=[("green", "A garden or trees"), ("clean", "A clean-up"), ("art", "A mural or art")],
    )
    services = forms.MultipleChoiceField(
        label="Which city services would help?",
        help_text="Choose all that fit.",
        widget=forms.CheckboxSelectMultiple,
        choices=[("bins", "Litter baskets"), ("tools", "Tools on loan"), ("light", "A street light")],
        required=False,
    )
    photo = forms.FileField(
        label="A photo of the place", required=False, help_text="From your phone is fine. Up to 15 MB."
    )
    agree = forms.BooleanField(label="My neighbors know about this project")


class SampleFilter(forms.Form):
    """A queue's filters."""

    q = forms.CharField(
        label="Search", required=False, widget=forms.TextInput(attrs={"type": "search", "data-search": ""})
    )
    status = forms.ChoiceField(
        label="Status", required=False, choices=[("", "All"), ("s", "Submitted"), ("d", "Draft")]
    )
    ward = forms.ChoiceField(label="Ward", required=False, choices=[("", "All"), ("1", "1"), ("2", "2")])


WRONG = {"title": "", "email": "dana@", "asked": "5,000", "story": "We plant trees.", "services": ["bins"]}
STAFF = ["Today", "Applications", "Review", "Awards", "Payments", "Projects", "Reports", "Setup"]
STAFF_ICONS = [
    "calendar_today", "folder_open", "star_outline", "emoji_events",
    "attach_money", "park", "assessment", "settings",
]  # fmt: skip
CENTER = ["Overview", "Cities", "Programs", "Disbursements", "Exceptions", "Samples", "Findings"]


def samples(request: HttpRequest) -> dict[str, object]:
    """Everything the guide's page shows."""
    now = timezone.now()
    return {
        "city": SampleCity(),
        "is_demo_site": True,
        "nav_items": navigation(request.GET.get("rhythm", "city")),
        "form": SampleForm(),
        "wrong": SampleForm(WRONG),
        "filters": SampleFilter(request.GET or None),
        "closes_at": datetime(2026, 11, 4, 4, 59, tzinfo=UTC),
        "since": now - timedelta(days=3),
        "decides_on": date(2026, 12, 1),
        "rows": rows(now),
        "by_ward": [
            Point("Ward 1", 1_840_000, "$18,400", "#ward-1"),
            Point("Ward 2, with a long name of its neighborhood", 920_000, "$9,200", "#ward-2"),
            Point("Ward 3", 150_000, "$1,500", "#ward-3"),
        ],
        "by_day": [
            Series("This cycle", [Point(f"Nov {day}", day * day / 3) for day in range(1, 25)]),
            Series("Last cycle", [Point(f"Nov {day}", day * 6) for day in range(1, 25)]),
        ],
        "one_line": [Point(f"Nov {day}", day * day / 6) for day in range(1, 25)],
        "picture": static("img/mark.svg"),
        "map_data": {"markers": CITIES},
    }


def navigation(rhythm: str) -> list[NavItem]:
    """The menu of a rhythm, its second entry current."""
    if rhythm == "staff":
        entries = zip(STAFF, STAFF_ICONS, strict=True)
        return [NavItem(label, icon, current=label == "Applications") for label, icon in entries]
    if rhythm == "center":
        return [NavItem(label, "map", current=label == "Cities") for label in CENTER]
    return []


def rows(now: datetime) -> list[dict[str, object]]:
    """A staff queue."""
    people = [
        ("Reservoir Hill Garden Club", 148_000, "success", "Complete", "4.6"),
        ("Neighbors of 2100 Ashland Avenue <script>", 200_000, "info", "Submitted", ""),
        ("Park Heights Youth Mural", 93_550, "warning", "Asked for a change", "3.9"),
        ("Curtis Bay Clean Water Friends", 5_000, "waiting", "Waiting", ""),
        ("Oliver Block Captains", 120_000, "danger", "Not eligible", ""),
    ]
    return [
        {
            "reference": f"BAL-2026-{number:04}",
            "name": name,
            "cents": cents,
            "tone": tone,
            "status": word,
            "score": score,
            "at": now - timedelta(hours=9 * number),
        }
        for number, (name, cents, tone, word, score) in enumerate(people, start=38)
    ]


CITIES = [
    {"label": name, "latitude": latitude, "longitude": longitude, "url": f"#{name}", "text": text, "size": size, "tone": tone}
    for name, latitude, longitude, text, size, tone in [
        ("Allentown", 40.60, -75.47, "2 cycles, $96,000", 3, "success"),
        ("Baltimore", 39.29, -76.61, "1 cycle, $100,000", 5, "success"),
        ("Dallas", 32.78, -96.80, "1 cycle, $80,000", 4, "info"),
        ("Little Rock", 34.75, -92.29, "2 cycles, $100,000", 4, "success"),
        ("Rapid City", 44.08, -103.23, "no cycle yet", 1, "neutral"),
        ("Long Beach", 33.77, -118.19, "1 cycle, $100,000", 5, "success"),
        ("Reno", 39.53, -119.81, "one exception", 3, "danger"),
    ]
]  # fmt: skip
