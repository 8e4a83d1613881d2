# The Debian packages of the release this is built on, by CPack: ./dev package. debian/ makes the same ones for a
# distribution; scripts, copyright, changelog and overrides are shared.
#
# `forgelink` holds everything whose install() names no component; clients/gtk installs into the component `desktop`.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME forgelink)
set(CPACK_PACKAGE_VENDOR "Forgelink")
set(CPACK_PACKAGE_CONTACT "Forgelink developers <developers@forgelink.org>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_COMPONENTS_ALL forgelink)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

# Libraries differ from release to release, and with them the dependencies: the release is part of the version, and
# an upgrade of the system brings the next one.
set(FORGELINK_PACKAGE_RELEASE "1" CACHE STRING "The package's own part of the version")
if(EXISTS /etc/os-release)
  file(STRINGS /etc/os-release id REGEX "^ID=")
  file(STRINGS /etc/os-release release REGEX "^VERSION_ID=")
  string(REGEX REPLACE "^ID=|\"" "" id "${id}")
  string(REGEX REPLACE "^VERSION_ID=|\"" "" release "${release}")
  string(REPLACE "debian" "deb" id "${id}")
  if(release)
    set(CPACK_DEBIAN_PACKAGE_RELEASE "${FORGELINK_PACKAGE_RELEASE}~${id}${release}")
  endif()
endif()
if(NOT CPACK_DEBIAN_PACKAGE_RELEASE)
  set(CPACK_DEBIAN_PACKAGE_RELEASE "${FORGELINK_PACKAGE_RELEASE}")
endif()

set(CPACK_DEBIAN_FORGELINK_PACKAGE_NAME forgelink)
set(CPACK_DEBIAN_FORGELINK_PACKAGE_SECTION vcs)
set(CPACK_DEBIAN_FORGELINK_PACKAGE_RECOMMENDS "git, dbus-user-session, gnome-keyring, ca-certificates")
set(CPACK_DEBIAN_FORGELINK_DESCRIPTION "per-user daemon that owns connections to git forges
Forgelink keeps a person's connections to Azure DevOps, Bitbucket, GitHub,
GitLab, Forgejo and their self-hosted servers in one place. A connection is
made once, by personal access token or by signing in; git, shells, editors and
desktop programs then use it through one local socket.
.
Tokens are in the session's Secret Service, or in locked memory where there is
none. Only git's credential helper ever gets one.")

set(debian ${PROJECT_SOURCE_DIR}/debian)
set(made ${PROJECT_BINARY_DIR}/debian)
foreach(script postinst prerm)
  file(READ ${debian}/forgelink.${script} text)
  string(REPLACE "#DEBHELPER#\n\n" "" text "${text}")
  file(WRITE ${made}/${script} "${text}")
  file(CHMOD ${made}/${script} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${debian}/forgelink.${script})
endforeach()
set(CPACK_DEBIAN_FORGELINK_PACKAGE_CONTROL_EXTRA ${made}/postinst ${made}/prerm)

# debian/changelog as this package's own: the newest entry bears the version that is made here.
find_program(GZIP gzip REQUIRED)
set(version ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})
file(READ ${debian}/changelog text)
string(REGEX REPLACE "^forgelink \\([^)]*\\) [A-Z a-z]*;" "forgelink (${version}) unstable;" text "${text}")
file(WRITE ${made}/changelog.Debian "${text}")
execute_process(COMMAND ${GZIP} -9nkf ${made}/changelog.Debian COMMAND_ERROR_IS_FATAL ANY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${debian}/changelog)

function(forgelink_debian_files package component)
  install(FILES ${debian}/copyright ${made}/changelog.Debian.gz DESTINATION share/doc/${package} COMPONENT ${component})
  if(EXISTS ${debian}/${package}.lintian-overrides)
    install(FILES ${debian}/${package}.lintian-overrides DESTINATION share/lintian/overrides RENAME ${package} COMPONENT ${component})
  endif()
endfunction()
forgelink_debian_files(forgelink forgelink)

if(TARGET forgelink-gtk)
  list(APPEND CPACK_COMPONENTS_ALL desktop)
  set(CPACK_DEBIAN_DESKTOP_PACKAGE_NAME forgelink-desktop)
  set(CPACK_DEBIAN_DESKTOP_PACKAGE_SECTION gnome)
  set(CPACK_DEBIAN_DESKTOP_PACKAGE_DEPENDS "forgelink (= ${version})")
  set(CPACK_DEBIAN_DESKTOP_DESCRIPTION "window for the connections to git forges that Forgelink owns
Forgelink keeps a person's connections to git forges in a daemon, one per user.
.
This package holds the window: connections with the state of their tokens, a
form to add one or to configure it again, repositories and commits.")
  forgelink_debian_files(forgelink-desktop desktop)
endif()
include(CPack)
