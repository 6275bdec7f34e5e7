"""People and what they may do where: ``User`` has no city, a ``Membership`` gives a role in one."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cities.tenancy.models import TenantModel, new_id


class Role(models.TextChoices):
    """What a person does in a city, or at the Center; several per person."""

    MANAGER = "manager", _("Manager")
    STAFF = "staff", _("Staff")
    FINANCE = "finance", _("Finance")
    APPROVER = "approver", _("Approver")
    REVIEWER = "reviewer", _("Reviewer")
    VIEWER = "viewer", _("Viewer")
    OFFICER = "officer", _("Center officer")
    AUDITOR = "auditor", _("Center auditor")


CITY_ROLES = frozenset({Role.MANAGER, Role.STAFF, Role.FINANCE, Role.APPROVER, Role.REVIEWER, Role.VIEWER})
CENTER_ROLES = frozenset({Role.OFFICER, Role.AUDITOR})
DESK_ROLES = CITY_ROLES - {Role.REVIEWER}
"""Who sees staff pages. An outside reviewer sees nothing but the review pages."""


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, *, name: str = "", language: str = "en", **_fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), name=name, language=language)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person: resident, city employee or Center officer. Signs in with a code sent to ``email``."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    may_be_contacted = models.BooleanField(_("cities may write to me about new calls"), default=False)
    may_share_story = models.BooleanField(
        _("cities may tell the story of my project with my first name"), default=False
    )
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("Somebody uses this e-mail address already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def has_usable_password(self) -> bool:
        """Nobody has a password, however the row was made: the sign-in library must not ask for one."""
        return False

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email


def display_name(user: "User") -> str:
    return str(user)


class Membership(TenantModel):
    """A role that a person holds in a city or at the Center. Ended memberships are kept."""

    doors = frozenset({"person"})

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "user", "role"],
                condition=Q(ended_at__isnull=True),
                name="membership_role_once",
                violation_error_message=_("This person has this role already."),
            ),
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=sorted(Role.values))),
        ]
        indexes = [models.Index(fields=["user"], name="membership_user")]


class Invitation(TenantModel):
    """A letter that makes whoever proves its address a member. The token is stored as a hash only."""

    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role)
    token_hash = models.CharField(max_length=64)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city", "token_hash"], name="invitation_token_once"),
            models.UniqueConstraint(
                fields=["city", "email", "role"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_open_once",
                violation_error_message=_("This person has been invited to this role already."),
            ),
        ]


class FactorReset(TenantModel):
    """A person's lost second step: asked for by them or a manager, answered by a second person.

    Lies in the city where it was asked, or at the Center for somebody who works in several places. Who may approve
    is judged by a trigger too (``factor_reset_judge``).
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("what happened"), max_length=300)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "person"],
                condition=Q(approved_at__isnull=True, refused_at__isnull=True),
                name="factor_reset_open_once",
                violation_error_message=_("This was asked for already, and waits for an answer."),
            ),
            models.CheckConstraint(
                name="factor_reset_by_another",
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=models.F("asked_by")) & ~Q(approved_by=models.F("person"))),
                violation_error_message=_(
                    "Somebody else has to approve what you asked for, or what is about you."
                ),
            ),
            models.CheckConstraint(
                name="factor_reset_one_answer",
                condition=Q(approved_at__isnull=True) | Q(refused_at__isnull=True),
            ),
        ]


class OpenSession(models.Model):
    """One browser's session, signed in or not yet. Belongs to no city. Gone is ended.

    ``key_hash`` recognises the cookie; the key itself stands nowhere. ``seen_at`` is true to five minutes.
    ``is_desk``: the shorter limits hold (see :mod:`.sessions`). ``device`` is two words, never an address.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key_hash = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    session_data = models.TextField()
    device = models.CharField(max_length=80, blank=True)
    is_desk = models.BooleanField(default=False)
    started_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now_add=True)
    expire_date = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expire_date"], name="opensession_expiry")]


__all__ = [
    "CENTER_ROLES",
    "CITY_ROLES",
    "DESK_ROLES",
    "FactorReset",
    "Invitation",
    "Membership",
    "OpenSession",
    "Role",
    "User",
    "display_name",
]
