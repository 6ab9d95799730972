#include "clients/cli/terminal.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <optional>
#include <string>

namespace mom::cli {
namespace {

std::mutex typing_mutex;
std::optional<termios> shown_typing;  // what ShowTyping() brings back; guarded by typing_mutex

// The locale that holds for characters.
bool IsUtf8(const EnvLookup& env) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string locale = env(name).value_or("");
    if (locale.empty()) continue;
    return locale.find("UTF-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return false;
}

}  // namespace

Terminal DescribeTerminal(const EnvLookup& env) {
  const std::string term = env("TERM").value_or("");
  Terminal out;
  out.is_there = true;
  out.can_draw = !term.empty() && term != "dumb";
  out.has_colour = out.can_draw && env("NO_COLOR").value_or("").empty();
  out.has_unicode = IsUtf8(env);
  return out;
}

Terminal OutputTerminal(const EnvLookup& env) {
  return ::isatty(STDOUT_FILENO) == 1 ? DescribeTerminal(env) : Terminal();
}

TerminalSize OutputSize() {
  TerminalSize out;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    out.columns = std::max<std::size_t>(size.ws_col, 20);
    out.rows = std::max<std::size_t>(size.ws_row, 5);
  }
  return out;
}

void HideTyping() {
  const std::lock_guard lock(typing_mutex);
  termios settings{};
  // A job in the background would be stopped if it changed its terminal.
  const bool is_ours = ::tcgetpgrp(STDIN_FILENO) == ::getpgrp();
  if (!is_ours || ::tcgetattr(STDIN_FILENO, &settings) != 0) return;
  if (!shown_typing) shown_typing = settings;
  settings.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  // Ctrl-C would throw away what the terminal has not shown yet, and the next frame build on it.
  settings.c_lflag |= NOFLSH;
  ::tcsetattr(STDIN_FILENO, TCSANOW, &settings);
}

void ShowTyping() {
  const std::lock_guard lock(typing_mutex);
  if (shown_typing) ::tcsetattr(STDIN_FILENO, TCSANOW, &*shown_typing);
  shown_typing.reset();
}

Status WriteOutput(std::string_view text) {
  const std::size_t written = std::fwrite(text.data(), 1, text.size(), stdout);
  if (written == text.size() && std::fflush(stdout) == 0) return Status();
  return MakeError(StatusCode::kFailedPrecondition,
                   std::string("cannot write to standard output: ") + std::strerror(errno),
                   ErrorInfo());
}

}  // namespace mom::cli
