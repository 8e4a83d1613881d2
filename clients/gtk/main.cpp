// SPDX-License-Identifier: MIT
// forgelink-gtk: the Connections page as a desktop program.
#include "clients/gtk/program.hpp"

int main(int argc, char** argv) { return forgelink::gtk::run_program(argc, argv); }
