#include "service/model/translator.h"

#include "service/model/openai_translator.h"

namespace mom {

const Translator* FindTranslator(std::string_view dialect) {
  static const OpenAiTranslator openai;
  return dialect == "openai" ? &openai : nullptr;
}

std::vector<std::string> DialectNames() { return {"openai"}; }

}  // namespace mom
