"""A visitor without a browser, who speaks what Streamlit's own page speaks: protobuf over a websocket, uploads by HTTP.

So a hundred of them fit beside the server that they visit. Nothing is painted: times end when the server's words are
here.
"""

from __future__ import annotations

import asyncio
import time
import urllib.request
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

UPLOADS = "crop-uploads"  # the key of the uploader, which is in its id
PATIENCE = 180.0  # seconds
LARGEST = 200 * 2**20  # bytes of a message
XSRF = "_streamlit_xsrf"
BOUNDARY = "a-file-of-the-visitor"


@dataclass
class Seen:
    """What one run of the page drew: elements by their place on the page, and when each came, by time.monotonic."""

    elements: dict[tuple[int, ...], Any] = field(default_factory=dict)
    came: dict[tuple[int, ...], float] = field(default_factory=dict)

    def of(self, kind: str) -> list[Any]:
        """The elements of one kind, from top to bottom."""
        places = sorted(place for place, element in self.elements.items() if element.WhichOneof("type") == kind)
        return [getattr(self.elements[place], kind) for place in places]


class Session:
    """One visitor of the page at `url`. faults: what the server said went wrong."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.page = Seen()
        self.widgets: dict[str, WidgetState] = {}
        self.query = ""
        self.page_hash = ""
        self.session_id = ""
        self.faults: list[str] = []
        self.first_crop: dict[str, float] = {}
        self._socket: ClientConnection | None = None
        self._token = ""
        self._urls: dict[str, Any] = {}

    async def __aenter__(self) -> Session:
        self._token = await asyncio.to_thread(self._ask_for_token)
        address = f"ws://{urlsplit(self.url).netloc}/_stcore/stream"
        self._socket = await connect(
            address, subprotocols=[Subprotocol("streamlit")], max_size=LARGEST, ping_timeout=None
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._socket:
            await self._socket.close()

    async def run(self, *changed: WidgetState) -> Seen:
        """Run the page with these widgets changed, until nothing runs any more. Returns what it drew last."""
        await self._ask(*changed)
        await self._until("script_finished")
        return self.page

    async def upload(self, files: dict[str, bytes]) -> float:
        """Drop these files: their bytes by name, and wait for all of the page. Returns when that began, by
        time.monotonic."""
        began = time.monotonic()
        await self.run(await self._hand_in(files))
        return began

    async def drop_and_leave(self, files: dict[str, bytes]) -> None:
        """Drop these files, and be gone when the page begins to work."""
        await self._ask(await self._hand_in(files))
        await self._until("new_session")

    def numbers(self) -> dict[str, list[str]]:
        """What the cards say: label -> the percentages, in the order of the formats."""
        found: dict[str, list[str]] = {}
        for metric in self.page.of("metric"):
            found.setdefault(metric.label.removesuffix(" keeps"), []).append(metric.body)
        return found

    async def _hand_in(self, files: dict[str, bytes]) -> WidgetState:
        """Send the bytes. Returns what the uploader then holds."""
        uploader = next(element for element in self.page.of("file_uploader") if UPLOADS in element.id)
        state = WidgetState(id=uploader.id)
        message = BackMsg()
        message.file_urls_request.request_id = "drop"
        message.file_urls_request.file_names.extend(files)
        message.file_urls_request.session_id = self.session_id
        await self._send(message)
        await self._until("file_urls_response")
        for (name, data), urls in zip(files.items(), self._urls.values(), strict=True):
            await asyncio.to_thread(self._put, urls.upload_url, name, data)
            info = state.file_uploader_state_value.uploaded_file_info.add()
            info.name, info.size, info.file_id = name, len(data), urls.file_id
            info.file_urls.CopyFrom(urls)
        return state

    def _ask_for_token(self) -> str:
        """What the server wants to see with an upload, so that no other site sends one in this visitor's name."""
        with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=PATIENCE) as answer:
            cookies = SimpleCookie(answer.headers.get("Set-Cookie", ""))
        return cookies[XSRF].value if XSRF in cookies else ""

    def _put(self, address: str, name: str, data: bytes) -> None:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n\r\n'
        body = head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()
        request = urllib.request.Request(self.url + address, data=body, method="PUT")
        request.add_header("Cookie", f"{XSRF}={self._token}")
        request.add_header("X-Xsrftoken", self._token)
        request.add_header("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        with urllib.request.urlopen(request, timeout=PATIENCE):
            return

    async def _ask(self, *changed: WidgetState) -> None:
        """Have the page run with these widgets changed."""
        self.widgets.update({state.id: state for state in changed})
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = self.page_hash
        message.rerun_script.widget_states.widgets.extend(self.widgets.values())
        message.rerun_script.context_info.url = self.url
        message.rerun_script.context_info.color_scheme = "light"
        await self._send(message)

    async def _send(self, message: BackMsg) -> None:
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())

    async def _until(self, kind: str) -> None:
        assert self._socket is not None
        async with asyncio.timeout(PATIENCE):
            while True:
                message = ForwardMsg()
                message.ParseFromString(await self._socket.recv(decode=False))
                self._take(message)
                if message.WhichOneof("type") == kind and self._is_last(message):
                    return

    def _is_last(self, message: ForwardMsg) -> bool:
        """Whether no other run follows this one."""
        early = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN
        return message.WhichOneof("type") != "script_finished" or message.script_finished != early

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.page = Seen()
            self.session_id = message.new_session.initialize.session_id or self.session_id
            self.page_hash = message.new_session.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "file_urls_response":
            self._urls = {urls.file_id: urls for urls in message.file_urls_response.file_urls}
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._draw(tuple(message.metadata.delta_path), message.delta.new_element)

    def _draw(self, place: tuple[int, ...], element: Any) -> None:
        now = time.monotonic()
        self.page.elements[place], self.page.came[place] = element, now
        kind = element.WhichOneof("type")
        if kind == "imgs":
            for image in element.imgs.imgs:
                if " cropped to " in image.alt:
                    self.first_crop.setdefault(image.alt.split(" cropped to ")[0], now)
        elif kind == "exception":
            self.faults.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "alert" and element.alert.format == element.alert.ERROR:
            self.faults.append(element.alert.body)
