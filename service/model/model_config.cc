#include "service/model/model_config.h"

#include <algorithm>
#include <string_view>

#include "service/base/address.h"
#include "service/base/ascii.h"
#include "service/base/file.h"
#include "service/base/nearest_name.h"
#include "service/model/base_url.h"
#include "service/model/key_file.h"

namespace mom {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr std::size_t kMostCaBytes = 4 * 1024 * 1024;
constexpr std::int64_t kMostTokens = 100'000'000;
constexpr double kMostPrice = 1'000'000;

bool IsOneOf(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

constexpr std::string_view kNameCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/-";
// What RFC 9110 calls a token.
constexpr std::string_view kHeaderNameCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";

bool IsPrintableAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7F; });
}

template <typename T>
std::vector<std::string> NamesOf(const std::vector<T>& things) {
  std::vector<std::string> names;
  for (const T& thing : things) names.push_back(thing.name);
  return names;
}

template <typename T>
const T* FindByName(const std::vector<T>& things, const std::string& name) {
  const auto found = std::find_if(things.begin(), things.end(),
                                  [&](const T& thing) { return thing.name == name; });
  return found == things.end() ? nullptr : &*found;
}

// Reads one provider. Lives for one call.
class ProviderReader {
 public:
  ProviderReader(YamlReader& reader, const std::string& name, const std::string& directory,
                 std::vector<std::string>& notices)
      : reader_(reader), directory_(directory), notices_(notices) {
    out_.name = name;
  }

  ProviderConfig Read() {
    if (const std::string wrong = CheckModelName(out_.name); !wrong.empty()) {
      reader_.Error("", wrong);
    }
    ReadBaseUrl();
    reader_.ReadEnum("dialect", out_.dialect, {"openai"});
    ReadKey();
    ReadHeaders();
    ReadCaFile();
    reader_.ReadEnum("http_version", out_.http_version, {"1.1", "2"});
    reader_.ReadEnum("max_tokens_field", out_.max_tokens_field,
                     {"max_tokens", "max_completion_tokens"});
    reader_.ReadEnum("tool_call_ids", out_.tool_call_ids, {"any", "short"});
    reader_.Done();
    return std::move(out_);
  }

 private:
  void ReadBaseUrl() {
    if (!reader_.ReadRequired("base_url", out_.base_url,
                              "the API's URL, such as https://api.openai.com/v1")) {
      return;
    }
    const StatusOr<BaseUrl> url = ParseBaseUrl(out_.base_url);
    if (!url.ok()) return reader_.Error("base_url", MessageOf(url.status()));
    out_.base_url = url->text;
    // The newer models there refuse the older name.
    if (url->host == "api.openai.com") out_.max_tokens_field = "max_completion_tokens";
    if (url->host == "api.mistral.ai") out_.tool_call_ids = "short";
    if (!url->has_path) {
      notices_.push_back(reader_.Where("base_url") +
                         ": has no path; most APIs want /v1 at its end");
    }
  }

  void ReadKey() {
    const std::optional<std::string> unset = reader_.ReadSecret("api_key", out_.api_key);
    reader_.Read("api_key_file", out_.api_key_file);
    out_.api_key_file = ResolvePath(directory_, out_.api_key_file);
    if (out_.api_key.empty() && !out_.api_key_file.empty()) {
      SetKey("api_key_file", ReadKeyFile(out_.api_key_file));
    } else if (unset) {
      out_.off_because = *unset;
    } else {
      SetKey("api_key", ParseKey(out_.api_key.Reveal()));
      out_.api_key_file.clear();
    }
  }

  void SetKey(const std::string& name, StatusOr<Secret> key) {
    if (!key.ok()) return reader_.Error(name, MessageOf(key.status()));
    out_.api_key = std::move(*key);
  }

  void ReadHeaders() {
    static const std::vector<std::string> kReserved = {"authorization",  "connection",
                                                       "content-length", "content-type",
                                                       "host",           "transfer-encoding"};
    reader_.Read("headers", out_.headers);
    YamlReader headers = reader_.Child("headers");
    for (const auto& [name, value] : out_.headers) {
      const std::string lower = LowerCase(name);
      if (name.empty() || !IsOneOf(name, kHeaderNameCharacters)) {
        headers.Error(name, "is no name of an HTTP header; write letters, digits and -");
      } else if (std::find(kReserved.begin(), kReserved.end(), lower) != kReserved.end()) {
        headers.Error(name, lower == "authorization" ? "is made from the key; write api_key instead"
                                                     : "is set by MoM itself; remove it");
      } else if (!IsPrintableAscii(value)) {
        headers.Error(name,
                      "has a value with a line break or a character that is not ASCII; write "
                      "printable ASCII on one line");
      }
    }
  }

  void ReadCaFile() {
    constexpr std::string_view kMark = "-----BEGIN CERTIFICATE-----";
    reader_.Read("ca_file", out_.ca_file);
    if (out_.ca_file.empty()) return;
    out_.ca_file = ResolvePath(directory_, out_.ca_file);
    const StatusOr<std::string> content = ReadFile(out_.ca_file, kMostCaBytes);
    if (!content.ok()) {
      reader_.Error("ca_file", "cannot be read (" + MessageOf(content.status()) +
                                   "); write the path of a file with the trusted certificates in "
                                   "it, absolute or relative to this file");
    } else if (content->find(kMark) == std::string::npos) {
      reader_.Error("ca_file", "holds no certificate; write PEM into it: " + std::string(kMark) +
                                   " and so on");
    }
  }

  YamlReader& reader_;
  const std::string& directory_;
  std::vector<std::string>& notices_;
  ProviderConfig out_;
};

std::optional<Price> ReadPrice(YamlReader& model) {
  YamlReader reader = model.Child("price");
  Price price;
  reader.Read("input", price.input, 0, kMostPrice);
  reader.Read("cached_input", price.cached_input, 0, kMostPrice);
  reader.Read("output", price.output, 0, kMostPrice);
  reader.Done();
  if (!model.Has("price")) return std::nullopt;
  for (const char* key : {"input", "output"}) {
    if (!reader.Has(key))
      reader.Error(key, "is missing; write USD per million tokens, such as 0.5");
  }
  return price;
}

TimeoutConfig ReadTimeouts(YamlReader& model) {
  TimeoutConfig out;
  YamlReader reader = model.Child("timeouts");
  reader.Read("connect", out.connect, milliseconds(1), minutes(10));
  reader.Read("first_token", out.first_token, milliseconds(1), hours(24));
  reader.Read("idle", out.idle, milliseconds(1), hours(24));
  reader.Read("total", out.total, milliseconds(1), hours(24));
  reader.Done();
  return out;
}

RetryConfig ReadRetry(YamlReader& model) {
  RetryConfig out;
  YamlReader reader = model.Child("retry");
  reader.Read("attempts", out.attempts, 1, 10);
  reader.Read("base", out.base, milliseconds(1), minutes(1));
  reader.Read("cap", out.cap, milliseconds(1), minutes(10));
  reader.Read("budget", out.budget, 0, 1);
  reader.Read("floor", out.floor, 0, 1'000'000);
  if (out.base > out.cap) {
    reader.Error("cap", "is shorter than base; write a cap of at least base");
  }
  reader.Done();
  return out;
}

BreakerConfig ReadBreaker(YamlReader& model) {
  BreakerConfig out;
  YamlReader reader = model.Child("breaker");
  reader.Read("failures", out.failures, 0, 1'000);
  reader.Read("open", out.open, milliseconds(1), hours(1));
  reader.Read("open_max", out.open_max, milliseconds(1), hours(1));
  if (out.open > out.open_max) {
    reader.Error("open_max", "is shorter than open; write an open_max of at least open");
  }
  reader.Done();
  return out;
}

// Keys of the body that only MoM may set, and keys that have their own place.
std::string CheckExtraKey(const std::string& key) {
  static const std::vector<std::string> kReserved = {"model",  "messages",       "n",
                                                     "stream", "stream_options", "tools"};
  static const std::vector<std::string> kTyped = {"max_completion_tokens", "max_tokens",
                                                  "temperature", "top_p"};
  if (std::find(kReserved.begin(), kReserved.end(), key) != kReserved.end()) {
    return "is set by MoM for each request; remove it";
  }
  if (std::find(kTyped.begin(), kTyped.end(), key) != kTyped.end()) {
    return "has a key of its own; write " +
           (key == "max_completion_tokens" ? std::string("max_tokens") : key) +
           " directly below the model";
  }
  return {};
}

void ReadExtra(YamlReader& model, std::vector<std::pair<std::string, std::string>>& out) {
  model.ReadJson("extra", out);
  YamlReader extra = model.Child("extra");
  for (const auto& [key, json] : out) {
    if (const std::string wrong = CheckExtraKey(key); !wrong.empty()) extra.Error(key, wrong);
  }
}

ModelConfig ReadModel(YamlReader& reader, const std::string& name, const ModelsConfig& config) {
  ModelConfig out;
  out.name = name;
  out.id = name;
  if (const std::string wrong = CheckModelName(name); !wrong.empty()) reader.Error("", wrong);
  const std::vector<std::string> providers = NamesOf(config.providers);
  if (reader.ReadRequired("provider", out.provider, "one of " + JoinNames(providers)) &&
      config.FindProvider(out.provider) == nullptr) {
    reader.Error("provider", "no provider is called \"" + out.provider + "\"; " +
                                 SuggestName(out.provider, providers));
  }
  reader.Read("id", out.id);
  reader.Read("temperature", out.temperature, 0, 2);
  reader.Read("top_p", out.top_p, 0, 1);
  reader.Read("max_tokens", out.max_tokens, 1, kMostTokens);
  reader.Read("system", out.system);
  ReadExtra(reader, out.extra_body);
  reader.Read("context_window", out.context_window, 0, kMostTokens);
  if (out.context_window > 0 && out.max_tokens.value_or(0) >= out.context_window) {
    reader.Error("max_tokens", "leaves no room for the question; write less than context_window");
  }
  reader.Read("tools", out.tools);
  reader.Read("images", out.images);
  out.price = ReadPrice(reader);
  out.timeouts = ReadTimeouts(reader);
  out.retry = ReadRetry(reader);
  out.breaker = ReadBreaker(reader);
  reader.Read("max_concurrent", out.max_concurrent, 0, 1'000'000);
  reader.Done();
  return out;
}

}  // namespace

std::optional<std::int64_t> ModelConfig::MaxTokens(std::optional<std::int64_t> asked) const {
  if (!asked || !max_tokens) return asked ? asked : max_tokens;
  return std::min(*asked, *max_tokens);
}

const ProviderConfig* ModelsConfig::FindProvider(const std::string& name) const {
  return FindByName(providers, name);
}

const ModelConfig* ModelsConfig::FindModel(const std::string& name) const {
  return FindByName(models, name);
}

bool ModelsConfig::IsUsable(const std::string& model) const {
  const ModelConfig* found = FindModel(model);
  const ProviderConfig* provider = found == nullptr ? nullptr : FindProvider(found->provider);
  return provider != nullptr && provider->off_because.empty();
}

std::string CheckModelName(const std::string& name) {
  if (!name.empty() && name.size() <= 128 && IsOneOf(name, kNameCharacters)) return {};
  return "is no name that MoM takes; write 1 to 128 letters, digits or . _ : / -";
}

ModelsConfig ReadModelsConfig(YamlReader& root, const std::string& config_directory) {
  ModelsConfig out;
  for (auto& [name, reader] : root.Child("providers").Entries()) {
    out.providers.push_back(ProviderReader(reader, name, config_directory, out.notices).Read());
  }
  for (auto& [name, reader] : root.Child("models").Entries()) {
    out.models.push_back(ReadModel(reader, name, out));
  }
  if (out.providers.empty()) root.Error("providers", "there is none; write at least one");
  if (out.models.empty()) root.Error("models", "there is none; write at least one");
  return out;
}

}  // namespace mom
