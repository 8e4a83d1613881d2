// SPDX-License-Identifier: MIT
#include "clients/gtk/program.hpp"

#include <gtk/gtk.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "base/standard_files.hpp"
#include "base/version.hpp"
#include "clients/gtk/application.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {
namespace {

// GDK loads OpenGL as soon as it opens the display, which takes as long as all the rest of the start and,
// where there is no graphics card, loads a compiler (Mesa's llvmpipe). A list and a form are drawn without
// it. Where somebody asks for a renderer, or has set the variable, it stays as it is.
class WithoutOpenGl {
 public:
  WithoutOpenGl() {
    const char* renderer = std::getenv("GSK_RENDERER");
    if (std::getenv(variable()) != nullptr) return;
    if (renderer != nullptr && std::string_view(renderer) != "cairo") return;
    setenv(variable(), value(), 0);
    set_ = true;
  }

  // Programs that the window starts, as the browser, shall not inherit it. REQUIRES: GTK is initialised.
  void forget() const {
    if (set_) unsetenv(variable());
  }

 private:
  // GTK 4.16 has replaced the one by the other.
  static bool is_new() { return gtk_get_minor_version() >= 16; }
  static const char* variable() { return is_new() ? "GDK_DISABLE" : "GDK_DEBUG"; }
  static const char* value() { return is_new() ? "gl,vulkan" : "gl-disable"; }

  bool set_ = false;
};

}  // namespace

int run_program(int argc, char** argv) {
  occupy_standard_files();
  // Answered before GTK, which ends the program where there is no display.
  if (argc == 2 && std::string_view(argv[1]) == "--version") {
    std::puts("forgelink-gtk " FORGELINK_VERSION);
    return 0;
  }
  set_up_translations();
  const WithoutOpenGl without;
  const auto application = Application::create();
  application->signal_startup().connect([&without] { without.forget(); });
  return application->run(argc, argv);
}

}  // namespace forgelink::gtk
