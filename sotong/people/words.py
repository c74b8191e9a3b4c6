"""What the audit trail calls the things that people do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

DONE: dict[str, Any] = {
    "people.found_company": _("회사를 만들었어요"),
    "people.sign_in": _("들어왔어요"),
    "people.sign_out": _("나갔어요"),
    "people.sign_out_everywhere": _("모든 기기에서 내보냈어요"),
    "people.end_session": _("한 기기에서 나왔어요"),
    "people.close_ways_in": _("백업에서 되살린 뒤 열린 창과 링크를 모두 닫았어요"),
    "people.invite_person": _("사람을 불렀어요"),
    "people.renew_invitation": _("초대 링크를 새로 만들었어요"),
    "people.withdraw_invitation": _("초대를 거두었어요"),
    "people.accept_invitation": _("초대를 받았어요"),
    "people.change_standing": _("역할이나 약속할 수 있는 것을 바꿨어요"),
    "people.deactivate_person": _("쉬게 했어요"),
    "people.reactivate_person": _("다시 불렀어요"),
    "people.issue_reset_link": _("새 비밀번호 링크를 만들었어요"),
    "people.use_reset_link": _("링크로 비밀번호를 새로 지었어요"),
    "people.change_password": _("비밀번호를 바꿨어요"),
    "people.add_second_factor": _("두 번째 열쇠를 걸었어요"),
    "people.drop_second_factor": _("두 번째 열쇠를 뗐어요"),
    "people.new_recovery_codes": _("복구 번호를 새로 만들었어요"),
    "people.connect_identity": _("회사 계정과 이었어요"),
    "people.remove_second_factors": _("다른 사람의 두 번째 열쇠를 지웠어요"),
    "people.create_team": _("팀을 만들었어요"),
    "people.change_team": _("팀을 바꿨어요"),
    "people.join_teams": _("사람의 팀을 바꿨어요"),
    "people.delete_team": _("팀을 지웠어요"),
    "people.rename_oneself": _("자기 이름을 바꿨어요"),
    "people.change_company": _("회사 정보를 바꿨어요"),
}

ROWS: dict[str, Any] = {
    "people.Company": _("회사"),
    "people.Person": pgettext_lazy("one row", "사람"),
    "people.Team": pgettext_lazy("one row", "팀"),
    "people.TeamMember": pgettext_lazy("one row", "팀원"),
    "people.Invitation": _("초대"),
}

COLUMNS: dict[str, Any] = {
    "people.name": _("이름"),
    "people.email": _("이메일"),
    "people.nickname": _("고객에게 보이는 이름"),
    "people.roles": _("역할"),
    "people.authority": _("약속할 수 있는 것"),
    "people.teams": _("팀"),
    "people.language": _("화면의 말"),
    "people.time_zone": _("시간대"),
    "people.theme": _("화면 밝기"),
    "people.density": _("줄 간격"),
    "people.has_shortcuts": _("글자 하나로 된 단축키 쓰기"),
    "people.undo_seconds": _("되돌릴 수 있는 시간(초)"),
    "people.is_active": _("지금 일함"),
    "people.is_owner": _("회사를 만든 사람"),
    "people.joined_at": _("들어온 날"),
    "people.created_at": _("만든 때"),
    "people.expires_at": _("링크가 끝나는 때"),
    "people.accepted_at": _("초대를 받은 때"),
    "people.withdrawn_at": _("초대를 거둔 때"),
    "people.invited_by": _("부른 사람"),
}
"""What the history of rows calls their columns; one that is named after a kind of row is called as that."""
