# Everything comes from the system; ./dev installs it on Debian.
find_package(Threads REQUIRED)
# Statically: the credential helper must not load anything when git starts it.
set(Boost_USE_STATIC_LIBS ON)
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
