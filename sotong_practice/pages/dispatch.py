from __future__ import annotations

from sotong_practice.exchange import Answer, Request
from sotong_practice.network import Network


class Pages:
    def __init__(self, network: Network) -> None:
        self._network = network

    async def respond(self, request: Request) -> Answer:
        return Answer(body=b"hello")
