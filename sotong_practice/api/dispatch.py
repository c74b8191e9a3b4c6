"""From a request under ``/api/`` to its answer: who asks, how often, which faults strike, then the handler."""

from __future__ import annotations

from dataclasses import asdict

from sotong_practice.api.call import Call, identify
from sotong_practice.api.routes import API
from sotong_practice.api.striking import Striking
from sotong_practice.exchange import Answer, Request, error_answer, json_answer
from sotong_practice.faults import WRITES
from sotong_practice.limits import OverLimit, RateLimits
from sotong_practice.network import Network
from sotong_practice.refusals import Refusal
from sotong_practice.rules import ALT_MAX, BIO_MAX, IMAGES_MAX, NAME_MAX, TEXT_MAX
from sotong_practice.verbs.pictures import BYTES_MAX, PIXELS_MAX


class Api:
    def __init__(self, network: Network) -> None:
        self._network = network
        self._limits = RateLimits(network.settings)
        self._striking = Striking(network)

    async def respond(self, request: Request) -> Answer:
        try:
            return await self._respond(request)
        except OverLimit as refusal:
            answer = error_answer(refusal, request.language)
            answer.headers.update(refusal.headers)
            return answer
        except Refusal as refusal:
            return error_answer(refusal, request.language)

    async def _respond(self, request: Request) -> Answer:
        if request.path in {"/api", "/api/"} and request.method in {"GET", "HEAD"}:
            return json_answer(self._facts())
        if request.path == "/api/health" and request.method in {"GET", "HEAD"}:
            return json_answer({"ok": True, "world": self._network.world, "sequence": self._network.truth.sequence})
        route, names = API.find(request.method, request.path)
        call = Call(network=self._network, request=request, base=f"http://{request.host}")
        identify(call)
        if call.is_admin or call.account is None:
            return await route.target(call, **names)
        headers = self._limits.count(call.account.id, "write" if route.operation in WRITES else "read")
        answer = await self._striking.run(call, route, names)
        answer.headers.update(headers)
        return answer

    def close(self) -> None:
        self._striking.close()

    def _facts(self) -> dict[str, object]:
        return {
            "name": "sotong-practice",
            "version": 1,
            "world": self._network.world,
            "limits": {
                "text": TEXT_MAX,
                "text_unit": "code_points",
                "alt_text": ALT_MAX,
                "display_name": NAME_MAX,
                "bio": BIO_MAX,
                "images": IMAGES_MAX,
                "image_bytes": BYTES_MAX,
                "image_pixels": PIXELS_MAX,
                "image_types": ["image/jpeg", "image/png", "image/webp", "image/gif"],
            },
            "settings": asdict(self._network.settings),
        }
