// SPDX-License-Identifier: MIT
#include "daemon/sign_in/sign_in_memory.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

#include "daemon/model/connection_rules.hpp"
#include "daemon/sign_in/pending_sign_in.hpp"
#include "providers/provider.hpp"

namespace forgelink {
namespace {

std::string number(std::int64_t value) { return std::to_string(value); }

// Fields by name; a field that is not there is empty.
class SavedFields {
 public:
  explicit SavedFields(const MemoryImage& image) : image_(image) {}

  std::string_view text(std::string_view name) const {
    for (const MemoryImage::Record& record : image_.records()) {
      if (record.kind == name) return record.value.reveal();
    }
    return {};
  }
  std::optional<std::string> optional(std::string_view name) const {
    const std::string_view found = text(name);
    return found.empty() ? std::nullopt : std::optional(std::string(found));
  }
  SharedSecret secret(std::string_view name) const {
    const std::string_view found = text(name);
    return found.empty() ? nullptr : std::make_shared<const Secret>(found);
  }
  std::int64_t count(std::string_view name) const {
    const std::string_view found = text(name);
    std::int64_t value = 0;
    std::from_chars(found.data(), found.data() + found.size(), value);
    return value;
  }
  bool flag(std::string_view name) const { return text(name) == "1"; }

 private:
  const MemoryImage& image_;
};

void add(MemoryImage& image, const char* name, std::string_view value) {
  if (!value.empty()) image.add(name, "", Secret(value));
}

void add_draft(MemoryImage& image, const Connection& draft) {
  add(image, "connection", draft.id.text());
  add(image, "name", draft.name);
  add(image, "type", draft.type);
  add(image, "username", draft.username.value_or(""));
  add(image, "email", draft.email.value_or(""));
  add(image, "server_url", draft.server_url.value_or(""));
  add(image, "organization", draft.organization.value_or(""));
  add(image, "retention", name_of(draft.retention));
  add(image, "consent", name_of(draft.access));
  add(image, "allow_http", draft.allow_http ? "1" : "");
  add(image, "created_at", number(draft.created_at.time_since_epoch().count()));
}

std::optional<Connection> draft_of(const SavedFields& fields) {
  const auto id = ConnectionId::parse(fields.text("connection"));
  const auto retention = retention_of(fields.text("retention"));
  if (!id || !retention || find_provider(fields.text("type")) == nullptr) return std::nullopt;
  Connection draft;
  draft.id = *id;
  draft.name = fields.text("name");
  draft.type = fields.text("type");
  draft.username = fields.optional("username");
  draft.email = fields.optional("email");
  draft.server_url = fields.optional("server_url");
  draft.organization = fields.optional("organization");
  draft.sign_in = SignIn::oauth;
  draft.retention = *retention;
  // An image of an earlier version does not say it.
  draft.access = access_of(fields.text("consent")).value_or(Access::allow);
  draft.allow_http = fields.flag("allow_http");
  draft.created_at = draft.updated_at = Time(std::chrono::seconds(fields.count("created_at")));
  return draft;
}

void add_pair(MemoryImage& image, const TokenPair& pair) {
  add(image, "access_token", pair.access.reveal());
  if (pair.refresh) add(image, "refresh_token", pair.refresh->reveal());
  if (pair.expires_at) add(image, "token_expires_at", number(pair.expires_at->time_since_epoch().count()));
  add(image, "scopes", fmt::format("{}", fmt::join(pair.scopes, " ")));
}

std::shared_ptr<const TokenPair> pair_of(const SavedFields& fields) {
  if (fields.text("access_token").empty()) return nullptr;
  TokenPair pair{.access = Secret(fields.text("access_token"))};
  if (!fields.text("refresh_token").empty()) pair.refresh = Secret(fields.text("refresh_token"));
  if (const std::int64_t end = fields.count("token_expires_at"))
    pair.expires_at = Time(std::chrono::seconds(end));
  for (std::string_view rest = fields.text("scopes"); !rest.empty();) {
    const auto end = std::min(rest.find(' '), rest.size());
    pair.scopes.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::make_shared<const TokenPair>(std::move(pair));
}

OAuthServer server_of(const SavedFields& fields, const Connection& draft, const Endpoints& endpoints) {
  const OAuthDialect& dialect = *find_provider(draft.type)->oauth;
  const Target target = target_of(draft, endpoints, nullptr);
  const std::string tenant(fields.text("tenant"));
  return {.dialect = &dialect,
          .endpoints = dialect.endpoints(target, tenant),
          .app = {.client_id = std::string(fields.text("client_id")),
                  .client_secret = fields.secret("client_secret"),
                  .tenant = tenant,
                  .redirect_port = static_cast<unsigned short>(fields.count("redirect_port"))},
          .type = draft.type,
          .server_url = draft.server_url.value_or(""),
          .app_page = dialect.app_page(target),
          .connection = draft.id.text()};
}

}  // namespace

Secret bytes_of(const SavedSignIn& saved) {
  MemoryImage image;
  add(image, "method", saved.method == SignIns::Method::browser ? "browser" : "device");
  add_draft(image, saved.draft);
  add(image, "is_new", saved.is_new ? "1" : "");
  add(image, "accept_account_change", saved.accept_account_change ? "1" : "");
  add(image, "expires_at", number(saved.expires_at.time_since_epoch().count()));
  const OAuthAppIdentity& app = saved.server.app;
  add(image, "client_id", app.client_id);
  if (app.client_secret) add(image, "client_secret", app.client_secret->reveal());
  add(image, "tenant", app.tenant);
  add(image, "redirect_port", number(app.redirect_port));
  if (saved.request) {
    add(image, "redirect_uri", saved.request->redirect_uri);
    add(image, "issuer", saved.request->issuer);
    add(image, "state", saved.request->state->reveal());
    add(image, "verifier", saved.request->verifier->reveal());
  }
  if (saved.device) {
    add(image, "device_code", saved.device->device_code->reveal());
    add(image, "user_code", saved.device->user_code);
    add(image, "verification_uri", saved.device->verification_uri);
    add(image, "interval", number(saved.device->interval.count()));
  }
  if (saved.pair) add_pair(image, *saved.pair);
  return image.bytes();
}

std::optional<SavedSignIn> saved_sign_in(std::string id, std::string_view bytes, const Endpoints& endpoints) {
  const std::optional<MemoryImage> image = MemoryImage::parse(bytes);
  if (!image) return std::nullopt;
  const SavedFields fields(*image);
  const std::optional<Connection> draft = draft_of(fields);
  if (!draft || find_provider(draft->type)->oauth == nullptr) return std::nullopt;
  const bool by_browser = fields.text("method") == "browser";
  SavedSignIn saved{.id = std::move(id),
                    .method = by_browser ? SignIns::Method::browser : SignIns::Method::device,
                    .draft = *draft,
                    .is_new = fields.flag("is_new"),
                    .accept_account_change = fields.flag("accept_account_change"),
                    .server = server_of(fields, *draft, endpoints),
                    .expires_at = Time(std::chrono::seconds(fields.count("expires_at")))};
  saved.pair = pair_of(fields);
  if (saved.pair) return saved;  // what led to it is over
  if (by_browser) {
    SignInRequest request{.redirect_uri = std::string(fields.text("redirect_uri")),
                          .issuer = std::string(fields.text("issuer")),
                          .state = fields.secret("state"),
                          .verifier = fields.secret("verifier")};
    if (!request.state || !request.verifier || request.redirect_uri.empty()) return std::nullopt;
    saved.request = std::move(request);
  } else {
    DeviceCode device{.device_code = fields.secret("device_code"),
                      .user_code = std::string(fields.text("user_code")),
                      .verification_uri = std::string(fields.text("verification_uri")),
                      .interval = std::chrono::seconds(std::max<std::int64_t>(1, fields.count("interval")))};
    if (!device.device_code) return std::nullopt;
    saved.device = std::move(device);
  }
  return saved;
}

void SignIns::save(MemoryImage& image) const {
  if (at_stop_) {
    for (const MemoryImage::Record& one : at_stop_->records())
      image.add(one.kind, one.name, one.value.duplicate());
    return;
  }
  for (const auto& [id, pending] : all_) {
    // A code that is being exchanged is spent: what comes of it, comes to this process.
    const bool is_spent = pending->code_taken && !pending->pair;
    const bool has_begun = pending->redirect || pending->device || pending->pair;
    if (pending->outcome || is_spent || !has_begun) continue;
    SavedSignIn saved{.id = id,
                      .method = pending->method,
                      .draft = pending->draft,
                      .is_new = pending->is_new,
                      .accept_account_change = pending->accept_account_change,
                      .server = pending->server,
                      .expires_at = pending->expires_at};
    if (pending->redirect) saved.request = pending->redirect->request();
    saved.device = pending->device;
    saved.pair = pending->pair;
    image.add(std::string(saved_kind), id, bytes_of(saved));
  }
}

void SignIns::restore(const MemoryImage& image) {
  for (const MemoryImage::Record& record : image.records()) {
    if (record.kind != saved_kind) continue;
    std::optional<SavedSignIn> saved = saved_sign_in(record.name, record.value.reveal(), settings_.endpoints);
    if (!saved || all_.contains(saved->id)) continue;
    // With a pair it is finished all the same: the code is spent.
    if (saved->expires_at <= clock_.now() && !saved->pair) continue;
    // It was finished while the process before this one ended.
    if (saved->is_new && registry_.find(saved->draft.id) != nullptr) continue;
    if (!saved->is_new) {
      const Connection* existing = registry_.find(saved->draft.id);
      if (existing == nullptr) continue;
      // The row as it is now: it may have been changed before the restart.
      saved->draft = *existing;
      saved->draft.sign_in = SignIn::oauth;
    }
    auto pending = std::make_shared<Pending>(executor_);
    pending->id = saved->id;
    pending->method = saved->method;
    pending->draft = std::move(saved->draft);
    pending->is_new = saved->is_new;
    pending->accept_account_change = saved->accept_account_change;
    pending->server = std::move(saved->server);
    pending->expires_at = saved->expires_at;
    pending->device = std::move(saved->device);
    pending->code_taken = saved->pair != nullptr;
    // The port may have gone to another program meanwhile; the person starts again then.
    const bool listens = saved->request && !saved->pair;
    if (listens && !listen_again(pending, std::move(*saved->request))) continue;
    all_.emplace(pending->id, pending);
    spawn(executor_, expire(pending));
    if (saved->pair) {
      spawn(executor_, finish(pending, std::move(saved->pair)));
    } else if (pending->device) {
      spawn(executor_, poll_device(pending));
    }
  }
}

bool SignIns::listen_again(const std::shared_ptr<Pending>& pending, SignInRequest request) {
  const unsigned short port = pending->server.app.redirect_port;
  const auto known = fixed_.find(port);
  Result<LoopbackListener> listener =
      port != 0 && known != fixed_.end() && known->second.is_open()
          ? Result<LoopbackListener>(known->second)
          : LoopbackListener::reopen(executor_, pending->server.dialect->redirect, request.redirect_uri);
  if (!listener) return false;
  if (port != 0) fixed_.insert_or_assign(port, *listener);
  pending->redirect = listener->expect_again(std::move(request), answer_to(pending));
  return true;
}

}  // namespace forgelink
