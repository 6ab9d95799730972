// What a right config means.
#include "service/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/config/config_testing.h"
#include "tests/testing/temporary_folder.h"

namespace mom {
namespace {

using std::chrono::milliseconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kSmallConfig;
using testing::Mom;
using ::testing::Not;
using ::testing::Pair;
using testing::Parsed;
using testing::Variables;
using testing::With;

TEST(ConfigTest, DefaultsAreThoseOfTheStructs) {
  const Config config = Parsed(kSmallConfig, {{"KEY_B", "k"}});
  EXPECT_THAT(config.server.listen, ElementsAre("127.0.0.1:50051"));
  EXPECT_EQ(config.rest.listen, "127.0.0.1:8000");
  EXPECT_EQ(config.trace.debug_requests, "");
  const ModelConfig& alpha = *config.models.FindModel("alpha");
  EXPECT_EQ(alpha.id, "alpha");
  EXPECT_FALSE(alpha.temperature.has_value());
  EXPECT_FALSE(alpha.price.has_value());
  EXPECT_TRUE(alpha.tools);
  EXPECT_EQ(alpha.timeouts.idle, milliseconds(45'000));
  EXPECT_EQ(config.models.FindProvider("pb")->api_key.Reveal(), "k");
  EXPECT_EQ(Mom(config).strategy, "auto");
  EXPECT_THAT(Mom(config).members, ElementsAre("alpha", "beta", "gamma"));
  EXPECT_EQ(Mom(config).critic, "beta");
  EXPECT_THAT(config.mixtures.notices, IsEmpty());
  EXPECT_EQ(config.models.FindModel("delta"), nullptr);
  EXPECT_EQ(config.mixtures.Find("delta"), nullptr);
}

TEST(ConfigTest, ReadsAllOfAModel) {
  const Config config = Parsed(
      With("alpha: {provider: pa}",
           "alpha: {provider: pa, id: vendor/x, temperature: 0, top_p: 0.9, max_tokens: \"${N}\",\n"
           "    system: Be brief., extra: {seed: 7, stop: [a]}, context_window: 1000, tools: "
           "\"${T}\",\n"
           "    images: false, price: {input: 0.25, cached_input: 0.025, output: 2},\n"
           "    timeouts: {connect: 1s, first_token: 2m, idle: 3s, total: 4h},\n"
           "    retry: {attempts: 1, base: 10ms, cap: 20ms}}"),
      {{"N", "99"}, {"T", "false"}});
  const ModelConfig& alpha = *config.models.FindModel("alpha");
  EXPECT_EQ(alpha.id, "vendor/x");
  EXPECT_EQ(alpha.temperature, 0);
  EXPECT_EQ(alpha.top_p, 0.9);
  EXPECT_EQ(alpha.max_tokens, 99);
  EXPECT_EQ(alpha.system, "Be brief.");
  EXPECT_THAT(alpha.extra_body, ElementsAre(Pair("seed", "7"), Pair("stop", "[\"a\"]")));
  EXPECT_EQ(alpha.context_window, 1000);
  EXPECT_FALSE(alpha.tools);
  EXPECT_FALSE(alpha.images);
  EXPECT_EQ(alpha.price->input, 0.25);
  EXPECT_EQ(alpha.price->cached_input, 0.025);
  EXPECT_EQ(alpha.price->output, 2);
  EXPECT_EQ(alpha.timeouts.connect, milliseconds(1000));
  EXPECT_EQ(alpha.timeouts.first_token, milliseconds(120'000));
  EXPECT_EQ(alpha.timeouts.total, milliseconds(14'400'000));
  EXPECT_EQ(alpha.retry.attempts, 1);
  EXPECT_EQ(alpha.retry.cap, milliseconds(20));
}

TEST(ConfigTest, AProviderWithoutItsKeyIsOff) {
  for (const Variables& variables : {Variables{}, Variables{{"KEY_B", ""}}}) {
    const Config config = Parsed(kSmallConfig, variables);
    EXPECT_EQ(config.models.FindProvider("pb")->off_because, "KEY_B");
    EXPECT_TRUE(config.models.IsUsable("alpha"));
    EXPECT_FALSE(config.models.IsUsable("beta"));
    EXPECT_THAT(Mom(config).members, ElementsAre("alpha", "gamma"));
    EXPECT_EQ(Mom(config).critic, "alpha");  // the first member
    EXPECT_THAT(config.mixtures.notices,
                ElementsAre("mixture mom goes without beta (not set: KEY_B)",
                            "mixture mom has alpha as its critic in place of beta (not set: "
                            "KEY_B)"));
    EXPECT_THAT(config.Summary(), Contains("provider pb: off, as KEY_B is not set"));
    EXPECT_THAT(config.Summary(), Contains("mixture mom: auto of alpha, gamma; critic alpha"));
  }
}

TEST(ConfigTest, TheSummaryTellsWhatIsInUse) {
  const Config config =
      Parsed(With("alpha: {provider: pa}", "alpha: {provider: pa, id: x/y}"), {{"KEY_B", "sk-b"}});
  EXPECT_THAT(config.Summary(),
              ElementsAre(::testing::EndsWith("/config.yaml"),
                          "mixture mom: auto of alpha, beta, gamma; critic beta",
                          "provider pa at https://a.example/v1 without a key: alpha (x/y), gamma",
                          "provider pb at https://b.example/v1 with a key: beta"));
  EXPECT_THAT(config.Report(), HasSubstr("config.yaml: good\nfile /"));
  EXPECT_THAT(config.Report(), HasSubstr("\nwarning: no price is given for alpha, beta, gamma; "));
}

TEST(ConfigTest, WarnsOfMembersThatAreOneModel) {
  const auto warnings = [](const std::string& alpha) {
    return Parsed(With("alpha: {provider: pa}", alpha), {{"KEY_B", "k"}}).Warnings();
  };
  const std::string twice = "asks one model twice";
  EXPECT_THAT(warnings("alpha: {provider: pa, id: gamma}"),
              Contains("mixture mom asks one model twice: alpha and gamma have the same provider, "
                       "id and parameters; change models.gamma.id or .temperature"));
  EXPECT_THAT(warnings("alpha: {provider: pa, id: gamma, tools: false, timeouts: {idle: 1s}}"),
              Contains(HasSubstr(twice)));
  for (const char* other : {"alpha: {provider: pa, id: other}", "alpha: {provider: pb, id: gamma}",
                            "alpha: {provider: pa, id: gamma, temperature: 0.5}",
                            "alpha: {provider: pa, id: gamma, top_p: 0.5}",
                            "alpha: {provider: pa, id: gamma, max_tokens: 5}",
                            "alpha: {provider: pa, id: gamma, system: x}",
                            "alpha: {provider: pa, id: gamma, extra: {seed: 1}}"}) {
    EXPECT_THAT(warnings(other), Not(Contains(HasSubstr(twice)))) << other;
  }
}

TEST(ConfigTest, WarnsWhereNoCriticIsNamed) {
  EXPECT_THAT(Parsed(With("    critic: beta\n", ""), {{"KEY_B", "k"}}).Warnings(),
              Contains("mixture mom has no critic of its own, so alpha writes its answers; set "
                       "mixtures.mom.critic"));
  for (const char* other : {"critic: beta", "strategy: single"}) {
    EXPECT_THAT(Parsed(With("critic: beta", other), {{"KEY_B", "k"}}).Warnings(),
                Not(Contains(HasSubstr("no critic"))));
  }
}

TEST(ConfigTest, WarnsOnceOfAllMissingPrices) {
  const std::string local = With("https://a.example/v1", "http://127.0.0.1:9/v1");
  EXPECT_THAT(Parsed(local, {{"KEY_B", "k"}}).Warnings(),
              ElementsAre("no price is given for beta; what they cost is not known; write "
                          "models.NAME.price"));
  EXPECT_THAT(Parsed(local).Warnings(), Not(Contains(HasSubstr("price"))));  // beta is off
}

TEST(ConfigTest, WarnsOfAFreeModelWithoutAPriceBesideOneThatHasOne) {
  std::string text = With("https://a.example/v1", "http://127.0.0.1:9/v1");
  const std::string priced = "beta: {provider: pb, price: {input: 1, output: 2}}";
  text.replace(text.find("beta: {provider: pb}"), std::string("beta: {provider: pb}").size(),
               priced);
  EXPECT_THAT(Parsed(text, {{"KEY_B", "k"}}).Warnings(),
              ElementsAre("no price is given for alpha, gamma; what they cost is not known; write "
                          "models.NAME.price, {input: 0, output: 0} where nobody bills"));
  EXPECT_THAT(Parsed(text).Warnings(), Not(Contains(HasSubstr("price"))));  // beta is off
}

TEST(ConfigTest, WarnsWhereNothingAnswersRequestsWithoutAModel) {
  const std::string warning =
      "there is no mixture mom, which is asked where a request names no model; write "
      "mixtures.mom, or let every client name its model";
  EXPECT_THAT(Parsed(With("  mom:", "  other:")).Warnings(), Contains(warning));
  EXPECT_THAT(Parsed(kSmallConfig).Warnings(), Not(Contains(warning)));
}

TEST(ConfigTest, AFallbackTakesTheCriticsPlace) {
  const std::string text =
      With("critic: beta", "critic: beta\n    critic_fallbacks: [beta, gamma, alpha]");
  const Config off = Parsed(text);
  EXPECT_EQ(Mom(off).critic, "gamma");
  EXPECT_THAT(Mom(off).critic_fallbacks, ElementsAre("alpha"));
  const Config on = Parsed(text, {{"KEY_B", "k"}});
  EXPECT_EQ(Mom(on).critic, "beta");
  EXPECT_THAT(Mom(on).critic_fallbacks, ElementsAre("gamma", "alpha"));
}

TEST(ConfigTest, TheNamedCriticJudgesUnlessAnotherModelDoes) {
  const Variables on = {{"KEY_B", "k"}};
  EXPECT_EQ(Mom(Parsed(kSmallConfig, on)).judge, "beta");
  const auto judge = [&](const std::string& keys, const Variables& variables) {
    return Mom(Parsed(With("critic: beta", keys), variables)).judge;
  };
  EXPECT_EQ(judge("critic: beta\n    judge: alpha", on), "alpha");
  EXPECT_EQ(judge("critic: beta\n    judge: \"\"", on), "");
  EXPECT_EQ(judge("strategy: select", on), "") << "nobody is put in";
  EXPECT_EQ(judge("strategy: select\n    judge: beta", {}), "") << "it is off";
}

TEST(ConfigTest, SingleNeedsNoCritic) {
  const Config config = Parsed(With("critic: beta", "strategy: single"));
  EXPECT_EQ(Mom(config).critic, "");
  EXPECT_EQ(Mom(Parsed(With("    critic: beta\n", ""))).critic, "alpha");
}

TEST(ConfigTest, TellsOfKeysThatTheStrategyDoesNotRead) {
  const auto notices = [](const std::string& keys) {
    return Parsed(With("critic: beta", keys), {{"KEY_B", "k"}}).mixtures.notices;
  };
  const std::string quorum_and_critic =
      "critic: beta\n    quorum: 2\n    prompts: {critic: Judge., member_system: Be brief.}";
  EXPECT_THAT(notices(quorum_and_critic), IsEmpty());
  EXPECT_THAT(
      notices("strategy: select\n    " + quorum_and_critic),
      ElementsAre("mixture mom has prompts.critic, which the strategy select does not read; "
                  "remove what is not meant, or write another strategy"));
  EXPECT_THAT(notices("strategy: single\n    grace: {min: 1s}\n    " + quorum_and_critic),
              ElementsAre(HasSubstr("has critic, quorum, grace, prompts.critic, which")));
}

TEST(ConfigTest, SelfTakesSamplesOfOneModel) {
  const std::string text =
      With("[alpha, beta, gamma]", "[alpha]\n    strategy: self\n    quorum: 4");
  EXPECT_EQ(Mom(Parsed(text)).samples, 5);
  EXPECT_EQ(Mom(Parsed(text)).quorum, 4);
  EXPECT_THAT(Parsed(With("    critic: beta\n", "    samples: 3\n")).mixtures.notices,
              Contains(HasSubstr("has samples, which the strategy auto does not read")));
}

TEST(ConfigTest, TiersSplitTheMembersThatAreLeft) {
  const auto tiers = [](const std::string& keys, const Variables& variables) {
    return Mom(Parsed(With("critic: beta", "strategy: cascade\n    " + keys), variables)).tiers;
  };
  const Variables all = {{"KEY_B", "k"}};
  EXPECT_THAT(tiers("timeout: 1s", all),
              ElementsAre(ElementsAre("alpha"), ElementsAre("beta", "gamma")));
  EXPECT_THAT(tiers("tiers: [2]", all),
              ElementsAre(ElementsAre("alpha", "beta"), ElementsAre("gamma")));
  EXPECT_THAT(tiers("tiers: [1, 1, 1]", {}),
              ElementsAre(ElementsAre("alpha"), ElementsAre("gamma")))
      << "beta is off";
}

TEST(ConfigTest, ASideModelThatIsOffIsToldOf) {
  const std::string text = With("critic: beta", "critic: alpha\n    side_model: beta");
  EXPECT_EQ(Mom(Parsed(text, {{"KEY_B", "k"}})).side_model, "beta");
  EXPECT_EQ(Mom(Parsed(text)).side_model, "");
  EXPECT_THAT(Parsed(text).mixtures.notices,
              Contains("mixture mom goes without its side_model beta (not set: KEY_B)"));
}

TEST(ConfigTest, WarnsOfSamplesThatMayAllBeTheSame) {
  std::string text = With("[alpha, beta, gamma]", "[alpha]\n    strategy: self");
  EXPECT_THAT(Parsed(text).mixtures.notices, Not(Contains(HasSubstr("the same"))));
  const std::string plain = "alpha: {provider: pa}";
  text.replace(text.find(plain), plain.size(), "alpha: {provider: pa, temperature: 0}");
  EXPECT_THAT(Parsed(text).mixtures.notices, Contains(HasSubstr("models.alpha.temperature is 0")));
}

TEST(ConfigTest, AQuorumShrinksWithTheMembers) {
  const std::string text = With("critic: beta", "quorum: 3");
  EXPECT_EQ(Mom(Parsed(text, {{"KEY_B", "k"}})).quorum, 3);
  const Config config = Parsed(text);
  EXPECT_EQ(Mom(config).quorum, 2);
  EXPECT_THAT(config.mixtures.notices, Contains(HasSubstr("quorum of 2")));
}

TEST(ConfigTest, TheLimitsNameDependsOnTheHost) {
  const auto field = [](const std::string& provider) {
    return Parsed(With("pa: {base_url: \"https://a.example/v1\"}", "pa: {" + provider + "}"))
        .models.FindProvider("pa")
        ->max_tokens_field;
  };
  EXPECT_EQ(field("base_url: \"https://api.openai.com/v1\""), "max_completion_tokens");
  EXPECT_EQ(field("base_url: \"https://API.OpenAI.com:443/v1/\""), "max_completion_tokens");
  EXPECT_EQ(field("base_url: \"https://api.openai.com.example/v1\""), "max_tokens");
  EXPECT_EQ(field("base_url: \"https://api.openai.com/v1\", max_tokens_field: max_tokens"),
            "max_tokens");
}

TEST(ConfigTest, MistralTakesShortIdsOnly) {
  const auto ids = [](const std::string& url) {
    return Parsed(With("https://a.example/v1", url)).models.FindProvider("pa")->tool_call_ids;
  };
  EXPECT_EQ(ids("https://api.mistral.ai/v1"), "short");
  EXPECT_EQ(ids("https://a.example/v1"), "any");
}

TEST(ConfigTest, BaseUrlsAreTidied) {
  const auto url = [](const std::string& text) {
    return Parsed(With("https://a.example/v1", text)).models.FindProvider("pa")->base_url;
  };
  EXPECT_EQ(url("https://a.example/v1///"), "https://a.example/v1");
  EXPECT_EQ(url("HTTPS://a.example"), "https://a.example");
  EXPECT_EQ(url("http://127.0.0.1:8081/v1"), "http://127.0.0.1:8081/v1");
  EXPECT_EQ(url("http://[::1]:8081/v1"), "http://[::1]:8081/v1");
  EXPECT_EQ(url("http://localhost/v1"), "http://localhost/v1");
}

TEST(ConfigTest, ABaseUrlWithoutPathIsNoted) {
  for (const char* url : {"https://a.example", "https://a.example/"}) {
    const Config config = Parsed(With("https://a.example/v1", url));
    EXPECT_THAT(config.Warnings(),
                Contains("config.yaml:2 providers.pa.base_url: has no path; most APIs want /v1 at "
                         "its end"));
  }
  EXPECT_THAT(Parsed(kSmallConfig).models.notices, IsEmpty());
}

TEST(ConfigTest, HeadersAndPromptsAreRead) {
  const Config config =
      Parsed(With("{base_url: \"https://a.example/v1\"}",
                  "{base_url: \"https://a.example/v1\", headers: {X-Title: \"${TITLE}\", "
                  "http-referer: x}}") +
                 "    prompts: {critic: \"Judge: ${TITLE}\", member_system: \"a$$b\"}\n",
             {{"TITLE", "MoM"}});
  EXPECT_THAT(config.models.FindProvider("pa")->headers,
              ElementsAre(Pair("X-Title", "MoM"), Pair("http-referer", "x")));
  EXPECT_EQ(Mom(config).critic_prompt, "Judge: MoM");
  EXPECT_EQ(Mom(config).member_system_prompt, "a$b");
}

class ConfigFileTest : public ::testing::Test {
 protected:
  const testing::TemporaryFolder folder_;
};

TEST_F(ConfigFileTest, PathsAreRelativeToTheFile) {
  folder_.Write("key", "  sk-from-file\n");
  const std::string path = folder_.Write(
      "c.yaml",
      With("api_key: ${KEY_B}", "api_key: ${KEY_B}\n    api_key_file: key") +
          "server: {listen: [\"unix:run/a.sock\"]}\nrest: {service: \"unix:run/a.sock\"}\n"
          "trace: {debug_requests: traces/}\n");
  const StatusOr<Config> config = LoadConfig(path, testing::EnvOf({}));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->path, path);
  EXPECT_THAT(config->server.listen, ElementsAre("unix:" + folder_.path() + "/run/a.sock"));
  EXPECT_EQ(config->rest.service, "unix:" + folder_.path() + "/run/a.sock");
  EXPECT_EQ(config->trace.debug_requests, folder_.path() + "/traces/");
  const ProviderConfig& provider = *config->models.FindProvider("pb");
  EXPECT_EQ(provider.api_key.Reveal(), "sk-from-file");
  EXPECT_EQ(provider.off_because, "");
}

TEST_F(ConfigFileTest, NamesTheFilesThatItWasReadFrom) {
  folder_.Write("key", "sk-from-file");
  const std::string text = With("api_key: ${KEY_B}", "api_key: ${KEY_B}\n    api_key_file: key");
  const std::string path = folder_.Write("c.yaml", text);
  std::vector<std::string> files;
  ASSERT_TRUE(LoadConfig(path, testing::EnvOf({}), &files).ok());
  EXPECT_THAT(files, ElementsAre(path, folder_.path() + "/key"));
  // Where there is a mistake, and where the key is the mistake, too.
  folder_.Write("c.yaml", text + "nonsense: 1\n");
  std::filesystem::remove(folder_.path() + "/key");
  files.clear();
  ASSERT_FALSE(LoadConfig(path, testing::EnvOf({}), &files).ok());
  EXPECT_THAT(files, ElementsAre(path, folder_.path() + "/key"));
}

TEST_F(ConfigFileTest, AVariableGoesBeforeAFile) {
  folder_.Write("key", "sk-from-file");
  const std::string path = folder_.Write(
      "c.yaml", With("api_key: ${KEY_B}", "api_key: ${KEY_B}\n    api_key_file: key"));
  const StatusOr<Config> config = LoadConfig(path, testing::EnvOf({{"KEY_B", "sk-from-env"}}));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->models.FindProvider("pb")->api_key.Reveal(), "sk-from-env");
  EXPECT_EQ(config->models.FindProvider("pb")->api_key_file, "");
}

TEST_F(ConfigFileTest, AWrongKeyFileIsAMistake) {
  folder_.Write("empty", " \n");
  folder_.Write("two", "sk-one\nsk-two\n");
  for (const auto& [file, part] : {std::pair{"absent-sk-pasted", "No such file"},
                                   {"empty", "is empty"},
                                   {"two", "is no key"}}) {
    const std::string path =
        folder_.Write("c.yaml", With("api_key: ${KEY_B}", std::string("api_key_file: ") + file));
    const std::string mistakes = MessageOf(LoadConfig(path, testing::EnvOf({})).status());
    EXPECT_THAT(mistakes, HasSubstr(path + ":5 providers.pb.api_key_file: ")) << file;
    EXPECT_THAT(mistakes, HasSubstr(part)) << file;
    EXPECT_EQ(mistakes.find("sk-"), std::string::npos) << mistakes;
  }
}

TEST_F(ConfigFileTest, ATrustedFileIsRelativeToTheConfig) {
  folder_.Write("ca.pem", "the authority\n-----BEGIN CERTIFICATE-----\n");
  const StatusOr<Config> config = LoadConfig(
      folder_.Write("c.yaml", With("api_key: ${KEY_B}", "ca_file: ca.pem")), testing::EnvOf({}));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->models.FindProvider("pb")->ca_file, folder_ / "ca.pem");
  EXPECT_EQ(config->models.FindProvider("pa")->ca_file, "");
}

TEST_F(ConfigFileTest, ATrustedFileWithoutCertificatesIsAMistake) {
  folder_.Write("key.pem", "-----BEGIN PRIVATE KEY-----\n");
  for (const auto& [file, part] :
       {std::pair{"absent.pem", "No such file"}, {"key.pem", "holds no certificate"}}) {
    const std::string path =
        folder_.Write("c.yaml", With("api_key: ${KEY_B}", std::string("ca_file: ") + file));
    const std::string mistakes = MessageOf(LoadConfig(path, testing::EnvOf({})).status());
    EXPECT_THAT(mistakes, HasSubstr(path + ":5 providers.pb.ca_file: ")) << file;
    EXPECT_THAT(mistakes, HasSubstr(part)) << file;
  }
}

}  // namespace
}  // namespace mom
