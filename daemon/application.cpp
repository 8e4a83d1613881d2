// SPDX-License-Identifier: MIT
#include "daemon/application.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/systemd_sink.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <boost/asio/signal_set.hpp>

#include "base/paths.hpp"
#include "base/version.hpp"
#include "daemon/methods/method_table.hpp"
#include "daemon/services.hpp"
#include "daemon/settings/policy_file.hpp"

namespace forgelink {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds grace = 1500ms;  // for requests under way, out of two seconds in all
constexpr std::chrono::seconds uses_written_after = 2s;

// To the journal where stderr is the journal, with levels and without times of our own; else to stderr.
void start_logging(const std::string& level) {
  if (std::getenv("JOURNAL_STREAM") != nullptr) {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
        "forgelinkd", std::make_shared<spdlog::sinks::systemd_sink_mt>("forgelinkd")));
  } else {
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>("forgelinkd", std::make_shared<spdlog::sinks::stderr_sink_mt>()));
    spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
  }
  spdlog::set_level(spdlog::level::from_str(level));
}

std::filesystem::path socket_for(const CommandLine& command_line) {
  if (command_line.socket) return std::filesystem::absolute(*command_line.socket);
  if (const char* named = std::getenv("FORGELINK_SOCKET"); named != nullptr && *named != '\0')
    return std::filesystem::absolute(named);
  return runtime_dir() / "forgelink" / "socket";
}

// The settings of this start, within the administrator's policy.
Settings first_settings_of(const std::filesystem::path& file, bool must_exist) {
  Settings settings = read_settings(file, must_exist);
  settings.policy = std::make_shared<const Policy>(read_policy());
  if (settings.policy->retention) settings.retention = *settings.policy->retention;
  return settings;
}

std::filesystem::path settings_file_for(const CommandLine& command_line) {
  return command_line.settings_file.value_or(default_settings_file());
}

}  // namespace

class Application::Impl {
 public:
  explicit Impl(CommandLine line)
      : command_line(std::move(line)),
        first_settings(
            first_settings_of(settings_file_for(command_line), command_line.settings_file.has_value())),
        services(loop, first_settings, std::make_unique<Registry>(data_home() / "forgelink")),
        methods(make_method_table(services)),
        server(loop.get_executor(), methods, {.version = FORGELINK_VERSION}),
        signals(loop, SIGTERM, SIGINT, SIGHUP),
        idle_timer(loop),
        uses_timer(loop),
        watchdog_timer(loop) {
    services.server = &server;
    services.lends.make_tables_with(
        [this](std::shared_ptr<LentConnections> lent, const ipc::Server*& lending) {
          return make_lent_table(services, std::move(lent), lending);
        });
    start_logging(services.settings.log_level);
    if (services.settings.policy->exists())
      spdlog::info("the policy {} is in force", services.settings.policy->file);
    listen();
    server.on_clients_changed = [this] { consider_leaving(); };
  }

  void listen() {
    inherited = inherited_descriptors();
    services.descriptor_store.inherited(inherited.image_names);
    if (inherited.socket && !command_line.socket) {
      services.socket_activated = true;
      server.adopt(*inherited.socket);
    } else {
      server.listen(socket_for(command_line));
    }
  }

  void run() {
    wait_for_signals();
    spawn(loop.get_executor(), begin());
    while (!run_guarded()) {
    }
  }

  // False if something failed in the background, as a read of the registry's disk: it is told, and the rest
  // goes on. What locked memory holds must not end with one bad sector.
  bool run_guarded() {
    try {
      loop.run();
      return true;
    } catch (const std::exception& error) {
      spdlog::error("a background task failed: {}", error.what());
      return false;
    }
  }

  awaitable<> begin() {
    // What the last process held comes first; what is missing then is lost.
    co_await restore();
    services.tokens.forget_lost_memory();
    services.lock.restore();
    // Tokens of a session that has ended go before this start counts as done.
    co_await services.session_end.check_stamp();
    sd_notify(0, "READY=1");
    feed_watchdog();
    consider_leaving();
    spdlog::info("forgelinkd {} is ready, connections: {}", FORGELINK_VERSION, services.registry->size());
    services.expiry.rebuild();
    services.session_end.watch_logind();
    services.screen_lock.settings_changed();
    if (!services.secret_service) {
      services.auto_renewal.rebuild();
      co_return;
    }
    services.secret_service->on_state_changed = [this] { on_store_changed(); };
    co_await services.secret_service->start();
    co_await services.vault.sweep();
    co_await services.renewer.settle_interrupted();
    services.auto_renewal.rebuild();
  }

  // What the process before this one held in memory alone: tokens, pending sign-ins.
  awaitable<> restore() {
    if (!inherited.image) co_return;
    MemoryImage image = std::move(*inherited.image);
    inherited.image.reset();
    co_await services.restore(std::move(image));
    services.restart_memory.save_now();
  }

  void on_store_changed() {
    boost::json::object detail{{"backend", name_of(services.vault.backend())},
                               {"state", name_of(services.vault.state())}};
    if (std::string trouble = services.vault.trouble(); !trouble.empty())
      detail["trouble"] = std::move(trouble);
    services.events.publish({.kind = EventKind::secret_store_changed, .detail = std::move(detail)});
    if (services.secret_service->state() != StoreState::available) return;
    spawn(loop.get_executor(), services.vault.sweep());
    services.tokens.store_changed();
  }

  void wait_for_signals() {
    signals.async_wait([this](const boost::system::error_code& stopped, int signal) {
      if (stopped) return;
      if (signal == SIGHUP) {
        read_settings_again();
        wait_for_signals();
      } else {
        leave(signal == SIGTERM ? "told to stop" : "interrupted");
      }
    });
  }

  void read_settings_again() {
    sd_notify(0, "RELOADING=1");
    try {
      Settings fresh = read_settings(settings_file_for(command_line), command_line.settings_file.has_value());
      // The stores are made at the start, and tokens are in them.
      if (fresh.store != services.settings.store) {
        spdlog::warn("[secrets] store counts from the next start on");
        fresh.store = services.settings.store;
      }
      fresh.policy = services.settings.policy;
      if (fresh.policy->retention) fresh.retention = *fresh.policy->retention;
      services.settings = std::move(fresh);
      services.beast.configure(client_options(services.settings));
      services.git_hosts.settings_changed();
      services.expiry.rebuild();
      services.auto_renewal.rebuild();
      services.screen_lock.settings_changed();
      spdlog::set_level(spdlog::level::from_str(services.settings.log_level));
      spdlog::info("the settings were read again");
    } catch (const SettingsError& error) {
      spdlog::error("the settings stay as they were: {}", error.what());
    }
    sd_notify(0, "READY=1");
    consider_leaving();
  }

  // With a socket that systemd holds, there is no need to stay when nobody asks; but what is in memory alone
  // stays.
  void consider_leaving() {
    write_uses_soon();
    idle_timer.cancel();
    if (services.settings.idle_exit.count() == 0 || !services.socket_activated || server.clients() > 0)
      return;
    idle_timer.expires_after(services.settings.idle_exit);
    idle_timer.async_wait([this](const boost::system::error_code& stopped) {
      if (stopped) return;
      if (server.clients() == 0 && services.sign_ins.pending() == 0 && services.lends.list().empty() &&
          !services.vault.holds_anything() && services.tokens.renewal().all_held().empty() &&
          !services.renewer.is_busy())
        return leave("idle");
      consider_leaving();
    });
  }

  // git's uses go to disk together, and not while git waits.
  void write_uses_soon() {
    if (!services.registry->uses_waiting() || uses_timer_runs) return;
    uses_timer_runs = true;
    uses_timer.expires_after(uses_written_after);
    uses_timer.async_wait([this](const boost::system::error_code& stopped) {
      uses_timer_runs = false;
      if (!stopped) write_uses();
    });
  }

  void write_uses() {
    if (Result<> written = services.registry->flush_uses(); !written)
      spdlog::warn("uses were not written: {}", written.error().message);
  }

  void feed_watchdog() {
    std::uint64_t microseconds = 0;
    if (sd_watchdog_enabled(0, &microseconds) <= 0) return;
    sd_notify(0, "WATCHDOG=1");
    // Half of the limit, as sd_watchdog_enabled(3) recommends.
    watchdog_timer.expires_after(std::chrono::microseconds(microseconds / 2));
    watchdog_timer.async_wait([this](const boost::system::error_code& stopped) {
      if (!stopped) feed_watchdog();
    });
  }

  void leave(std::string_view why) {
    if (std::exchange(leaving, true)) return;
    spdlog::info("leaving: {}", why);
    sd_notify(0, "STOPPING=1");
    spawn(loop.get_executor(), stop());
  }

  awaitable<> stop() {
    // Before anything is ended: pending sign-ins and held pairs go to the next process.
    services.restart_memory.save_now();
    services.sign_ins.stop();
    services.auto_renewal.stop();
    services.lends.end_all("the daemon ends");
    services.fronts.close_all();
    const auto until = std::chrono::steady_clock::now() + grace;
    co_await server.stop(grace);
    while (services.renewer.is_busy() && std::chrono::steady_clock::now() < until)
      co_await sleep_for(Milliseconds(5));
    // Last, when nobody can use anything any more.
    write_uses();
    Result<> logged = co_await services.access_log.flush();
    if (!logged) spdlog::warn("the end of the access log was not written: {}", logged.error().message);
    loop.stop();
  }

  CommandLine command_line;
  asio::io_context loop{1};
  Settings first_settings;  // before the registry is touched
  Services services;
  InheritedDescriptors inherited;
  ipc::MethodTable methods;
  ipc::Server server;
  asio::signal_set signals;
  asio::steady_timer idle_timer, uses_timer, watchdog_timer;
  bool uses_timer_runs = false, leaving = false;
};

Application::Application(CommandLine command_line) : impl_(std::make_unique<Impl>(std::move(command_line))) {}
Application::~Application() = default;
void Application::run() { impl_->run(); }

}  // namespace forgelink
