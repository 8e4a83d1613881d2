# The Debian package, by CPack: ./dev package
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME forgelink)
set(CPACK_PACKAGE_VENDOR "Forgelink")
set(CPACK_PACKAGE_CONTACT "Forgelink developers <developers@forgelink.org>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION vcs)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "git, dbus-user-session, gnome-keyring, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "A daemon, one per user, that keeps connections to Azure DevOps, Bitbucket,
GitHub and GitLab: tokens in the session's Secret Service, a credential helper
for git, and a JSON-RPC protocol on a Unix socket for other programs.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_LIST_DIR}/debian/postinst ${CMAKE_CURRENT_LIST_DIR}/debian/prerm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

# Static on purpose: git starts it at each fetch and push.
install(FILES cmake/debian/lintian-overrides DESTINATION share/lintian/overrides RENAME forgelink)
install(FILES cmake/debian/copyright cmake/debian/changelog.gz DESTINATION share/doc/forgelink)
include(CPack)
