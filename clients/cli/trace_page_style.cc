#include "clients/cli/trace_page_style.h"

namespace mom::cli {

const char kTracePageStyle[] = R"css(
:root {
  color-scheme: light dark;
  --back: #f6f7f9; --card: #ffffff; --text: #1c2430; --soft: #5f6b7c; --line: #dfe4ea;
  --code: #f3f5f8; --member: #3f7fd0; --critic: #8a5cc8; --good: #2c8a4b; --warn: #b7791f;
  --bad: #c8453b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #12161c; --card: #1a2029; --text: #dde3ec; --soft: #93a0b3; --line: #2c3542;
    --code: #141a22; --member: #5b9bea; --critic: #b08ae8; --good: #57b877; --warn: #dca54a;
    --bad: #e8736a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 76rem;
  background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif;
}
h1 { margin: 0; font-size: 1.35rem; overflow-wrap: anywhere; }
h2 { margin: 2.25rem 0 .75rem; font-size: 1.05rem; }
p { margin: .25rem 0; }
.soft, dt, th, .note, .took, .tick, summary small, footer { color: var(--soft); }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem; }
header p { flex-basis: 100%; color: var(--soft); }
.badge {
  padding: .1rem .6rem; border: 1px solid; border-radius: 1rem; font-size: .85rem; font-weight: 600;
}
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
.totals { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.25rem 0 0; }
.totals div {
  flex: 1 1 8rem; padding: .6rem .9rem;
  background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
}
dt { font-size: .8rem; } dd { margin: 0; font-size: 1.15rem; font-variant-numeric: tabular-nums; }
.reasons { margin: 1rem 0 0; padding-left: 1.2rem; }

.timeline {
  display: grid;
  grid-template-columns: fit-content(14rem) minmax(8rem, 1fr) max-content fit-content(18rem);
  align-items: center; gap: .45rem .9rem; padding: .9rem 1rem;
  background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
}
.label, .note { overflow-wrap: anywhere; font-size: .9rem; }
.took { text-align: right; font-size: .9rem; font-variant-numeric: tabular-nums; }
.row { display: contents; }
.label { grid-column: 1; } .axis, .track { grid-column: 2; }
.took { grid-column: 3; } .note { grid-column: 4; }
.axis { position: relative; height: 1.3rem; font-size: .8rem; }
.tick { position: absolute; white-space: nowrap; }
.track {
  position: relative; height: 1.15rem;
  background: linear-gradient(to right, var(--line) 1px, transparent 1px) 0 0 / var(--step) 100%;
}
.bar, .wait, .write, .first, .moment { position: absolute; top: 0; bottom: 0; display: block; }
.bar { min-width: 3px; color: var(--member); }
.bar.critic { color: var(--critic); }
.bar.bad { color: var(--bad); } .bar.warn { color: var(--warn); }
.wait { opacity: .3; background: currentColor; border-radius: 3px 0 0 3px; }
.write { right: 0; background: currentColor; border-radius: 0 3px 3px 0; }
.bar.bad::after {
  content: "\2717"; position: absolute; left: 100%; top: -.15rem; margin-left: .15rem;
  font-weight: 700;
}
.first { width: 3px; margin-left: -1px; top: -3px; bottom: -3px; background: var(--text); }
.moment {
  width: .65rem; height: .65rem; top: .25rem; margin-left: -.325rem;
  transform: rotate(45deg); background: var(--text);
}
.legend { margin: .5rem 0 0 1rem; font-size: .85rem; }
.legend span { margin-right: .9rem; white-space: nowrap; }
.legend i {
  display: inline-block; position: static; width: 1.1rem; height: .7rem; margin-right: .35rem;
  color: var(--member); background: currentColor; border-radius: 2px;
}
.legend .critic { color: var(--critic); } .legend .faint { opacity: .3; }
.legend .warn { color: var(--warn); } .legend .bad { color: var(--bad); }
.legend .first { width: 3px; height: 1rem; margin-bottom: -.15rem; color: var(--text); }

.cards {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr));
  gap: .9rem; align-items: start;
}
details, .message {
  background: var(--card); border: 1px solid var(--line); border-radius: .5rem; min-width: 0;
}
details + details, .message + .message, details + .message { margin-top: .6rem; }
.cards details + details { margin-top: 0; }
summary { padding: .6rem .9rem; cursor: pointer; overflow-wrap: anywhere; }
summary span { margin-left: .5rem; font-size: .9rem; }
summary small { display: block; padding-left: 1rem; font-size: .83rem; }
.body { padding: 0 .9rem .8rem; }
.body details { margin: .5rem 0; }
.message { padding: .6rem .9rem .8rem; }
.role { margin: 0 0 .3rem; font-size: .8rem; font-weight: 600; color: var(--soft); }
.body > .message { border: 0; padding: .4rem 0 0; }
pre {
  margin: .3rem 0 0; padding: .6rem .75rem; max-height: 30rem; overflow: auto;
  background: var(--code); border-radius: .35rem;
  font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext;
}
.answer { border-left: 4px solid var(--good); }
.answer pre { max-height: none; }
.scroll { overflow-x: auto; }
table {
  border-collapse: collapse; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums;
  background: var(--card); border: 1px solid var(--line);
}
th, td {
  padding: .4rem .7rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line);
}
th { font-weight: 600; white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; }
footer { margin-top: 2.5rem; font-size: .85rem; overflow-wrap: anywhere; }
@media (max-width: 44rem) {
  .timeline { display: block; }
  .row { display: flex; flex-wrap: wrap; gap: .1rem .7rem; margin-top: .5rem; }
  .label { flex: 1; }
  .track { flex-basis: 100%; order: 1; }
}
@media print {
  body { max-width: none; padding: 0; }
  pre { max-height: none; }
}
)css";

}  // namespace mom::cli
