"""The forms of people, by what they ask for."""

from sotong.people.forms.founding import FirstRunForm
from sotong.people.forms.oneself import AcceptForm, CompanyForm, NewPasswordForm, PreferencesForm
from sotong.people.forms.staff import InvitationForm, JoinTeamsForm, ReasonForm, StandingForm, TeamForm

__all__ = [
    "AcceptForm",
    "CompanyForm",
    "FirstRunForm",
    "InvitationForm",
    "JoinTeamsForm",
    "NewPasswordForm",
    "PreferencesForm",
    "ReasonForm",
    "StandingForm",
    "TeamForm",
]
