"""Plays a scenario of the lab against a Python client, and fails when something is held against it.

understudy mock serve --scenario auth.invalid@qwen --speed 10
python3 resilience.py http://127.0.0.1:9090
"""
import json
import sys
import time
import urllib.error
import urllib.request

MOCK = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:9090"


def control(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{MOCK}/_mock/{path}", data=data, method=method)
    with urllib.request.urlopen(request) as response:
        return json.load(response)


class Client:
    """The client under test; yours goes here. This one leaves refused keys alone, and falls back on DeepSeek."""

    def __init__(self, keys):
        self.keys = keys

    def ask(self, text):
        last = None
        for vendor, path, model in (
            ("qwen", "qwen/compatible-mode/v1", "qwen-plus"),
            ("deepseek", "deepseek", "deepseek-flash"),
        ):
            for key in [key["value"] for key in self.keys if key["vendor"] == vendor]:
                body = {"model": model, "messages": [{"role": "user", "content": text}]}
                request = urllib.request.Request(
                    f"{MOCK}/{path}/chat/completions",
                    data=json.dumps(body).encode(),
                    headers={"authorization": f"Bearer {key}", "content-type": "application/json"},
                )
                try:
                    with urllib.request.urlopen(request) as response:
                        return json.load(response)["choices"][0]["message"]["content"]
                except urllib.error.HTTPError as error:
                    last = error
                    if error.code == 401:
                        self.keys = [each for each in self.keys if each["value"] != key]
        raise last


control("POST", "reset")
scenario = control("GET", "scenario")
client = Client(scenario["keys"])
begun = time.monotonic()
for call in scenario["calls"]:
    # The scenario's milliseconds; --speed makes them shorter than real ones.
    time.sleep(max(0, call["at"] / 1000 / scenario["speed"] - (time.monotonic() - begun)))
    try:
        told = {"id": call["id"], "outcome": "answered", "text": client.ask(call["text"])}
    except urllib.error.HTTPError as error:
        told = {"id": call["id"], "outcome": "failed", "error": {"message": str(error), "status": error.code}}
    control("POST", "calls", told)

verdict = control("GET", "verdict")
for finding in verdict["findings"]:
    print(finding["kind"], finding["message"]["en"])
print(f"{verdict['figures']['answered']} of {verdict['figures']['calls']} calls answered")
sys.exit(0 if verdict["passed"] else 1)
