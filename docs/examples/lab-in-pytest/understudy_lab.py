"""A pytest plugin for the lab: plays a scenario's calls against a client, and fails with the verdict.

    understudy mock serve --scenario auth.invalid@qwen    # any: each test plays its own
    pytest -p understudy_lab                              # UNDERSTUDY_MOCK: another address than http://127.0.0.1:9090

A test asks for `lab`, and hands it a scenario (a file, or a name of the library) and a function from a text to an answer.
"""
import json
import os
import pathlib
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest


class Lab:
    def __init__(self, url):
        self.url = url.rstrip("/")
        # The base URLs of the vendors, for OpenAI-compatible clients.
        self.qwen = f"{self.url}/qwen/compatible-mode/v1"
        self.deepseek = f"{self.url}/deepseek"

    def control(self, method, path, body=None):
        """Steers the mocked vendors: see `GET /_mock/scenario` and its neighbours."""
        data = body.encode() if isinstance(body, str) else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_mock/{path}", data=data, method=method)
        try:
            with urllib.request.urlopen(request) as response:
                text = response.read().decode()
                return json.loads(text) if response.headers.get_content_type() == "application/json" else text
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"the lab refuses {method} {path}: {error.read().decode()}") from error
        except urllib.error.URLError as error:
            raise RuntimeError(f"nobody answers at {self.url} ({error.reason}): start `understudy mock serve`") from error

    def scenario(self, scenario):
        """Begins a scenario, and gives it with its keys (`key["value"]`) and calls."""
        file = pathlib.Path(scenario)
        return self.control("PUT", "scenario", file.read_text() if file.is_file() else scenario)

    def play(self, scenario, answer):
        """Makes the calls of a scenario that has begun, each at its time; returns the verdict."""
        begun = time.monotonic()
        # Callers do not wait for one another: a call that hangs holds up no other.
        with ThreadPoolExecutor(max_workers=32) as callers:
            for call in scenario["calls"]:
                # The scenario's milliseconds; --speed makes them shorter than real ones.
                time.sleep(max(0, call["at"] / 1000 / scenario["speed"] - (time.monotonic() - begun)))
                callers.submit(self._call, call, answer)
        return self.control("GET", "verdict")

    def _call(self, call, answer):
        began = time.monotonic()
        try:
            told = {"outcome": "answered", "text": answer(call["text"])}
        except Exception as error:
            failure = {"message": str(error)}
            status = getattr(error, "status_code", None)
            told = {"outcome": "failed", "error": failure if status is None else {**failure, "status": status}}
        self.control("POST", "calls", {"id": call["id"], "took": (time.monotonic() - began) * 1000, **told})

    def assert_resilient(self, verdict):
        """Fails with what is held against the client, as the lab's report says it."""
        if not verdict["passed"]:
            pytest.fail(self.control("GET", "verdict?format=markdown"), pytrace=False)


@pytest.fixture
def lab():
    return Lab(os.environ.get("UNDERSTUDY_MOCK", "http://127.0.0.1:9090"))
