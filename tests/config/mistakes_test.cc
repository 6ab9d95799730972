// Every mistake: the message names line, key path and remedy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/config/config_testing.h"

namespace mom {
namespace {

using ::testing::HasSubstr;
using testing::kSmallConfig;
using testing::Mistakes;
using ::testing::Not;
using ::testing::StartsWith;
using testing::With;

struct Mistake {
  const char* name;
  const char* from;  // in the small config
  const char* to;
  const char* place;   // how the message starts
  const char* remedy;  // what it says to write
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.to; }

class MistakesTest : public ::testing::TestWithParam<Mistake> {};

TEST_P(MistakesTest, NamesLinePathAndRemedy) {
  const Mistake& mistake = GetParam();
  const std::string mistakes = Mistakes(With(mistake.from, mistake.to), {{"KEY_B", "sk-secret"}});
  EXPECT_THAT(mistakes, StartsWith(std::string("config.yaml:") + mistake.place + ": "));
  EXPECT_THAT(mistakes, HasSubstr(mistake.remedy));
  EXPECT_THAT(mistakes, HasSubstr("; "));
  EXPECT_EQ(mistakes.find('\n'), std::string::npos) << "more than one mistake: " << mistakes;
  EXPECT_THAT(mistakes, Not(HasSubstr("sk-secret")));
}

constexpr char kUrl[] = "\"https://a.example/v1\"";
constexpr char kUrlPlace[] = "2 providers.pa.base_url";
constexpr char kAlpha[] = "alpha: {provider: pa}";
constexpr char kCritic[] = "critic: beta";

const Mistake kProviderMistakes[] = {
    {"NoScheme", kUrl, "a.example/v1", kUrlPlace, "write https://"},
    {"OtherScheme", kUrl, "\"ftp://a.example/v1\"", kUrlPlace, "write https://"},
    {"PlainHttp", kUrl, "\"http://a.example/v1\"", kUrlPlace, "write https://"},
    {"PlainHttpPrefix", kUrl, "\"http://127.0.0.1.a.example/v1\"", kUrlPlace, "write https://"},
    {"Password", kUrl, "\"https://u:sk-secret@a.example/v1\"", kUrlPlace, "api_key"},
    {"Query", kUrl, "\"https://a.example/v1?key=sk-secret\"", kUrlPlace, "leave out"},
    {"ChatPath", kUrl, "\"https://a.example/v1/chat/completions/\"", kUrlPlace, "leave that part"},
    {"NoHost", kUrl, "\"https:///v1\"", kUrlPlace, "https://HOST/v1"},
    {"BadPort", kUrl, "\"https://a.example:99999/v1\"", kUrlPlace, "https://HOST/v1"},
    {"Blank", kUrl, "\"https://a.example/v 1\"", kUrlPlace, "https://HOST/v1"},
    {"NoUrl", "base_url: \"https://a.example/v1\"", "", kUrlPlace, "is missing; write the API's"},
    {"EmptyUrl", kUrl, "\"\"", kUrlPlace, "is empty; write the API's"},
    {"UnsetInUrl", kUrl, "\"https://${HOST}/v1\"", kUrlPlace, "HOST is not set; set it, or write"},
    {"Dialect", kUrl, "\"https://a.example/v1\", dialect: soap", "2 providers.pa.dialect",
     "write openai"},
    {"UnknownKey", kUrl, "\"https://a.example/v1\", apikey: x", "2 providers.pa.apikey",
     "did you mean \"api_key\"?"},
    {"HeaderBreak", kUrl, "\"https://a.example/v1\", headers: {X-A: \"a\\r\\nB: c\"}",
     "2 providers.pa.headers.X-A", "write printable ASCII on one line"},
    {"HeaderNotAscii", kUrl, "\"https://a.example/v1\", headers: {X-A: \"\u00E9\"}",
     "2 providers.pa.headers.X-A", "write printable ASCII on one line"},
    {"HeaderName", kUrl, "\"https://a.example/v1\", headers: {X A: b}",
     "2 providers.pa.headers.X A", "write letters, digits and -"},
    {"HeaderReserved", kUrl, "\"https://a.example/v1\", headers: {Host: b}",
     "2 providers.pa.headers.Host", "remove it"},
    {"HeaderKey", kUrl, "\"https://a.example/v1\", headers: {Authorization: Bearer sk-secret}",
     "2 providers.pa.headers.Authorization", "write api_key instead"},
    {"KeyWithBreak", "${KEY_B}", "\"${KEY_B}\\nx\"", "5 providers.pb.api_key", "copy it again"},
    {"KeyIsMap", "${KEY_B}", "{KEY_B}", "5 providers.pb.api_key", "write a single value"},
    {"ProviderName", "  pa: {base", "  p a: {base_url: \"https://a.example\"}\n  pa: {base",
     "2 providers.p a", "letters, digits"},
};

const Mistake kModelMistakes[] = {
    {"NoProvider", kAlpha, "alpha: {id: x}", "7 models.alpha.provider", "write one of pa, pb"},
    {"WrongProvider", kAlpha, "alpha: {provider: pc}", "7 models.alpha.provider", "did you mean"},
    {"Hot", kAlpha, "alpha: {provider: pa, temperature: 2.5}", "7 models.alpha.temperature",
     "write a number from 0 to 2"},
    {"Cold", kAlpha, "alpha: {provider: pa, temperature: -0.1}", "7 models.alpha.temperature",
     "write a number from 0 to 2"},
    {"TopP", kAlpha, "alpha: {provider: pa, top_p: 1.1}", "7 models.alpha.top_p",
     "write a number from 0 to 1"},
    {"NoTokens", kAlpha, "alpha: {provider: pa, max_tokens: 0}", "7 models.alpha.max_tokens",
     "write a whole number from 1"},
    {"NoRoom", kAlpha, "alpha: {provider: pa, max_tokens: 9, context_window: 9}",
     "7 models.alpha.max_tokens", "write less than context_window"},
    {"NoUnit", kAlpha, "alpha: {provider: pa, timeouts: {idle: 30}}",
     "7 models.alpha.timeouts.idle", "write it with ms, s, m, h or d, as in 30s"},
    {"OpenMaxBelowOpen", kAlpha, "alpha: {provider: pa, breaker: {open: 31s}}",
     "7 models.alpha.breaker.open_max", "write an open_max of at least open"},
    {"CapBelowBase", kAlpha, "alpha: {provider: pa, retry: {base: 9s}}", "7 models.alpha.retry.cap",
     "write a cap of at least base"},
    {"HalfPrice", kAlpha, "alpha: {provider: pa, price: {input: 1}}", "7 models.alpha.price.output",
     "write USD per million tokens"},
    {"UnknownKey", kAlpha, "alpha: {provider: pa, temprature: 1}", "7 models.alpha.temprature",
     "did you mean \"temperature\"?"},
    {"NestedUnknownKey", kAlpha, "alpha: {provider: pa, timeouts: {tot: 1s}}",
     "7 models.alpha.timeouts.tot", "write one of connect, first_token, idle, total"},
    {"ExtraModel", kAlpha, "alpha: {provider: pa, extra: {model: x}}", "7 models.alpha.extra.model",
     "remove it"},
    {"ExtraMessages", kAlpha, "alpha: {provider: pa, extra: {messages: []}}",
     "7 models.alpha.extra.messages", "remove it"},
    {"ExtraStream", kAlpha, "alpha: {provider: pa, extra: {stream: true}}",
     "7 models.alpha.extra.stream", "remove it"},
    {"ExtraStreamOptions", kAlpha, "alpha: {provider: pa, extra: {stream_options: {}}}",
     "7 models.alpha.extra.stream_options", "remove it"},
    {"ExtraN", kAlpha, "alpha: {provider: pa, extra: {n: 2}}", "7 models.alpha.extra.n",
     "remove it"},
    {"ExtraTools", kAlpha, "alpha: {provider: pa, extra: {tools: []}}",
     "7 models.alpha.extra.tools", "remove it"},
    {"ExtraTemperature", kAlpha, "alpha: {provider: pa, extra: {temperature: 1}}",
     "7 models.alpha.extra.temperature", "write temperature directly below the model"},
    {"Name", kAlpha, "alpha: {provider: pa}\n  a b: {provider: pa}", "8 models.a b",
     "write 1 to 128 letters, digits or . _ : / -"},
    {"TwoModels", kAlpha, "alpha: {provider: pa}\n  alpha: {provider: pa}", "8 models.alpha",
     "first in line 7; remove one"},
    {"LostIndent", kAlpha, "alpha: {provider: pa}\n  id: x", "8 models.id",
     "indent this line more"},
};

const Mistake kMixtureMistakes[] = {
    {"NoSuchMember", "gamma]", "gama]", "12 mixtures.mom.members[2]", "did you mean \"gamma\"?"},
    {"FarMember", "gamma]", "zeta-9]", "12 mixtures.mom.members[2]", "write one of alpha, beta"},
    {"MemberTwice", "gamma]", "alpha]", "12 mixtures.mom.members[2]", "remove one"},
    {"Itself", "gamma]", "mom]", "12 mixtures.mom.members[2]",
     "is this mixture itself; write one of alpha, beta, gamma"},
    {"OtherMixture", "  mom:", "  m2: {members: [mom]}\n  mom:", "11 mixtures.m2.members[0]",
     "\"mom\" is a mixture; write one of alpha"},
    {"NoMembers", "[alpha, beta, gamma]", "[]", "12 mixtures.mom.members", "write a list such as"},
    {"MembersNoList", "[alpha, beta, gamma]", "alpha", "12 mixtures.mom.members",
     "is no list; write it as [item, item]"},
    {"NoSuchCritic", kCritic, "critic: betta", "13 mixtures.mom.critic", "did you mean \"beta\"?"},
    {"NoSuchFallback", kCritic, "critic: beta\n    critic_fallbacks:\n      - alpha\n      - x-x-x",
     "16 mixtures.mom.critic_fallbacks[1]", "write one of alpha, beta, gamma"},
    {"Strategy", kCritic, "strategy: magic", "13 mixtures.mom.strategy",
     "\"magic\" does not exist here; write one of auto, synthesize, select, single, vote, race, "
     "cascade, self"},
    {"SelfOfSeveral", kCritic, "strategy: self", "12 mixtures.mom.members", "write one member"},
    {"Samples", kCritic, "samples: 1", "13 mixtures.mom.samples", "2 to 16"},
    {"NoTier", kCritic, "tiers: [1, x]", "13 mixtures.mom.tiers[1]", "write 1 or more"},
    {"EmptyTier", kCritic, "tiers: [0]", "13 mixtures.mom.tiers[0]", "write 1 or more"},
    {"TooManyInTiers", kCritic, "tiers: [2, 2]", "13 mixtures.mom.tiers", "there are 3"},
    {"NoSuchSideModel", kCritic, "side_model: betta", "13 mixtures.mom.side_model",
     "did you mean \"beta\"?"},
    {"QuorumOfSelf", "[alpha, beta, gamma]", "[alpha]\n    strategy: self\n    quorum: 6",
     "14 mixtures.mom.quorum", "write at most 5"},
    {"Quorum", kCritic, "quorum: 4", "13 mixtures.mom.quorum", "write at most 3"},
    {"Grace", kCritic, "grace: {min: 11s}", "13 mixtures.mom.grace.max", "at least min"},
    {"NoUnit", kCritic, "timeout: 300", "13 mixtures.mom.timeout", "as in 30s"},
    {"Hold", kCritic, "stream_hold: none", "13 mixtures.mom.stream_hold", "one of start, all"},
    {"Contract", kCritic, "contract: udif", "13 mixtures.mom.contract", "one of auto, none, diff,"},
    {"Hedge", kCritic, "critic_hedge: 2", "13 mixtures.mom.critic_hedge", "0 to 1"},
    {"SameName", "  mom:", "  alpha:", "11 mixtures.alpha", "rename one of the two"},
    {"UnknownKey", kCritic, "critics: beta", "13 mixtures.mom.critics", "did you mean \"critic\"?"},
};

const Mistake kServerMistakes[] = {
    {"TopLevel", "providers:", "provider: {}\nproviders:", "1 provider",
     "did you mean \"providers\"?"},
    {"PublicListen", "providers:", "server: {listen: [\"0.0.0.0:50051\"]}\nproviders:",
     "1 server.listen[0]", "write 127.0.0.1:PORT or unix:PATH"},
    {"PublicListenName", "providers:", "server:\n  listen:\n    - \"example.com:1\"\nproviders:",
     "3 server.listen[0]", "needs TLS and keys"},
    {"NoListen", "providers:", "server: {listen: []}\nproviders:", "1 server.listen",
     "write a list such as"},
    {"EmptyListen", "providers:", "server: {listen: [\"\"]}\nproviders:", "1 server.listen[0]",
     "write a value or remove the item"},
    {"NoPort", "providers:", "rest: {listen: 127.0.0.1}\nproviders:", "1 rest.listen",
     "write 127.0.0.1:PORT"},
    {"PublicRest", "providers:", "rest: {listen: \"[::]:8000\"}\nproviders:", "1 rest.listen",
     "write 127.0.0.1:PORT"},
    {"RestOnSocket", "providers:", "rest: {listen: \"unix:x\"}\nproviders:", "1 rest.listen",
     "write 127.0.0.1:PORT"},
    {"RemoteService", "providers:", "rest: {service: \"a.example:1\"}\nproviders:",
     "1 rest.service", "write 127.0.0.1:PORT or unix:PATH"},
    {"Origin", "providers:", "rest: {cors_origins: [\"http://a.example/\"]}\nproviders:",
     "1 rest.cors_origins[0]", "such as http://localhost:3000"},
    {"Usage", "providers:", "rest: {usage: total}\nproviders:", "1 rest.usage", "answer, sum"},
    {"LogLevel", "providers:", "server: {log_level: loud}\nproviders:", "1 server.log_level",
     "debug, info, warning, error"},
    {"Size", "providers:", "server: {max_request_size: 1MB}\nproviders:",
     "1 server.max_request_size", "from 1KiB to 1GiB"},
    {"Threads", "providers:", "server: {threads: 0}\nproviders:", "1 server.threads",
     "from 1 to 256"},
    {"TraceAge", "providers:", "trace: {max_age: 7}\nproviders:", "1 trace.max_age", "as in 30s"},
    {"Tab", "  pb:\n", "\tpb:\n", "3 providers.pa", "two blanks for each level"},
    {"Indent", "    api_key", "   api_key", "5 providers.pb.api_key", "the same indent"},
};

std::string NameOfMistake(const ::testing::TestParamInfo<Mistake>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Provider, MistakesTest, ::testing::ValuesIn(kProviderMistakes),
                         NameOfMistake);
INSTANTIATE_TEST_SUITE_P(Model, MistakesTest, ::testing::ValuesIn(kModelMistakes), NameOfMistake);
INSTANTIATE_TEST_SUITE_P(Mixture, MistakesTest, ::testing::ValuesIn(kMixtureMistakes),
                         NameOfMistake);
INSTANTIATE_TEST_SUITE_P(Server, MistakesTest, ::testing::ValuesIn(kServerMistakes), NameOfMistake);

TEST(AllMistakesTest, AreReportedAtOnce) {
  std::string text = With("pa: {base_url: \"https://a.example/v1\"}", "pa: {base_url: a.example}");
  text = text.replace(text.find("critic: beta"), 12, "critic: betta\n    quorum: many");
  const std::string mistakes = Mistakes(text + "server: {threads: x}\n");
  EXPECT_THAT(mistakes, HasSubstr("config.yaml:2 providers.pa.base_url: "));
  EXPECT_THAT(mistakes, HasSubstr("\nconfig.yaml:13 mixtures.mom.critic: "));
  EXPECT_THAT(mistakes, HasSubstr("\nconfig.yaml:14 mixtures.mom.quorum: "));
  EXPECT_THAT(mistakes, HasSubstr("\nconfig.yaml:15 server.threads: "));
}

TEST(AllMistakesTest, AMixtureWithoutMembersNamesTheVariables) {
  EXPECT_EQ(Mistakes(With("[alpha, beta, gamma]", "[beta]")),
            "config.yaml:12 mixtures.mom.members: no member is left, as the providers of all of "
            "them are off; set the environment variable KEY_B");
}

TEST(AllMistakesTest, AnEmptyConfigSaysWhatIsNeeded) {
  EXPECT_EQ(Mistakes("{}"),
            "config.yaml:1 providers: there is none; write at least one\n"
            "config.yaml:1 models: there is none; write at least one");
}

TEST(AllMistakesTest, ALongNameIsRefused) {
  const std::string name(129, 'x');
  EXPECT_THAT(Mistakes(With("gamma: {", name + ": {")), HasSubstr("write 1 to 128"));
}

}  // namespace
}  // namespace mom
