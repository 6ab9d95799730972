# Runs at installation, as only then the prefix is known. Installs the units with the paths of this
# prefix, and what the operator edits, where it is not there already.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(etc /etc)
  set(lib /lib)
else()
  set(etc ${CMAKE_INSTALL_PREFIX}/etc)
  set(lib ${CMAKE_INSTALL_PREFIX}/lib)
endif()
set(root ${CMAKE_CURRENT_LIST_DIR}/..)

foreach(unit momd.service mom-rest.service)
  file(READ ${root}/deploy/systemd/${unit} text)
  # In this order: the second one's prefix may hold /usr/ itself.
  string(REPLACE "/usr/" "${CMAKE_INSTALL_PREFIX}/" text "${text}")
  string(REPLACE "/etc/mom/" "${etc}/mom/" text "${text}")
  set(path $ENV{DESTDIR}${lib}/systemd/system/${unit})
  message(STATUS "Installing: ${path}")
  file(WRITE ${path} "${text}")
endforeach()
file(INSTALL ${root}/deploy/systemd/mom.sysusers DESTINATION ${CMAKE_INSTALL_PREFIX}/lib/sysusers.d
     RENAME mom.conf)

if(NOT EXISTS $ENV{DESTDIR}${etc}/mom/config.yaml)
  file(INSTALL ${root}/config.yaml DESTINATION ${etc}/mom)
endif()
if(NOT EXISTS $ENV{DESTDIR}${etc}/mom/keys.env)
  file(INSTALL ${root}/deploy/systemd/keys.env DESTINATION ${etc}/mom
       FILE_PERMISSIONS OWNER_READ OWNER_WRITE)
endif()
