"""The inbox's tables, by noun."""

from sotong.inbox.models.conversations import Conversation, Label, Labelling, ReadMark
from sotong.inbox.models.desk import CannedResponse, Draft, DraftImage, Presence
from sotong.inbox.models.messages import EarlyArrival, Message, MessageMedia, MessageVersion

__all__ = [
    "CannedResponse",
    "Conversation",
    "Draft",
    "DraftImage",
    "EarlyArrival",
    "Label",
    "Labelling",
    "Message",
    "MessageMedia",
    "MessageVersion",
    "Presence",
    "ReadMark",
]
