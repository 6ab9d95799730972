// The files of a conversation as an answer's edits leave them.
#ifndef MOM_CONTRACT_WORKSPACE_H_
#define MOM_CONTRACT_WORKSPACE_H_

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/contract/chat_files.h"
#include "service/contract/file_text.h"

namespace mom {

// Belongs to the check of one answer. Not thread-safe.
class Workspace {
 public:
  // `files` must outlive the workspace, and so must the texts that are put into it.
  explicit Workspace(const ChatFiles& files);

  const ChatFiles& chat() const { return files_; }
  // The paths of the files that may be edited, sorted: what names are guessed from.
  const std::vector<std::string>& editable() const { return editable_; }

  // The file that is there under the path; null where none is.
  FileDraft* Find(std::string_view path);
  bool IsReadOnly(std::string_view path) const;
  // An empty file in place of whatever was there.
  FileDraft& Create(std::string_view path);
  void Remove(std::string_view path);
  // The files as they were at first.
  void Undo();
  // Whether all searches together took more than a check may.
  bool too_costly() const;

  // What was changed: the path, and the new text, or nothing where the file is gone.
  std::map<std::string, std::optional<std::string>> Changes() const;

 private:
  struct Entry {
    const ChatFile* file = nullptr;    // null: created
    std::unique_ptr<FileDraft> draft;  // made where it is needed
    bool removed = false;
  };
  const ChatFiles& files_;
  const FileText empty_{std::string_view()};
  std::vector<std::string> editable_;
  std::map<std::string, Entry, std::less<>> entries_;  // by NormalPath
};

}  // namespace mom

#endif  // MOM_CONTRACT_WORKSPACE_H_
