// What the precompiled headers are made with (cmake/MomTargets.cmake).
