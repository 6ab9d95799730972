// Reads a YAML file into typed structs and reports every mistake with its line and key path.
#ifndef MOM_BASE_YAML_READER_H_
#define MOM_BASE_YAML_READER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/base/environment.h"
#include "service/base/secret.h"
#include "service/base/status.h"

namespace mom {

class YamlReader;

// A parsed file and the mistakes found in it so far. Shared by all readers of the file, which keep
// what they need of it alive; not thread-safe.
class YamlDocument {
 public:
  // Parses a file. A file that cannot be read or is no YAML mapping is an error with the line.
  // Parse: `display_name` is what messages call the text.
  static StatusOr<std::shared_ptr<YamlDocument>> Load(const std::string& path, EnvLookup env);
  static StatusOr<std::shared_ptr<YamlDocument>> Parse(const std::string& text,
                                                       const std::string& display_name,
                                                       EnvLookup env);

  YamlReader Root();
  // OK, or kInvalidArgument whose message has one line for each mistake, in the file's order:
  // "config.yaml:LINE path.to.key: what is wrong; what to write".
  Status status() const;
  // Absolute directory of the file: paths in the config are relative to it. Empty after Parse.
  const std::string& directory() const;
  // Every key that any reader asked for, with "<name>" for names of the user's own:
  // "models.<name>.price.input". What docs/config.md is held against.
  std::set<std::string> known_paths() const;

 private:
  friend class YamlReader;
  struct State;
  explicit YamlDocument(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

// One mapping of the file. Each library reads its own part: it asks for each key that it knows and
// then calls Done(), which reports the others. Mistakes are collected, not thrown, so that a user
// sees all of them at once; YamlDocument status() gives them.
// Substitution: `${NAME}` and `${NAME:-default}` inside scalars, after parsing, so that a value can
// never inject YAML; `$$` stands for `$`. An unset `${NAME}` is a mistake, except where ReadSecret
// takes it.
class YamlReader {
 public:
  // An optional key: `out` keeps its value where the key is absent or wrong.
  void Read(const std::string& key, std::string& out);
  // A key that must be there with a text that is not empty; else false and a mistake, which names
  // the `remedy` ("the API's URL").
  bool ReadRequired(const std::string& key, std::string& out, const std::string& remedy);
  // The same for a sequence with at least one item.
  bool ReadRequired(const std::string& key, std::vector<std::string>& out,
                    const std::string& remedy);
  void Read(const std::string& key, bool& out);
  void Read(const std::string& key, std::int64_t& out, std::int64_t min, std::int64_t max);
  void Read(const std::string& key, int& out, int min, int max);
  void Read(const std::string& key, double& out, double min, double max);
  // A number with a unit: ms, s, m, h or d ("250ms", "1.5s"). A bare number is a mistake.
  void Read(const std::string& key, std::chrono::milliseconds& out, std::chrono::milliseconds min,
            std::chrono::milliseconds max);
  // A number of bytes, bare or with KiB, MiB or GiB.
  void ReadBytes(const std::string& key, std::int64_t& out, std::int64_t min, std::int64_t max);
  // A sequence of scalars. An item that is wrong, which is reported, stays in `out` as an empty
  // one.
  void Read(const std::string& key, std::vector<std::string>& out);
  void Read(const std::string& key, std::optional<double>& out, double min, double max);
  void Read(const std::string& key, std::optional<std::int64_t>& out, std::int64_t min,
            std::int64_t max);
  // One of `names`; the mistake lists them.
  void ReadEnum(const std::string& key, std::string& out, const std::vector<std::string>& names);
  // A secret. Where its `${NAME}` is unset or empty, `out` is empty and the name is returned: the
  // caller decides what that means. `$NAME` without braces is a mistake. The value is never part of
  // a message.
  std::optional<std::string> ReadSecret(const std::string& key, Secret& out);
  // A mapping of names to any values, these as JSON text (numbers, true, false and null unquoted
  // are such in JSON too), in the file's order.
  void ReadJson(const std::string& key, std::vector<std::pair<std::string, std::string>>& out);
  // A mapping of scalars, in the file's order. `$NAME` without braces is a mistake.
  void Read(const std::string& key, std::vector<std::pair<std::string, std::string>>& out);

  bool Has(const std::string& key) const;
  // The mapping below `key`; an empty one where the key is absent (or wrong, which is reported).
  YamlReader Child(const std::string& key);
  // All keys of this mapping whose values are mappings, in the file's order: for maps of named
  // things. Every key counts as known.
  std::vector<std::pair<std::string, YamlReader>> Entries();

  // Reports a mistake at `key` of this mapping (or at the mapping itself where `key` is empty). The
  // text says what is wrong and what to write instead.
  void Error(const std::string& key, const std::string& message);
  // The same at item `index` of the sequence at `key`.
  void Error(const std::string& key, std::size_t index, const std::string& message);
  // Reports each key that nobody asked for, with the nearest known one.
  void Done();
  // "config.yaml:12 models.writer.price" for messages of checks that come later. Empty: the mapping
  // itself.
  std::string Where(const std::string& key) const;

 private:
  friend class YamlDocument;
  struct Node;
  explicit YamlReader(std::shared_ptr<Node> node) : node_(std::move(node)) {}
  std::shared_ptr<Node> node_;
};

}  // namespace mom

#endif  // MOM_BASE_YAML_READER_H_
