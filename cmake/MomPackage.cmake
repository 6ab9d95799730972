# The Debian package: `make package`. Holds what is installed below /usr, and what Debian asks for.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME mom)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "MoM maintainers <maintainers@mom.example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Mixture-of-Models gateway for language models")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"MoM asks several language models the same question, lets a critic write one
answer from theirs, and streams it to the client. To clients it is one more
model: over REST like OpenAI's (mom-rest), or over gRPC (momd).")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "ca-certificates, systemd | systemd-standalone-sysusers | systemd-sysusers")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA)
foreach(file conffiles postinst prerm postrm)
  list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/deploy/debian/${file})
endforeach()
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON) # so that /etc and /lib are reached

# The changelog in Debian's form; its date is the build's, or SOURCE_DATE_EPOCH.
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(changelog ${CMAKE_BINARY_DIR}/changelog.Debian)
file(WRITE ${changelog} "mom (${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) bookworm; urgency=medium

  * See /usr/share/doc/mom/CHANGELOG.md.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
execute_process(COMMAND gzip -9nf ${changelog} COMMAND_ERROR_IS_FATAL ANY)

# What only this package has.
set(for_debian COMPONENT debian EXCLUDE_FROM_ALL)
install(FILES ${changelog}.gz deploy/debian/copyright DESTINATION share/doc/mom ${for_debian})
install(DIRECTORY ${CMAKE_BINARY_DIR}/man/ DESTINATION share/man/man1 ${for_debian})
install(FILES deploy/debian/lintian-overrides DESTINATION share/lintian/overrides RENAME mom
        ${for_debian})

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_COMPONENTS_ALL Unspecified debian)
include(CPack)
