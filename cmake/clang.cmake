# Toolchain file: the newest clang that is installed, from 16 on (older ones lack coroutines as GCC has them).
find_program(FORGELINK_CLANG NAMES clang++-22 clang++-21 clang++-20 clang++-19 clang++-18 clang++-17 clang++-16 clang++ REQUIRED)
set(CMAKE_CXX_COMPILER ${FORGELINK_CLANG})
