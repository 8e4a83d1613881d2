# Everything comes from the system; ./dev installs it on Debian.
find_package(Threads REQUIRED)
# Statically: the credential helper must not load anything when git starts it.
set(Boost_USE_STATIC_LIBS ON)
# CMake 3.30 and later: Boost's own configuration instead of the module FindBoost, which is going away.
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)
endif()
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(OpenSSL 3 REQUIRED)
# From their headers, and the C++ library statically (cmake/flags.cmake): what a daemon does not load does not
# stay in memory while it idles.
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
set_property(TARGET spdlog::spdlog_header_only PROPERTY INTERFACE_LINK_LIBRARIES fmt::fmt-header-only)
find_package(SQLiteCpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBSECRET REQUIRED IMPORTED_TARGET libsecret-1)
pkg_check_modules(LIBSYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(LIBQRENCODE REQUIRED IMPORTED_TARGET libqrencode)
pkg_check_modules(LIBYAML REQUIRED IMPORTED_TARGET yaml-0.1)

# The window alone: on where its toolkit is found, so that a server builds without it.
pkg_check_modules(GTKMM IMPORTED_TARGET gtkmm-4.0>=4.8)
pkg_check_modules(LIBADWAITA IMPORTED_TARGET libadwaita-1>=1.2)
if(GTKMM_FOUND AND LIBADWAITA_FOUND)
  option(FORGELINK_DESKTOP "Build the window, forgelink-gtk" ON)
else()
  option(FORGELINK_DESKTOP "Build the window, forgelink-gtk" OFF)
endif()
if(FORGELINK_DESKTOP AND NOT (GTKMM_FOUND AND LIBADWAITA_FOUND))
  message(FATAL_ERROR "FORGELINK_DESKTOP needs gtkmm 4.8 and libadwaita 1.2: libgtkmm-4.0-dev, libadwaita-1-dev")
endif()
