// Says in plain words why a text is no YAML.
#ifndef MOM_BASE_YAML_SYNTAX_H_
#define MOM_BASE_YAML_SYNTAX_H_

#include <string>

#include "service/base/yaml_tree.h"

namespace mom {

// Translates the parser's `complaint` about `line` (from 1). The path is what the indentation
// tells.
YamlMistake ExplainSyntax(const std::string& text, int line, const std::string& complaint);

}  // namespace mom

#endif  // MOM_BASE_YAML_SYNTAX_H_
