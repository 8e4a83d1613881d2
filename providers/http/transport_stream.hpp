// SPDX-License-Identifier: MIT
// A transport to a forge as a stream of bytes. For sources that compile Beast; on the loop.
#pragma once

#include <memory>

#include "providers/http/byte_stream.hpp"
#include "providers/http/transport.hpp"

namespace forgelink::http {

std::unique_ptr<ByteStream> stream_of(std::unique_ptr<Transport> transport);

}  // namespace forgelink::http
