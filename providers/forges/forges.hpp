// The six forges, each in a file of its own.
#pragma once

#include "providers/provider.hpp"

namespace forgelink::forges {

Provider azure_devops();
Provider azure_devops_server();
Provider bitbucket();
Provider github();
Provider gitlab();
Provider gitlab_self_managed();

}  // namespace forgelink::forges
