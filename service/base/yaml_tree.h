// A YAML text as a plain tree: all that MoM sees of the YAML library.
#ifndef MOM_BASE_YAML_TREE_H_
#define MOM_BASE_YAML_TREE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace mom {

struct YamlValue {
  enum class Kind { kNull, kScalar, kSequence, kMapping };
  Kind kind = Kind::kNull;
  int line = 0;                     // from 1; of the key where there is one
  std::string key;                  // in a mapping; empty elsewhere
  std::string scalar;               // as written, without its quotes
  bool quoted = false;              // then a scalar is text, whatever it looks like
  std::vector<YamlValue> children;  // of a sequence or a mapping, in the file's order
};

struct YamlMistake {
  int line = 0;         // from 1
  std::string path;     // "models.writer.price"; empty: the whole file
  std::string message;  // what is wrong; what to write instead
};

struct YamlTree {
  YamlValue root;  // kNull where the text could not be parsed
  std::vector<YamlMistake> mistakes;
};

// Parses one document. Aliases are expanded, within limits. Where a mapping has a key twice, the
// first one stays and the second is a mistake.
YamlTree ParseYaml(const std::string& text);

// The JSON of an unquoted scalar that is a number, true, false or null; nullopt: it is text.
std::optional<std::string> JsonLiteral(const std::string& text);

// "models" and "writer" give "models.writer".
std::string JoinPath(const std::string& path, const std::string& key);
// "mixtures.mom.members" and 0 give "mixtures.mom.members[0]".
std::string JoinPath(const std::string& path, std::size_t index);

}  // namespace mom

#endif  // MOM_BASE_YAML_TREE_H_
