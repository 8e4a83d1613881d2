// SPDX-License-Identifier: MIT
#include "daemon/methods/method_table.hpp"

#include "daemon/methods/about_connection.hpp"
#include "daemon/methods/access_answer.hpp"
#include "daemon/methods/access_grants.hpp"
#include "daemon/methods/access_list.hpp"
#include "daemon/methods/access_questions.hpp"
#include "daemon/methods/access_revoke.hpp"
#include "daemon/methods/commit_list.hpp"
#include "daemon/methods/connection_add.hpp"
#include "daemon/methods/connection_get.hpp"
#include "daemon/methods/connection_list.hpp"
#include "daemon/methods/connection_remove.hpp"
#include "daemon/methods/connection_update.hpp"
#include "daemon/methods/connection_verify.hpp"
#include "daemon/methods/credential_erase.hpp"
#include "daemon/methods/credential_explain.hpp"
#include "daemon/methods/credential_get.hpp"
#include "daemon/methods/credential_store.hpp"
#include "daemon/methods/daemon_lock.hpp"
#include "daemon/methods/daemon_status.hpp"
#include "daemon/methods/daemon_unlock.hpp"
#include "daemon/methods/event_subscribe.hpp"
#include "daemon/methods/forge_request.hpp"
#include "daemon/methods/front_close.hpp"
#include "daemon/methods/front_open.hpp"
#include "daemon/methods/identity_render.hpp"
#include "daemon/methods/lend_end.hpp"
#include "daemon/methods/lend_list.hpp"
#include "daemon/methods/lend_start.hpp"
#include "daemon/methods/lent_methods.hpp"
#include "daemon/methods/oauth_app_list.hpp"
#include "daemon/methods/oauth_app_remove.hpp"
#include "daemon/methods/oauth_app_set.hpp"
#include "daemon/methods/repository_list.hpp"
#include "daemon/methods/rule_add.hpp"
#include "daemon/methods/rule_list.hpp"
#include "daemon/methods/rule_remove.hpp"
#include "daemon/methods/sign_in_cancel.hpp"
#include "daemon/methods/sign_in_complete.hpp"
#include "daemon/methods/sign_in_start.hpp"
#include "daemon/methods/sign_in_wait.hpp"
#include "daemon/methods/token_purge.hpp"
#include "daemon/methods/token_renew.hpp"
#include "daemon/methods/token_revoke.hpp"
#include "daemon/methods/type_list.hpp"

namespace forgelink {

ipc::MethodTable make_method_table(Services& s) {
  const Viewer viewer{.registry = *s.registry, .vault = s.vault, .clock = s.clock, .settings = s.settings};
  ipc::MethodTable table;
  const auto add = [&](auto method) {
    table.add(AboutConnection<decltype(method)>{std::move(method), s.connections});
  };
  table.add(AccessAnswer{{}, s.consent});
  table.add(AccessGrants{{}, s.connections, s.consent});
  table.add(AccessList{{}, s.connections, s.access_log});
  table.add(AccessQuestions{{}, s.consent});
  table.add(AccessRevoke{{}, s.consent});
  add(CommitList{{}, s.connections, *s.registry, s.lists, s.gate});
  table.add(ConnectionAdd{{}, s.connections, s.settings, viewer});
  table.add(ConnectionGet{{}, s.connections, viewer});
  table.add(ConnectionList{{}, viewer});
  add(ConnectionRemove{{}, s.connections, s.revoker});
  add(ConnectionUpdate{{}, s.connections, viewer});
  add(ConnectionVerify{{}, s.connections, viewer, s.gate});
  table.add(CredentialErase{{}, s.git});
  table.add(CredentialExplain{{}, s.git, *s.registry});
  table.add(CredentialGet{{}, s.git, s.helper_versions});
  table.add(CredentialStore{{}, s.git});
  table.add(DaemonLock{{}, s.lock});
  table.add(DaemonStatus{{}, s});
  table.add(DaemonUnlock{{}, s.lock});
  table.add(EventSubscribe{{}, s.events, viewer});
  table.add(IdentityRender{{}, s.identity_files});
  table.add(OAuthAppList{{}, s.oauth_apps});
  table.add(OAuthAppRemove{{}, s.oauth_apps, s.settings});
  table.add(OAuthAppSet{{}, s.oauth_apps, *s.registry, s.settings});
  table.add(FrontClose{{}, s.fronts});
  add(FrontOpen{{}, s.connections, s.fronts});
  table.add(LendEnd{{}, s.lends});
  table.add(LendList{{}, s.lends});
  table.add(LendStart{{}, s.connections, s.gate, s.lends});
  add(ForgeRequest{{}, s.connections, s.api_requests});
  add(RepositoryList{{}, s.connections, s.lists, s.gate});
  add(RuleAdd{{}, s.connections, *s.registry, s.git_rules});
  add(RuleList{{}, s.connections, *s.registry, s.git_rules});
  table.add(RuleRemove{{}, s.connections, *s.registry, s.git_rules});
  table.add(SignInCancel{{}, s.sign_ins});
  table.add(SignInComplete{{}, s.sign_ins, viewer});
  add(SignInStart{{}, s.connections, s.sign_ins, s.settings});
  table.add(SignInWait{{}, s.sign_ins, viewer});
  add(TokenRenew{{}, s.connections, s.renewer, viewer});
  add(TokenRevoke{{}, s.connections, s.revoker});
  add(TokenPurge{{}, s.connections, *s.registry, s.tokens, s.stored_credentials});
  table.add(TypeList{{}, s.settings});
  return table;
}

ipc::MethodTable make_lent_table(Services& s, std::shared_ptr<LentConnections> lent,
                                 const ipc::Server*& server) {
  ipc::MethodTable table;
  table.add(LentCredentialGet{{}, s.git, lent});
  table.add(LentRepositoryList{{}, {{}, s.connections, s.lists, s.gate, lent.get()}, lent});
  table.add(LentCommitList{{}, {{}, s.connections, *s.registry, s.lists, s.gate, lent.get()}, lent});
  table.add(LentDaemonStatus{{}, s, lent, server});
  return table;
}

}  // namespace forgelink
