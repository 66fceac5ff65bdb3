"""Tickets over LiteLLM's Router: without a fallback they are lost while Qwen is down, with one nobody notices."""
import pathlib

import litellm

SCENARIO = pathlib.Path(__file__).parent.with_name("lab") / "qwen-down.yaml"


def router(lab, scenario, **settings):
    keys = {key["vendor"]: key["value"] for key in reversed(scenario["keys"])}

    def deployment(name, base, key):
        return {"model_name": name, "litellm_params": {"model": f"openai/{name}", "api_base": base, "api_key": key}}

    return litellm.Router(
        model_list=[
            deployment("qwen-plus", lab.qwen, keys["qwen"]),
            deployment("deepseek-flash", lab.deepseek, keys["deepseek"]),
        ],
        num_retries=0,
        **settings,
    )


def tickets(router):
    def answer(text):
        response = router.completion(model="qwen-plus", messages=[{"role": "user", "content": text}])
        return response.choices[0].message.content

    return answer


def test_tickets_are_lost_without_a_fallback(lab):
    scenario = lab.scenario(SCENARIO)
    verdict = lab.play(scenario, tickets(router(lab, scenario)))
    assert "failed-while-healthy" in [finding["kind"] for finding in verdict["findings"]]


def test_nobody_notices_with_a_fallback(lab):
    scenario = lab.scenario(SCENARIO)
    mended = router(lab, scenario, fallbacks=[{"qwen-plus": ["deepseek-flash"]}])
    lab.assert_resilient(lab.play(scenario, tickets(mended)))
