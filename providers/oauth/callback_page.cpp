// SPDX-License-Identifier: MIT
#include "providers/oauth/callback_page.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <string>

namespace forgelink {
namespace {

constexpr std::string_view style =
    ":root{color-scheme:light dark}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;font:1.125rem/1.6 "
    "system-ui,sans-serif;background:#f6f7f9;color:#1c2430}"
    "main{max-width:26rem;margin:1.5rem;padding:2.5rem;border-radius:1rem;background:#fff;box-shadow:0 1px "
    "3px #0002,0 8px 32px #0001;text-align:center}"
    ".mark{width:4rem;height:4rem;margin:0 auto "
    "1.25rem;border-radius:50%;display:grid;place-items:center;font-size:2rem;line-height:1;color:#fff;"
    "background:#1a7f4b}"
    ".declined .mark{background:#8a4b08}"
    "h1{margin:0 0 .5rem;font-size:1.5rem;line-height:1.25}"
    "p{margin:.5rem 0 0}"
    ".from{margin-top:1.5rem;font-size:.9375rem;color:#556070}"
    "@media(prefers-color-scheme:dark){body{background:#12161c;color:#e8ecf2}main{background:#1c222b;box-"
    "shadow:none;outline:1px solid #2d3642}.from{color:#a3adba}}";

std::string render(std::string_view kind, std::string_view mark, std::string_view title,
                   std::string_view text) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\">";
  html.append("<title>")
      .append(title)
      .append(" – Forgelink</title><link rel=\"icon\" href=\"data:,\"><style>")
      .append(style)
      .append("</style></head>");
  html.append("<body class=\"")
      .append(kind)
      .append("\"><main><div class=\"mark\" aria-hidden=\"true\">")
      .append(mark)
      .append("</div><h1>")
      .append(title);
  html.append("</h1><p>")
      .append(text)
      .append("</p><p class=\"from\">Forgelink, on this computer</p></main></body></html>\n");
  return html;
}

}  // namespace

std::string_view done_page() {
  static const std::string html = render("done", "✓", "Almost there",
                                         "The forge has answered. Go back to where you started: it says who "
                                         "signed in. You can close this page.");
  return html;
}

std::string_view declined_page() {
  static const std::string html =
      render("declined", "–", "Not signed in",
             "The sign-in was declined, and nothing has changed. You can close this page and start again.");
  return html;
}

std::string_view page_security_policy() {
  static const std::string policy = [] {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(style.data()), style.size(), digest);
    unsigned char encoded[64];
    EVP_EncodeBlock(encoded, digest, sizeof digest);
    return "default-src 'none'; style-src 'sha256-" + std::string(reinterpret_cast<char*>(encoded)) +
           "'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  }();
  return policy;
}

}  // namespace forgelink
