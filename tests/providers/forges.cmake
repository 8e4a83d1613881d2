# The forges and what they stand on.
list(APPEND FORGE_TESTS
  registry_test.cpp
  repository_name_test.cpp
  url_test.cpp
  forges/azure_devops_server_test.cpp
  forges/azure_devops_test.cpp
  forges/bitbucket_test.cpp
  forges/github_lists_test.cpp
  forges/github_test.cpp
  forges/gitlab_test.cpp)
