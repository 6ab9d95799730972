// Where in momd's config something stands.
#ifndef MOM_CLIENTS_CLI_CONFIG_LINES_H_
#define MOM_CLIENTS_CLI_CONFIG_LINES_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/base/environment.h"
#include "service/base/status.h"
#include "service/base/yaml_reader.h"

namespace mom::cli {

class ConfigLines {
 public:
  // Without a file: places have no lines.
  ConfigLines() = default;
  static StatusOr<ConfigLines> Load(const std::string& file, const EnvLookup& env);

  // "config.yaml:12 models.gpt.id". `section` is "models" or "providers"; `key` may be a path
  // ("timeouts.idle"), or empty, which is all of it. The line is that of the nearest thing that is
  // there.
  std::string Place(const std::string& section, const std::string& name,
                    const std::string& key) const;
  // Name and provider of each model, in the file's order.
  std::vector<std::pair<std::string, std::string>> Models() const;

 private:
  std::shared_ptr<YamlDocument> document_;  // null: no file
};

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_CONFIG_LINES_H_
