# SPDX-License-Identifier: Apache-2.0
# Debian package of the program: `cpack -G DEB` in the build folder. Not yet built on a fresh system.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME energylens)
set(CPACK_PACKAGE_VENDOR "The EnergyLens authors")
set(CPACK_PACKAGE_CONTACT "The EnergyLens authors <energylens@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Energy of LLM inference: predict it and choose the least")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "EnergyLens fits a closed-form law for energy and time of language-model serving
 to a table of measurements, and chooses the configuration of GPUs that serves a
 workload with the least energy. It measures energy, plans measurements, and
 searches for formulas.")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL program)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS gnuplot-nox)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)

# What Debian expects in a package: the licence, a change log, and compressed manual pages.
set(package_pages ${PROJECT_BINARY_DIR}/package)
file(CONFIGURE OUTPUT ${package_pages}/copyright @ONLY CONTENT
"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: EnergyLens

Files: *
Copyright: The EnergyLens authors
License: Apache-2.0
 On Debian systems, the text of the Apache License, Version 2.0, is in
 /usr/share/common-licenses/Apache-2.0.
")
file(CONFIGURE OUTPUT ${package_pages}/changelog @ONLY CONTENT
"energylens (@PROJECT_VERSION@) unstable; urgency=medium

  * Release @PROJECT_VERSION@; CHANGELOG.md in the sources lists the changes.

 -- The EnergyLens authors <energylens@localhost>  Thu, 01 Jan 2026 00:00:00 +0000
")
find_program(ENERGYLENS_GZIP gzip)
if(ENERGYLENS_GZIP)
  execute_process(COMMAND ${ENERGYLENS_GZIP} -9nkf ${package_pages}/changelog)
  install(FILES ${package_pages}/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
  install(FILES ${package_pages}/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
  # At the time of packaging, after the pages were made.
  install(CODE "
    file(GLOB_RECURSE pages \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/share/man/*.1\")
    if(CMAKE_INSTALL_PREFIX STREQUAL \"/usr\" AND pages)
      execute_process(COMMAND ${ENERGYLENS_GZIP} -9nf \${pages})
    endif()" COMPONENT program)
endif()
include(CPack)
