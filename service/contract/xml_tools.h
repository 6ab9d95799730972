// Tools as Cline and Roo Code declare them in their instructions, to be used by XML-style tags.
#ifndef MOM_CONTRACT_XML_TOOLS_H_
#define MOM_CONTRACT_XML_TOOLS_H_

#include <string>
#include <string_view>
#include <vector>

#include "service/contract/verdict.h"
#include "service/model/chat.h"

namespace mom {

struct XmlParameter {
  std::string name;
  bool required = false;
};

struct XmlTool {
  std::string name;
  std::vector<XmlParameter> parameters;
};

// The tools that the conversation's instructions declare; empty: they are no such instructions, or
// the request declares tools of its own, which newer versions of the clients use instead. Pure.
std::vector<XmlTool> FindXmlTools(const ChatRequest& request);

// Judges an answer as the clients read it. Unusable: it uses no tool that is declared; the first
// use is not closed, or leaves out a required parameter. Worse: it uses more than one, of which the
// clients run the first. Text before the use is as it should be.
Verdict CheckXmlTools(const std::vector<XmlTool>& tools, std::string_view answer);

}  // namespace mom

#endif  // MOM_CONTRACT_XML_TOOLS_H_
