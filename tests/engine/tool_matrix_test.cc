// Turns with tools in all combinations of what can be asked and what members can do, each followed
// by the turn with the results. What must hold is checked by rules of this file's own.
#include <algorithm>
#include <iostream>
#include <map>
#include <random>
#include <set>

#include "service/engine/arbitrate.h"
#include "service/engine/call_id.h"
#include "tests/engine/engine_fixture.h"
#include "tests/engine/tool_chat.h"

namespace mom::testing {
namespace {

using Mode = ToolChoice::Mode;

// What one model does in a turn.
struct Doing {
  std::string text;
  std::vector<ToolCall> calls;
};

struct Vector {
  std::optional<Mode> tool_choice;  // kFunction names the tool of the first proposal
  std::optional<bool> parallel;
  bool streaming = false;
  std::string agreement;  // "all", "most", "split", "words", "but_one"
  std::string defect;     // "none", "malformed", "undeclared", "two"
  bool mutating = false;
  std::string custody;  // what ids providers give: "own", "same", "none"
  bool repair = false;  // whether who broke its answer is asked once more

  std::string Name() const {
    const auto number = [](auto value) { return value ? std::to_string(int(*value)) : "-"; };
    return "choice " + number(tool_choice) + " parallel " + number(parallel) + " stream " +
           std::to_string(streaming) + " " + agreement + " " + defect + " " +
           (mutating ? "write" : "read") + " " + custody + (repair ? " repair" : "");
  }
};

std::vector<Vector> AllVectors(std::mt19937& random) {
  const std::vector<std::optional<Mode>> choices = {std::nullopt, Mode::kAuto, Mode::kNone,
                                                    Mode::kRequired, Mode::kFunction};
  const std::vector<std::string> custodies = {"own", "same", "none"};
  std::vector<Vector> vectors;
  for (const auto& choice : choices) {
    for (const bool serial : {false, true}) {
      for (const bool streaming : {false, true}) {
        for (const char* agreement : {"all", "most", "split", "words", "but_one"}) {
          for (const char* defect : {"none", "malformed", "undeclared", "two"}) {
            Vector vector;
            vector.tool_choice = choice;
            if (serial) vector.parallel = false;
            vector.streaming = streaming;
            vector.agreement = agreement;
            vector.defect = defect;
            vector.mutating = random() % 2 == 0;
            vector.custody = custodies[random() % custodies.size()];
            vector.repair = random() % 2 == 0;
            vectors.push_back(vector);
          }
        }
      }
    }
  }
  return vectors;
}

// A set of calls whatever their ids; words are one, too.
std::string Signature(const Doing& doing) {
  if (doing.calls.empty()) return "words";
  std::multiset<std::string> calls;
  for (const ToolCall& call : doing.calls) calls.insert(call.name + call.arguments_json);
  std::string signature;
  for (const std::string& call : calls) signature += call + ";";
  return signature;
}

bool Mutates(const std::string& signature) { return signature.find("write") != std::string::npos; }

// One vector on an engine of its own.
class MatrixRun : public EngineTest {
 public:
  MatrixRun(const Vector& vector, std::mt19937& random) : vector_(vector), random_(random) {
    mixture.strategy = "arbitrate";
    mixture.mutating_tools = {"write"};
    mixture.repair = vector.repair;
  }
  void TestBody() override {}

  void Check() {
    Script();
    MakeEngine();
    const Status status = RunOn(context, engine->Run(FreshTurn(), http, sink));
    if (AllFail() && Ruling() == nullptr && !vector_.repair) {
      EXPECT_EQ(GetErrorInfo(status).reason, reason::kAllMembersFailed);
      return;
    }
    ASSERT_TRUE(status.ok()) << MessageOf(status);
    CheckCalls();
    CheckStream();
    CheckChoice();
    ExpectNothingOpen();
    if (!Emitted().empty()) CheckContinuation();
  }

 private:
  const std::vector<ToolCall>& Emitted() { return sink.answer()->completion.tool_calls; }

  std::string Tool() const { return vector_.mutating ? "write" : "read"; }
  Doing Call(int argument) const {
    return {"", {CallOf("", Tool(), "{\"p\":" + std::to_string(argument) + "}")}};
  }

  // What a member does that is asked once more.
  Doing Mended() const {
    return vector_.tool_choice == Mode::kNone ? Doing{"mended", {}} : Call(5);
  }

  void Script() {
    std::vector<Doing> members = {Call(1), Call(1), Call(1)};
    if (vector_.agreement == "most") members[0] = Call(2);
    if (vector_.agreement == "split") members = {Call(1), Call(2), Call(3)};
    if (vector_.agreement == "words") members = {Call(1), {"words", {}}, {"other words", {}}};
    if (vector_.agreement == "but_one") members[2] = {"words", {}};
    Doing& broken = members[random_() % 3];
    if (!broken.calls.empty()) {
      ToolCall& call = broken.calls[0];
      if (vector_.defect == "malformed") call.arguments_json = "{\"p\":";
      if (vector_.defect == "undeclared") call.name = "rm";
      if (vector_.defect == "two") broken.calls.push_back(call);
    }
    const std::vector<Doing> arbiters = {members[random_() % 3], Call(7), {"words", {}}};
    for (std::size_t i = 0; i < members.size(); ++i) {
      doings_[mixture.members[i]] = members[i];
      Model(mixture.members[i]).Then(Play(members[i])).Always(Play(Mended()));
    }
    doings_["critic"] = arbiters[random_() % 3];
    doings_["crit2"] = Call(9);
    for (const char* critic : {"critic", "crit2"}) Model(critic).Then(Play(doings_[critic]));
  }

  FakeAnswer Play(const Doing& doing) {
    FakeAnswer answer;
    if (!doing.text.empty()) answer.Text(doing.text);
    for (std::size_t i = 0; i < doing.calls.size(); ++i) {
      std::string id;
      if (vector_.custody == "own") id = "id" + std::to_string(++last_id_);
      if (vector_.custody == "same") id = "call_0";
      answer.Call(static_cast<int>(i), id, doing.calls[i].name, doing.calls[i].arguments_json);
    }
    return answer.Finish(doing.calls.empty() ? FinishReason::kStop : FinishReason::kToolCalls);
  }

  RunRequest FreshTurn() const {
    RunRequest request = vector_.streaming ? AskStreaming("question") : Ask("question");
    request = WithTools(std::move(request), {"read", "write"});
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    if (vector_.tool_choice) chat->tool_choice.emplace().mode = *vector_.tool_choice;
    if (vector_.tool_choice == Mode::kFunction) chat->tool_choice->value = Tool();
    chat->params.parallel_tool_calls = vector_.parallel;
    request.chat = std::move(chat);
    return request;
  }

  bool CanBeMade(const Doing& doing) const {
    return std::all_of(doing.calls.begin(), doing.calls.end(), [](const ToolCall& call) {
      return call.name != "rm" && call.arguments_json.back() == '}';
    });
  }
  bool DemandsOne() const {
    return vector_.tool_choice == Mode::kRequired || vector_.tool_choice == Mode::kFunction;
  }
  bool IsGood(const Doing& doing) const {
    if (doing.calls.empty()) return !DemandsOne();
    return CanBeMade(doing) && vector_.tool_choice != Mode::kNone &&
           (doing.calls.size() == 1 || !vector_.parallel);
  }
  bool Fails(const Doing& doing) const {
    return !doing.calls.empty() && (!CanBeMade(doing) || vector_.tool_choice == Mode::kNone);
  }
  bool AllFail() const {
    return std::all_of(mixture.members.begin(), mixture.members.end(),
                       [&](const std::string& name) { return Fails(doings_.at(name)); });
  }

  // What is decided where it is for the critics; null: none of them does what it may.
  const Doing* Ruling() const {
    for (const char* critic : {"critic", "crit2"}) {
      if (IsGood(doings_.at(critic))) return &doings_.at(critic);
    }
    return nullptr;
  }

  // Whatever happens, a client can make the calls, may make them, and finds their ids sound.
  void CheckCalls() {
    std::set<std::string> ids;
    for (const ToolCall& call : Emitted()) {
      EXPECT_THAT(call.name, ::testing::AnyOf("read", "write"));
      EXPECT_TRUE(call.arguments_json.starts_with("{\"p\":") && call.arguments_json.back() == '}');
      EXPECT_TRUE(ids.insert(call.id).second) << "the id " << call.id << " twice";
      EXPECT_LE(call.id.size(), 40u);
      EXPECT_TRUE(IsCallIdOf(call.id, sink.answer()->answered_by));
      EXPECT_TRUE(vector_.tool_choice != Mode::kFunction || call.name == Tool());
    }
    EXPECT_TRUE(vector_.tool_choice != Mode::kNone || Emitted().empty());
    EXPECT_TRUE(!vector_.parallel || Emitted().size() <= 1);
    EXPECT_EQ(sink.answer()->completion.finish_reason,
              Emitted().empty() ? FinishReason::kStop : FinishReason::kToolCalls);
    EXPECT_FALSE(Emitted().empty() && sink.answer()->completion.text.empty());
  }

  // A stream brings what the end says.
  void CheckStream() {
    Completion sum;
    for (const DeltaEvent& event : sink.All<DeltaEvent>()) sum.Append(event.delta);
    if (!vector_.streaming) {
      EXPECT_TRUE(sum.text.empty() && sum.tool_calls.empty());
      return;
    }
    EXPECT_EQ(sum.text, sink.answer()->completion.text);
    ASSERT_EQ(sum.tool_calls.size(), Emitted().size());
    for (std::size_t i = 0; i < Emitted().size(); ++i) {
      EXPECT_EQ(sum.tool_calls[i].id, Emitted()[i].id);
      EXPECT_EQ(sum.tool_calls[i].arguments_json, Emitted()[i].arguments_json);
    }
  }

  // Two of three decide, or who is alone and changes nothing; else a critic must have been asked.
  void CheckChoice() {
    std::map<std::string, int> votes;
    for (const std::string& name : mixture.members) {
      if (IsGood(doings_[name])) ++votes[Signature(doings_[name])];
    }
    const std::string emitted = Signature({"", Emitted()});
    if (!votes.empty()) {
      const auto most =
          std::max_element(votes.begin(), votes.end(),
                           [](const auto& a, const auto& b) { return a.second < b.second; });
      const bool alone = votes.size() == 1 && (most->second > 1 || !Mutates(most->first));
      if (most->second >= 2 || alone) {
        EXPECT_EQ(emitted, most->first);
        EXPECT_EQ(Model("critic").calls().size(),
                  most->first == "words" && most->second > 1 ? 1u : 0u);
        return;
      }
    }
    EXPECT_EQ(Model("critic").calls().size(), 1u);
    EXPECT_EQ(Model("crit2").calls().size(), IsGood(doings_["critic"]) ? 0u : 1u);
    if (Ruling() == nullptr) {
      CheckMended(emitted);
    } else if (Signature(*Ruling()) != "words" || Mutates(emitted) || votes.empty()) {
      EXPECT_EQ(emitted, Signature(*Ruling())) << "nothing is changed against the arbiter";
    } else {
      EXPECT_TRUE(emitted == "words" || votes.contains(emitted));
    }
  }

  // Nobody has anything that could go out as it is.
  void CheckMended(const std::string& emitted) {
    std::size_t asked = 0;
    for (const std::string& name : mixture.members) asked += Model(name).calls().size();
    EXPECT_EQ(asked, mixture.members.size() + (vector_.repair ? 1 : 0));
    if (vector_.repair) {
      EXPECT_EQ(emitted, Signature(Mended()));
    } else {
      EXPECT_TRUE(sink.answer()->degraded());
    }
  }

  // The results go to who called, with the ids that were handed out, and to nobody else.
  void CheckContinuation() {
    const std::string acting = sink.answer()->answered_by;
    const RunRequest next = WithResults(FreshTurn(), Emitted(), "done");
    std::map<std::string, std::size_t> before;
    for (const auto& [name, client] : clients) before[name] = client->calls().size();
    Model(acting).Then(DemandsOne() ? Play(Call(1)) : Says("finished"));
    sink.events.clear();
    MakeEngine();  // as after a restart
    ASSERT_TRUE(RunOn(context, engine->Run(next, http, sink)).ok());
    EXPECT_EQ(sink.answer()->answered_by, acting);
    for (const auto& [name, client] : clients) {
      EXPECT_EQ(client->calls().size() - before[name], name == acting ? 1u : 0u) << name;
    }
    const std::vector<Message>& seen = Model(acting).calls().back()->request->messages;
    ASSERT_EQ(seen.size(), next.chat->messages.size());
    for (std::size_t i = 0; i < seen.size(); ++i) {
      EXPECT_EQ(seen[i].tool_call_id, next.chat->messages[i].tool_call_id);
    }
  }

  const Vector vector_;
  std::mt19937& random_;
  std::map<std::string, Doing> doings_;
  int last_id_ = 0;
};

TEST(ToolMatrix, AllVectors) {
  constexpr unsigned kSeed = 6;
  std::mt19937 random(kSeed);
  const std::vector<Vector> vectors = AllVectors(random);
  int failures = 0;
  for (const Vector& vector : vectors) {
    SCOPED_TRACE(vector.Name());
    const auto parts_before = ::testing::UnitTest::GetInstance()->current_test_info()->result();
    const int before = parts_before->total_part_count();
    MatrixRun(vector, random).Check();
    failures += parts_before->total_part_count() > before ? 1 : 0;
  }
  std::cout << "tool matrix: " << vectors.size() << " vectors, seed " << kSeed << ", " << failures
            << " failures\n";
  EXPECT_EQ(vectors.size(), 400u);
}

}  // namespace
}  // namespace mom::testing
