#include "clients/cli/trace_look.h"

namespace mom::cli {

const TraceSymbols& SymbolsOf(const TraceLook& look) {
  static const TraceSymbols unicode = {"░", "◆", "█", "✗", "○", "▲", "─", "├", "┼", "┤", "…"};
  static const TraceSymbols ascii = {".", "|", "=", "x", "o", "^", "-", "+", "+", "+", "~"};
  return look.unicode ? unicode : ascii;
}

}  // namespace mom::cli
