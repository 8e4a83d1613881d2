// SPDX-License-Identifier: MIT
#include "providers/http/etag_cache.hpp"

#include <algorithm>
#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/beast/zlib/inflate_stream.hpp>

namespace forgelink::http {
namespace {

namespace zlib = boost::beast::zlib;

constexpr std::size_t most = 1 << 20;           // bytes, packed
constexpr std::size_t largest = 2 << 20;        // of one body, unpacked: 100 items of any forge
constexpr std::chrono::minutes of_use{10};      // what was asked for again within this time stays
constexpr std::chrono::hours longest_kept{24};  // and nothing stays longer

std::string packed(const std::string& body) {
  std::string out(zlib::deflate_upper_bound(body.size()), '\0');
  zlib::deflate_stream packer;
  // Level 1, the quickest: this runs on the loop. The others are zlib's defaults.
  packer.reset(1, 15, 8, zlib::Strategy::normal);
  zlib::z_params at;
  at.next_in = body.data();
  at.avail_in = body.size();
  at.next_out = out.data();
  at.avail_out = out.size();
  boost::system::error_code error;
  packer.write(at, zlib::Flush::finish, error);
  if (error && error != zlib::error::end_of_stream) return "";
  out.resize(at.total_out);
  out.shrink_to_fit();
  return out;
}

std::string unpacked(const std::string& bytes, std::size_t size) {
  std::string body(size, '\0');
  zlib::inflate_stream unpacker;
  zlib::z_params at;
  at.next_in = bytes.data();
  at.avail_in = bytes.size();
  at.next_out = body.data();
  at.avail_out = body.size();
  boost::system::error_code error;
  unpacker.write(at, zlib::Flush::sync, error);
  return body;
}

// Of an answer without a body these say nothing about the body that is kept.
bool is_about_the_body(std::string_view header) {
  return header.starts_with("content-") || header == "transfer-encoding";
}

}  // namespace

std::size_t EtagCache::Entry::size() const {
  // 512 and 64: about what list, maps and strings take beside their text.
  std::size_t bytes = key.size() + connection.size() + etag.size() + packed.size() + 512;
  for (const auto& [name, value] : head.headers) bytes += name.size() + value.size() + 64;
  return bytes;
}

void EtagCache::erase(Place at) {
  size_ -= at->size();
  entries_.erase(at);
}

std::string EtagCache::etag(std::string_view key, Time now) {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.key == key; });
  if (found == entries_.end()) return "";
  found->used = now;
  entries_.splice(entries_.begin(), entries_, found);
  return found->etag;
}

std::optional<Reply> EtagCache::unchanged(std::string_view key, const Reply& not_modified) const {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.key == key; });
  if (found == entries_.end()) return std::nullopt;
  Reply reply = found->head;
  for (const auto& [name, value] : not_modified.headers) {
    if (!is_about_the_body(name)) reply.headers[name] = value;
  }
  reply.body = unpacked(found->packed, found->unpacked_size);
  return reply;
}

bool EtagCache::make_room(std::size_t wanted, Time now) {
  while (!entries_.empty() && now - entries_.back().used > longest_kept) erase(std::prev(entries_.end()));
  while (size_ + wanted > most) {
    if (entries_.empty() || now - entries_.back().used < of_use) return false;
    erase(std::prev(entries_.end()));
  }
  return true;
}

void EtagCache::keep(std::string key, std::string connection, const Reply& reply, Time now) {
  const auto known =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.key == key; });
  if (known != entries_.end()) erase(known);
  const std::string_view etag = reply.header("etag");
  if (etag.empty() || reply.body.empty() || reply.body.size() > largest) return;
  Entry entry{.key = std::move(key),
              .connection = std::move(connection),
              .etag = std::string(etag),
              .head = {.status = reply.status, .headers = reply.headers},
              .packed = {},
              .unpacked_size = reply.body.size(),
              .used = now};
  // Nothing is packed that has no place: a full page takes a few milliseconds.
  if (!make_room(entry.size(), now)) return;
  entry.packed = packed(reply.body);
  if (entry.packed.empty() || !make_room(entry.size(), now)) return;
  size_ += entry.size();
  entries_.push_front(std::move(entry));
}

void EtagCache::forget(std::string_view connection) {
  for (auto at = entries_.begin(); at != entries_.end();) {
    const auto here = at++;
    if (here->connection == connection) erase(here);
  }
}

}  // namespace forgelink::http
