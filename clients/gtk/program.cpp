// SPDX-License-Identifier: MIT
#include "clients/gtk/program.hpp"

#include "clients/gtk/application.hpp"
#include "clients/gtk/translate.hpp"

namespace forgelink::gtk {

int run_program(int argc, char** argv) {
  set_up_translations();
  return Application::create()->run(argc, argv);
}

}  // namespace forgelink::gtk
