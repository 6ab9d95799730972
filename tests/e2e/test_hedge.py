"""A critic that is silent for longer than usual gets company."""

from harness.gateway import GatewayTest

KNOWN = 20  # answers after which a critic's pace is known


class HedgeTest(GatewayTest):
    @staticmethod
    def change_config(config):
        config["mixtures"]["mom"]["critic_hedge"] = 1

    def test_the_next_critic_answers_in_its_place(self):
        self.script_mixture(spare="The spare one's.")
        for _ in range(KNOWN):
            self.assertEqual(self.rest.chat().text(), "Paris it is.")
        held = {"text": "Too late.", "gates": [{"name": "late", "token": 0}]}
        self.script_mixture(judge=held, spare="The spare one's.")
        response = self.rest.chat()
        self.emulator.wait_idle()  # whoever is held at the gate was cancelled
        self.assertEqual(response.text(), "The spare one's.")
        mom = response.json()["mom"]
        self.assertIn("mixtures.mom.critic_hedge", mom["notes"][0])
        self.assertFalse(mom["degraded"])
        billed = [invoice["model"] for invoice in self.emulator.invoices()]
        self.assertEqual(sorted(billed), ["alpha", "beta", "judge", "spare"])
