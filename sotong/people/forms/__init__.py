"""The forms of people, by what they ask for."""

from sotong.people.forms.founding import FirstRunForm
from sotong.people.forms.oneself import AcceptForm, CompanyForm, NewPasswordForm, PreferencesForm
from sotong.people.forms.signing_in import ChangePasswordForm, SignInForm
from sotong.people.forms.staff import InvitationForm, JoinTeamsForm, ReasonForm, StandingForm, TeamForm

__all__ = [
    "AcceptForm",
    "ChangePasswordForm",
    "CompanyForm",
    "FirstRunForm",
    "InvitationForm",
    "JoinTeamsForm",
    "NewPasswordForm",
    "PreferencesForm",
    "ReasonForm",
    "SignInForm",
    "StandingForm",
    "TeamForm",
]
