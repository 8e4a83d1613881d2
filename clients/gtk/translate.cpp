// SPDX-License-Identifier: MIT
#include "clients/gtk/translate.hpp"

#include <libintl.h>

#include <clocale>
#include <filesystem>

namespace forgelink::gtk {
namespace {

constexpr const char* domain = "forgelink-gtk";

}  // namespace

void set_up_translations() {
  std::setlocale(LC_ALL, "");
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto catalogues = program.parent_path().parent_path() / "share" / "locale";
  bindtextdomain(domain, catalogues.c_str());
  bind_textdomain_codeset(domain, "UTF-8");
}

Glib::ustring translate(const char* text) { return dgettext(domain, text); }

Glib::ustring translate_count(const char* one, const char* many, std::int64_t count) {
  const auto number = static_cast<unsigned long>(count);
  return Glib::ustring::compose(dngettext(domain, one, many, number), count);
}

}  // namespace forgelink::gtk
