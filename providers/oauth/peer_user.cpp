// SPDX-License-Identifier: MIT
#include "providers/oauth/peer_user.hpp"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace forgelink {
namespace {

using boost::asio::ip::tcp;

struct Question {
  nlmsghdr header;
  inet_diag_req_v2 body;
};

void put_address(const boost::asio::ip::address& address, __be32 (&into)[4]) {
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    std::memcpy(into, bytes.data(), bytes.size());
  } else {
    const auto bytes = address.to_v6().to_bytes();
    std::memcpy(into, bytes.data(), bytes.size());
  }
}

// Exactly that socket, as its owner has it: its own end is the source.
Question question_about(const tcp::endpoint& peer, const tcp::endpoint& local) {
  Question question{};
  question.header.nlmsg_len = sizeof question;
  question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  question.header.nlmsg_flags = NLM_F_REQUEST;
  inet_diag_req_v2& body = question.body;
  body.sdiag_family = peer.address().is_v4() ? AF_INET : AF_INET6;
  body.sdiag_protocol = IPPROTO_TCP;
  // In any state: the browser may have closed its side for writing.
  body.idiag_states = ~0u;
  body.id.idiag_sport = htons(peer.port());
  body.id.idiag_dport = htons(local.port());
  put_address(peer.address(), body.id.idiag_src);
  put_address(local.address(), body.id.idiag_dst);
  body.id.idiag_cookie[0] = body.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return question;
}

class NetlinkSocket {
 public:
  NetlinkSocket()
      : descriptor_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG)) {}
  NetlinkSocket(const NetlinkSocket&) = delete;
  ~NetlinkSocket() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace

std::optional<uid_t> user_of_peer(const tcp::endpoint& peer, const tcp::endpoint& local) {
  const NetlinkSocket netlink;
  if (netlink.get() < 0) return std::nullopt;
  const Question question = question_about(peer, local);
  if (send(netlink.get(), &question, sizeof question, 0) != sizeof question) return std::nullopt;
  // The kernel has answered by the time `send` returns.
  alignas(nlmsghdr) std::array<char, 2048> reply{};
  const ssize_t got = recv(netlink.get(), reply.data(), reply.size(), 0);
  if (got < static_cast<ssize_t>(NLMSG_LENGTH(sizeof(inet_diag_msg)))) return std::nullopt;
  nlmsghdr header;
  std::memcpy(&header, reply.data(), sizeof header);
  if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY) return std::nullopt;
  inet_diag_msg socket;
  std::memcpy(&socket, reply.data() + NLMSG_HDRLEN, sizeof socket);
  // A socket that its process has closed belongs to nobody, which reads as uid 0 and inode 0.
  if (socket.idiag_inode == 0) return std::nullopt;
  return socket.idiag_uid;
}

}  // namespace forgelink
