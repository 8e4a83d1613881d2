// SPDX-License-Identifier: MIT
// What a client may send: bytes into lines, lines into requests, requests into a method's parameters.
#include "ipc/framing.hpp"
#include "ipc/method_table.hpp"
#include "ipc/rpc.hpp"

namespace {

using namespace forgelink;

struct Everything {
  static constexpr std::string_view name = "m";
  static constexpr std::string_view summary = "All kinds of parameters.";
  struct Params {
    std::string text;
    ipc::Limit limit;
    ipc::Change<std::string> change;
    std::optional<Time> at;
    std::optional<Secret> secret;
    std::vector<ipc::LongText> list;
    void fields(auto& f) {
      f.required("text", text, "");
      f.optional("limit", limit, "");
      f.optional("change", change, "");
      f.optional("at", at, "");
      f.optional("secret", secret, "");
      f.optional("list", list, "");
    }
  };
  struct Reply {
    std::string text;
    void fields(auto& f) { f.required("text", text, ""); }
  };
  Result<Reply> call(Params params) const { return Reply{.text = std::move(params.text)}; }
};

class Nobody : public ipc::Peer {
  void notify(std::shared_ptr<const std::string>) override {}
  bool is_gone() const override { return false; }
};

void handle(const boost::json::value& request) {
  static const ipc::MethodTable table = [] {
    ipc::MethodTable t;
    t.add(Everything{});
    return t;
  }();
  const auto read = ipc::read_call(request);
  const auto* call = std::get_if<ipc::Call>(&read);
  if (call == nullptr) return;
  const auto* entry = table.find(call->method);
  if (entry == nullptr) return;
  Nobody peer;
  const auto outcome = entry->invoke(*call->params, peer);
  const auto& answer = std::get<ipc::Answer>(outcome);
  const std::string line = answer ? ipc::response(call->id.empty() ? "null" : call->id, *answer)
                                  : ipc::response("null", answer.error());
  if (line.find('\n') != std::string::npos) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  ipc::LineBuffer lines(4096);
  const std::size_t step = data[0] % 61 + 1;  // the stream comes in pieces
  while (!stream.empty()) {
    lines.append(stream.substr(0, step));
    stream.remove_prefix(std::min(step, stream.size()));
    while (const auto line = lines.next()) {
      boost::system::error_code wrong;
      const boost::json::value request = boost::json::parse(*line, wrong);
      if (wrong) continue;
      if (request.is_array()) {
        for (const auto& one : request.get_array()) handle(one);
      } else {
        handle(request);
      }
    }
    if (lines.too_long()) break;
  }
  return 0;
}
