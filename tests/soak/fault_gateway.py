"""The gateway under test: a model for each kind of leg that a fault can strike, and its mixtures."""

from clients import REQUEST_SECONDS
from fault_cases.connections import BAD_CERTIFICATES
from harness.gateway import Gateway
from harness.process import free_port

# Of the legs that are to run into their limits.
IMPATIENT = {"first_token": "400ms", "idle": "400ms"}
STEADY_MODELS = ("alpha", "beta", "judge", "spare")


class FaultGateway(Gateway):
    """Both programs and an emulator that serves TLS."""

    def __init__(self):
        super().__init__(self._set_up, serves_tls=True)

    def _set_up(self, config):
        plain, tls = self.emulator.base_url, self.emulator.tls
        providers = {
            "steady": {"base_url": plain},
            "impatient": {"base_url": plain},
            "http2": {"base_url": tls["good"], "http_version": "2"},
            "http2-impatient": {"base_url": tls["good"], "http_version": "2"},
            "refused": {"base_url": f"http://127.0.0.1:{free_port()}/v1"},
            **{name: {"base_url": tls[name]} for name in BAD_CERTIFICATES},
        }
        retry = {"attempts": 2, "base": "1ms", "cap": "5ms", "budget": 1, "floor": 1_000_000}
        # Each run brings its own fault, and may not close the target to the others.
        common = {"retry": retry, "breaker": {"failures": 0}}
        models = {name: {"provider": "steady", **common} for name in STEADY_MODELS}
        mixtures = {}
        for target, provider in providers.items():
            provider["api_key"] = "${E2E_SECRET}"
            if provider["base_url"].startswith("https"):
                provider["ca_file"] = str(self.emulator.ca_file)
            models[target] = {"provider": target, **common}
            if target.endswith("impatient"):
                models[target]["timeouts"] = IMPATIENT
            mixtures[f"{target}-candidate"] = mixture([target, "alpha", "beta"], "judge")
            mixtures[f"{target}-critic"] = mixture(["alpha", "beta"], target)
        config.update(providers=providers, models=models, mixtures=mixtures)


def mixture(members, critic):
    """Waits for all members that have not failed, so it makes no difference how fast they are."""
    return {
        "strategy": "synthesize",
        "members": members,
        "critic": critic,
        "critic_fallbacks": ["spare"],
        "critic_hedge": 0,  # the tables say who answers
        "quorum": len(members),
        "grace": {"first_max": f"{REQUEST_SECONDS}s"},
        "timeout": f"{REQUEST_SECONDS}s",
    }


def name_of(target, leg):
    """What a client asks for, for the fault to strike that leg."""
    return target if leg == "alone" else f"{target}-{leg}"
