forgelink_fuzz(forge_replies fuzz_forge_replies.cpp)
target_link_libraries(fuzz_forge_replies PRIVATE providers)
forgelink_fuzz(url fuzz_url.cpp)
target_link_libraries(fuzz_url PRIVATE providers)
