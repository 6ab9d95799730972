// Inside of yaml_reader.h: what all readers of a document share.
#ifndef MOM_BASE_YAML_STATE_H_
#define MOM_BASE_YAML_STATE_H_

#include <map>
#include <optional>
#include <set>
#include <string>

#include "service/base/json_writer.h"
#include "service/base/yaml_reader.h"
#include "service/base/yaml_tree.h"

namespace mom {

struct YamlDocument::State {
  std::string name;  // what messages call the file
  std::string directory;
  EnvLookup env;
  YamlValue root;
  std::multimap<int, std::string> mistakes;  // by line
  std::set<std::string> known;               // see known_paths()

  // "config.yaml:12 models.writer.price".
  std::string Place(int line, const std::string& path) const;
  void Report(int line, const std::string& path, const std::string& message);
  // Whether it is one; else that is reported.
  bool IsScalar(const YamlValue& value, const std::string& path);
  // The text of a scalar with variables put in; nullopt where there is none, which is reported.
  std::optional<std::string> Text(const YamlValue& value, const std::string& path);
  // The JSON of a scalar, or of a whole tree.
  void WriteJson(const YamlValue& value, const std::string& path, JsonWriter& json);
};

}  // namespace mom

#endif  // MOM_BASE_YAML_STATE_H_
