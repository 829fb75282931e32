# SPDX-License-Identifier: Apache-2.0
# Install tree: program, headers, static libraries and the package `find_package(EnergyLens)` looks for.
# Held by tests/install, which builds a program of its own against it.
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/EnergyLens)

get_property(modules GLOBAL PROPERTY ENERGYLENS_MODULES)
list(TRANSFORM modules PREPEND energylens_ OUTPUT_VARIABLE module_targets)
install(TARGETS energylens ${module_targets} EXPORT EnergyLensTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS energylens_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
if(NOT CMAKE_CROSSCOMPILING)
  install(DIRECTORY ${PROJECT_BINARY_DIR}/share/ DESTINATION ${CMAKE_INSTALL_DATADIR} COMPONENT program OPTIONAL)
endif()
install(DIRECTORY child/ DESTINATION ${CMAKE_INSTALL_DATADIR}/energylens/child COMPONENT program
        FILES_MATCHING PATTERN "*.py")
install(DIRECTORY include/energylens DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT EnergyLensTargets NAMESPACE energylens:: FILE energylens-targets.cmake DESTINATION ${package_folder})

configure_package_config_file(cmake/energylens-config.cmake.in energylens-config.cmake
                              INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(energylens-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/energylens-config.cmake ${PROJECT_BINARY_DIR}/energylens-config-version.cmake
        DESTINATION ${package_folder})
include(EnergyLensPackage)
