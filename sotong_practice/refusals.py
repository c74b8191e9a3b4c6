"""What the network refuses, and the words for it. The code is for programs, the words are for people."""

from __future__ import annotations

from typing import Any

MESSAGES: dict[str, tuple[str, str]] = {
    "account_needed": ("누구로 하는 일인지 알려 주세요 (X-Practice-As).", "Say which account acts (X-Practice-As)."),
    "account_unknown": ("그런 계정이 없어요.", "There is no such account."),
    "admin_only": ("관리자만 할 수 있어요.", "Only the administrator may do this."),
    "alt_too_long": ("대체 텍스트는 1,000자까지예요.", "Alternative texts hold 1,000 characters at most."),
    "at_refused": ("시각은 관리자만 정할 수 있어요.", "Only the administrator may set the time."),
    "body_too_large": ("보내신 내용이 너무 커요.", "The request body is too large."),
    "cursor_bad": (
        "이 목록의 커서가 아니에요. 커서 없이 다시 시작해 주세요.",
        "Not a cursor of this list. Start without one.",
    ),
    "field_bad": ("값의 모양이 맞지 않아요.", "A field has the wrong shape."),
    "field_missing": ("꼭 필요한 값이 빠졌어요.", "A required field is missing."),
    "field_unknown": ("모르는 이름의 값이 있어요.", "There is a field that we do not know."),
    "form_stale": ("화면이 오래됐어요. 다시 열어 주세요.", "This page is out of date. Please open it again."),
    "handle_bad": ("아이디는 영문 소문자, 숫자, 밑줄로 2~30자예요.", "Handles are 2 to 30 of a-z, 0-9 and _."),
    "handle_taken": ("이미 쓰는 아이디예요. 다른 것을 골라 주세요.", "That handle is taken. Please choose another."),
    "headers_too_large": ("요청 머리글이 너무 길어요.", "The request headers are too large."),
    "host_refused": ("이 주소로는 열 수 없어요.", "This address is not served here."),
    "internal": (
        "안에서 문제가 생겼어요. 처리됐는지 확인해 주세요.",
        "Something broke inside. Check whether it took effect.",
    ),
    "json_bad": ("JSON을 읽을 수 없어요.", "The body is not readable JSON."),
    "key_bad": ("키는 영문, 숫자, . _ : - 로 1~128자예요.", "Keys are 1 to 128 of letters, digits and . _ : -"),
    "key_unknown": ("그 키로 쓴 것이 없어요.", "Nothing was written with that key."),
    "key_used": ("그 키는 다른 종류의 글에 이미 썼어요.", "That key belongs to something of another kind."),
    "limit_bad": ("개수는 1에서 100까지예요.", "limit is a number from 1 to 100."),
    "media_too_large": ("이미지는 8MiB까지예요.", "Images hold 8 MiB at most."),
    "media_too_many": ("이미지는 네 장까지예요.", "Four images at most."),
    "media_too_many_pixels": ("이미지가 너무 커요. 2,400만 화소까지예요.", "Too many pixels: 24 million at most."),
    "media_unknown": ("올린 이미지를 찾지 못했어요.", "That image is not there, or not yours."),
    "media_unreadable": (
        "이미지를 읽지 못했어요. JPEG, PNG, WebP, GIF만 돼요.",
        "Not a readable JPEG, PNG, WebP or GIF.",
    ),
    "message_unknown": ("그런 쪽지가 없어요.", "There is no such message."),
    "method_unknown": ("여기서는 그 방법을 쓸 수 없어요.", "That method is not served here."),
    "name_bad": ("이름은 1~40자예요.", "Names are 1 to 40 characters."),
    "name_company": (
        "회사가 쓰는 이름이에요. 다른 이름을 골라 주세요.",
        "A company has that name. Please choose another.",
    ),
    "name_missing": ("보일 이름을 적어 주세요.", "Please enter a display name."),
    "not_found": ("여기에는 아무것도 없어요.", "There is nothing here."),
    "not_yours": ("쓴 사람만 할 수 있어요.", "Only its author may do this."),
    "origin_refused": ("다른 곳에서 보낸 요청이라 받지 않았어요.", "Refused: the request came from another site."),
    "post_deleted": ("지운 글이에요.", "That post was deleted."),
    "post_unknown": ("그런 글이 없어요.", "There is no such post."),
    "quote_target_deleted": ("인용하려는 글을 쓴 분이 지웠어요.", "The post to quote was deleted."),
    "quote_target_unknown": ("인용하려는 글이 없어요.", "The post to quote is not there."),
    "rate_limited": ("잠깐 쉬었다가 다시 해 주세요.", "Too many requests. Please wait a little."),
    "request_bad": ("HTTP 요청을 읽을 수 없어요.", "The HTTP request is not readable."),
    "recipient_self": ("자신에게는 쪽지를 보낼 수 없어요.", "You cannot write to yourself."),
    "recipient_unknown": ("받을 사람이 없어요.", "There is no such recipient."),
    "reply_target_deleted": ("답하려는 글을 쓴 분이 지웠어요.", "The post to answer was deleted."),
    "reply_target_unknown": ("답하려는 글이 없어요.", "The post to answer is not there."),
    "revision_stale": ("그사이 글이 고쳐졌어요. 다시 열어 주세요.", "The post has changed meanwhile. Open it again."),
    "secret_wrong": ("관리 열쇠가 맞지 않아요.", "That is not the administrator's secret."),
    "session_needed": ("먼저 들어와 주세요.", "Please come in first."),
    "storage_full": ("저장할 자리가 없어요. 아무것도 바뀌지 않았어요.", "No space left to store it. Nothing changed."),
    "text_bad": ("쓸 수 없는 글자가 들어 있어요.", "The text holds characters that cannot be used."),
    "text_missing": ("글을 적어 주세요.", "Please write something."),
    "text_too_long": ("글이 너무 길어요.", "The text is too long."),
    "time_bad": ("시각을 읽을 수 없어요.", "The time is not readable."),
    "token_missing": ("토큰이 필요해요.", "A token is needed."),
    "token_revoked": ("토큰이 취소됐어요.", "The token was revoked."),
    "token_unknown": ("모르는 토큰이에요.", "The token is not known."),
    "too_busy": ("지금은 붐벼요. 잠시 뒤에 다시 해 주세요.", "Too busy now. Please try again in a moment."),
    "type_bad": ("Content-Type이 application/json이어야 해요.", "Content-Type must be application/json."),
}


class Refusal(Exception):
    """The request is refused and had no effect.

    ``code`` is one of ``MESSAGES``; ``details`` are further fields of the JSON answer, such as a length in code points.
    """

    def __init__(self, status: int, code: str, **details: Any) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.details = details

    def message(self, language: str) -> str:
        """The words for a person, in ``ko`` or ``en``."""
        korean, english = MESSAGES[self.code]
        return english if language == "en" else korean
