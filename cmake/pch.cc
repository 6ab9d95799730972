// Makes the precompiled header that all other targets use.
