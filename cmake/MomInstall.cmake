# What `cmake --install` and the Debian package put where; docs/install.md shows it to users.
set(doc share/doc/mom)

install(TARGETS momd mom-rest mom RUNTIME)
install(FILES README.md CHANGELOG.md SECURITY.md config.yaml DESTINATION ${doc})
install(DIRECTORY docs DESTINATION ${doc})
install(SCRIPT cmake/install_system_files.cmake)
# A Debian system has the licence already, and each package says which it is.
install(FILES LICENSE DESTINATION ${doc} COMPONENT licence)
