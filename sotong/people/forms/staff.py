"""Forms about other people: inviting, roles, teams."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sotong.people.forms.founding import FILL_IN, NameField, email_field
from sotong.people.models import Person, Team
from sotong.people.roles import AUTHORITY_TITLES, ROLE_TITLES


class RoleCards(forms.CheckboxSelectMultiple):
    """Each role with what it may do."""

    template_name = "people/widgets/roles.html"


class AuthorityCards(forms.RadioSelect):
    """Each level with what it may promise."""

    template_name = "people/widgets/authority.html"


def roles_field() -> forms.MultipleChoiceField:
    """One role or more."""
    return forms.MultipleChoiceField(
        label=_("역할"),
        choices=lambda: list(ROLE_TITLES.items()),
        widget=RoleCards,
        error_messages={"required": _("역할을 하나는 골라 주세요."), "invalid_choice": _("그런 역할은 없어요.")},
    )


def authority_field() -> forms.TypedChoiceField:
    """Who may promise what, apart from the role."""
    return forms.TypedChoiceField(
        label=_("약속할 수 있는 것"),
        coerce=int,
        choices=lambda: [(level, title) for level, title in AUTHORITY_TITLES.items()],
        widget=AuthorityCards,
        error_messages={"required": _("하나를 골라 주세요."), "invalid_choice": _("하나를 골라 주세요.")},
    )


def teams_field() -> forms.ModelMultipleChoiceField[Team]:
    """None or more teams."""
    return forms.ModelMultipleChoiceField(
        label=_("팀"), queryset=Team.objects.order_by("name"), required=False, widget=forms.CheckboxSelectMultiple
    )


def reason_field() -> forms.CharField:
    """Why something risky is done; kept in the audit trail."""
    return forms.CharField(
        label=_("이유"),
        max_length=500,
        help_text=_("기록에 남아요."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("왜 그렇게 하는지 적어 주세요.")},
    )


class InvitationForm(forms.Form):
    """Whom to invite and what they may do."""

    email = email_field(help_text=_("들어올 때 쓸 주소예요. 메일을 보내지는 않으니, 링크를 직접 건네 주세요."))
    name = NameField(label=_("이름"), max_length=80, required=False, help_text=_("받는 사람이 고칠 수 있어요."))
    roles = roles_field()
    authority = authority_field()
    teams = teams_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        if not Team.objects.exists():
            del self.fields["teams"]


class StandingForm(forms.Form):
    """Roles and authority of someone, with the reason for the change."""

    roles = roles_field()
    authority = authority_field()
    reason = reason_field()


class JoinTeamsForm(forms.Form):
    """The teams of one person."""

    teams = teams_field()


class ReasonForm(forms.Form):
    """A risky step that needs nothing but a reason."""

    reason = reason_field()


class TeamForm(forms.Form):
    """A team's name and members."""

    name = NameField(label=_("팀 이름"), max_length=60, error_messages={"required": FILL_IN})
    members = forms.ModelMultipleChoiceField(
        label=_("팀원"),
        queryset=Person.objects.filter(is_active=True).order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
